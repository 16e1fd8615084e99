import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { bestReachable } from '../../src/cohort/phantom/best-reachable.ts';
import { drawLatent, loadings, traitNames } from '../../src/cohort/phantom/latent-response.ts';
import { phantomFiles } from '../../src/cohort/phantom/phantom-manifest.ts';
import { writePhantom } from '../../src/cohort/phantom/write-phantom.ts';
import { type Box, boxOf } from '../../src/imaging/crop.ts';
import { readMask, readVolume } from '../../src/imaging/read-volume.ts';
import { requireSameGeometry } from '../../src/imaging/same-geometry.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nacre-phantom-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Patient = ReturnType<typeof drawLatent>;

describe('bestReachable', () => {
  const stream = RandomStream.of(5, 'phantom-test');
  const drawn = Array.from({ length: 40_000 }, () => drawLatent(stream, 1));

  const accuracyOf = (
    truth: (patient: Patient) => boolean,
    rule: (patient: Patient) => boolean,
  ) => {
    const hits = [0, 0];
    const counts = [0, 0];
    for (const patient of drawn) {
      const yes = truth(patient) ? 1 : 0;
      counts[yes]++;
      if ((rule(patient) ? 1 : 0) === yes) hits[yes]++;
    }
    return (hits[0] / counts[0] + hits[1] / counts[1]) / 2;
  };
  // Where all is normal, P(yes | x) grows with the conditional mean of r, so that the best rule is a cut of it: the best of
  // some cuts on patients drawn, without any integral.
  const bestCut = (truth: (patient: Patient) => boolean, score: (patient: Patient) => number) =>
    Math.max(
      ...Array.from({ length: 13 }, (_, i) => -0.6 + 0.1 * i).map((cut) =>
        accuracyOf(truth, (patient) => score(patient) > cut),
      ),
    );
  const meanGivenTraits = ({ traits }: Patient) => {
    const weight = (name: (typeof traitNames)[number]) =>
      loadings[name] / (1 - loadings[name] ** 2);
    const precision = traitNames.reduce((sum, name) => sum + weight(name) * loadings[name], 1);
    return traitNames.reduce((sum, name) => sum + weight(name) * traits[name], 0) / precision;
  };

  it('is what the best rule reaches on patients drawn by the formula', () => {
    const pcr = bestReachable('pcr', 1);
    const isPcr = (patient: Patient) => patient.pcr === 1;
    expect(bestCut(isPcr, ({ latent }) => latent)).toBeCloseTo(pcr.latent, 2);
    expect(bestCut(isPcr, meanGivenTraits)).toBeCloseTo(pcr.scans, 2);
    const notLuminal = (patient: Patient) => patient.subtype !== 'HR+/HER2-';
    expect(accuracyOf(isPcr, notLuminal)).toBeCloseTo(pcr.clinical, 2);
    expect(Math.abs(drawn.filter(isPcr).length / drawn.length - 0.35)).toBeLessThan(0.01);
    const shrinks = (patient: Patient) => patient.fall >= 0.3;
    expect(bestCut(shrinks, ({ latent }) => latent)).toBeCloseTo(
      bestReachable('response', 1).latent,
      2,
    );
  });

  it('orders what can be known, and is a coin without signal', () => {
    const { clinical, scans, scansAndClinical, latent } = bestReachable('pcr', 1);
    expect(clinical).toBeLessThan(scans);
    expect(scans).toBeLessThan(scansAndClinical);
    expect(scansAndClinical).toBeLessThan(latent);
    for (const value of Object.values(bestReachable('response', 0))) {
      expect(value).toBeCloseTo(0.5, 9);
    }
  });
});

describe('writePhantom', () => {
  it('makes the same bytes again, a patient at a time or two, and is read as any cohort is', async () => {
    const ten = await writePhantom(
      { patients: 10, missingScans: 0.2 },
      { out: join(folder, 'ten') },
    );
    const more = await writePhantom(
      { patients: 20, missingScans: 0.2 },
      { out: join(folder, 'twenty'), workers: 2 },
    );
    const scans = readdirSync(join(ten.folder, 'synthetic-scans'));
    for (const name of scans) {
      const file = (root: string) => readFileSync(join(root, 'synthetic-scans', name));
      expect(file(more.folder).equals(file(ten.folder)), name).toBe(true);
    }
    for (const table of [phantomFiles.clinical, phantomFiles.truth]) {
      const lines = (root: string) => readFileSync(join(root, table), 'utf8').split('\n');
      expect(lines(more.folder).slice(0, 11)).toEqual(lines(ten.folder).slice(0, 11));
    }
    const cohort = await loadCohort(ten.manifest);
    expect(cohort.synthetic).toBe(true);
    expect(cohort.title).toMatch(/^SYNTHETIC/);
    expect(cohort.notices[0]).toMatch(/^SYNTHETIC/);
    expect(cohort.reachable?.pcr.scans).toBeCloseTo(bestReachable('pcr', 1).scans, 4);
    expect(Object.keys(cohort.endpoints)).toEqual(['pcr', 'response']);
    // Nothing that only the formula knows, or that was measured afterwards, is a predictor.
    const names = cohort.blocks.clinical.columns.map(({ name }) => name).join(' ');
    expect(names).not.toMatch(/latent|texture|rim|halo|fall|after|pcr/);
    const lacking = Object.values(cohort.images ?? {})
      .flat()
      .filter((files) => files === undefined);
    expect(lacking.length).toBe(30 - scans.length / 2);
    expect(lacking.length).toBeGreaterThan(0);
    for (const files of Object.values(cohort.images ?? {})) {
      const pair = files.find((one) => one !== undefined);
      if (pair === undefined) throw new Error('no scan');
      const [scan, mask] = [await readVolume(pair.image), await readMask(pair.mask)];
      requireSameGeometry(scan, mask);
      // The tumour and a ring of 5 mm lie in the scan: a ring of voxels is left on every side.
      expect(mask.data.reduce((sum, voxel) => sum + voxel, 0)).toBeGreaterThan(100);
      const { low, high } = boxOf(mask) as Box;
      for (const axis of [0, 1, 2]) {
        expect(low[axis] * mask.spacing[axis]).toBeGreaterThan(5);
        expect((mask.size[axis] - 1 - high[axis]) * mask.spacing[axis]).toBeGreaterThan(5);
      }
    }
  });

  it('takes what is there, by knobs and code', async () => {
    const first = await writePhantom({ patients: 10, seed: 2, signal: 0 }, { within: folder });
    const again = await writePhantom({ patients: 10, seed: 2, signal: 0 }, { within: folder });
    expect([first.made, again.made]).toEqual([true, false]);
    expect(again.folder).toBe(first.folder);
    expect(readdirSync(first.folder).every((name) => name.startsWith('synthetic-'))).toBe(true);
    expect(readFileSync(first.manifest, 'utf8')).not.toContain(phantomFiles.truth);
    await expect(writePhantom({ patients: 10, signal: -1 }, { within: folder })).rejects.toThrow(
      /signal/,
    );
  });
});
