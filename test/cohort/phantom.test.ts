import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { bestReachable } from '../../src/cohort/phantom/best-reachable.ts';
import { drawLatent, loadings, traitNames } from '../../src/cohort/phantom/latent-response.ts';
import { drawNoise, noiseColumns } from '../../src/cohort/phantom/noise.ts';
import { phantomFiles } from '../../src/cohort/phantom/phantom-manifest.ts';
import { writePhantom } from '../../src/cohort/phantom/write-phantom.ts';
import { type Box, boxOf } from '../../src/imaging/crop.ts';
import { requireSameGeometry } from '../../src/imaging/same-geometry.ts';
import { readMask, readVolume } from '../../src/machine/read-volume.ts';
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

describe('drawNoise', () => {
  it('knows nothing of the patient: no column is correlated with r or an outcome', () => {
    const drawn = Array.from({ length: 2000 }, (_, i) => {
      const stream = RandomStream.of(1, 'phantom', i + 1);
      const patient = drawLatent(stream.derive('latent'), 1);
      return { patient, noise: drawNoise(stream.derive('noise')).map(Number) };
    });
    const largest = (y: (patient: Patient) => number) =>
      Math.max(
        ...noiseColumns.map((_, c) =>
          Math.abs(
            correlation(
              drawn,
              (d) => d.noise[c],
              (d) => y(d.patient),
            ),
          ),
        ),
      );
    // The largest of 200 columns that know nothing: sqrt(2 ln 200 / 2000) = 0.073 on average.
    expect(largest(({ latent }) => latent)).toBeLessThan(0.1);
    expect(largest(({ pcr }) => pcr)).toBeLessThan(0.1);
    expect(largest(({ fall }) => fall)).toBeLessThan(0.1);
  });
});

describe('writePhantom', () => {
  it('makes the same bytes again, a patient at a time or two, and is read as any cohort is', async () => {
    const six = await writePhantom(
      { patients: 6, missingScans: 0.4 },
      { out: join(folder, 'six') },
    );
    const more = await writePhantom(
      { patients: 20, missingScans: 0.4 },
      { out: join(folder, 'twenty'), workers: 2 },
    );
    const scans = readdirSync(join(six.folder, 'synthetic-scans'));
    for (const name of scans) {
      const file = (root: string) => readFileSync(join(root, 'synthetic-scans', name));
      expect(file(more.folder).equals(file(six.folder)), name).toBe(true);
    }
    for (const table of [phantomFiles.clinical, phantomFiles.noise, phantomFiles.truth]) {
      const lines = (root: string) => readFileSync(join(root, table), 'utf8').split('\n');
      expect(lines(more.folder).slice(0, 7)).toEqual(lines(six.folder).slice(0, 7));
    }
    const cohort = await loadCohort(six.manifest);
    expect(cohort.synthetic).toBe(true);
    expect(cohort.title).toMatch(/^SYNTHETIC/);
    expect(cohort.notices[0]).toMatch(/^SYNTHETIC/);
    expect(cohort.reachable?.pcr.scans).toBeCloseTo(bestReachable('pcr', 1).scans, 4);
    expect(Object.keys(cohort.endpoints)).toEqual(['pcr', 'response']);
    // Nothing that only the formula knows, or that was measured afterwards, is a predictor.
    const names = cohort.blocks.clinical.columns.map(({ name }) => name).join(' ');
    expect(names).not.toMatch(/latent|texture|rim|halo|fall|after|pcr/);
    expect(cohort.reachable?.pcr.noise).toBe(0.5);
    const lacking = Object.values(cohort.images ?? {})
      .flat()
      .filter((files) => files === undefined);
    expect(lacking.length).toBe(18 - scans.length / 2);
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

  it('without signal draws the same scans and charts, and outcomes that know nothing of r', async () => {
    const write = async (signal: number) => {
      const out = join(folder, `signal-${signal}`);
      return (await writePhantom({ patients: 6, signal }, { out })).folder;
    };
    const [real, none] = [await write(1), await write(0)];
    for (const name of readdirSync(join(real, 'synthetic-scans'))) {
      const file = (root: string) => readFileSync(join(root, 'synthetic-scans', name));
      expect(file(none).equals(file(real)), name).toBe(true);
    }
    // All but the size afterwards and pCR, the last two columns.
    const charts = (root: string) =>
      readFileSync(join(root, phantomFiles.clinical), 'utf8')
        .split('\n')
        .map((line) => line.split(',').slice(0, -2).join(','));
    expect(charts(none)).toEqual(charts(real));

    const draw = (signal: number) => {
      const stream = RandomStream.of(6, 'phantom-test');
      return Array.from({ length: 40_000 }, () => drawLatent(stream, signal));
    };
    const [linked, loose] = [draw(1), draw(0)];
    const outcome = { pcr: (p: Patient) => p.pcr, fall: (p: Patient) => p.fall };
    const told = {
      latent: (p: Patient) => p.latent,
      luminal: (p: Patient) => Number(p.subtype === 'HR+/HER2-'),
      ...Object.fromEntries(traitNames.map((name) => [name, (p: Patient) => p.traits[name]])),
    };
    // Of 40,000 patients r has a standard error of 0.005.
    for (const y of Object.values(outcome)) {
      for (const x of Object.values(told)) {
        expect(Math.abs(correlation(loose, x, y))).toBeLessThan(0.02);
        expect(Math.abs(correlation(linked, x, y))).toBeGreaterThan(0.2);
      }
    }
  });

  it('takes what is there, by knobs and code', async () => {
    const first = await writePhantom({ patients: 6, seed: 2, signal: 0 }, { within: folder });
    const again = await writePhantom({ patients: 6, seed: 2, signal: 0 }, { within: folder });
    expect([first.written, again.written]).toEqual([true, false]);
    expect(again.folder).toBe(first.folder);
    expect(readdirSync(first.folder).every((name) => name.startsWith('synthetic-'))).toBe(true);
    expect(readFileSync(first.manifest, 'utf8')).not.toContain(phantomFiles.truth);
    await expect(writePhantom({ patients: 10, signal: -1 }, { within: folder })).rejects.toThrow(
      /signal/,
    );
  });

  it('goes on where it was stopped, between a scan and its mask too', async () => {
    const knobs = { patients: 6, seed: 2, signal: 0 };
    const { folder: at, manifest } = await writePhantom(knobs, { within: folder });
    const image = join(at, phantomFiles.image('SYN_001', 'T2'));
    const mask = join(at, phantomFiles.mask('SYN_001', 'T2'));
    const whole = readFileSync(mask);
    const { ino } = statSync(image);
    rmSync(mask);
    rmSync(manifest);
    expect((await writePhantom(knobs, { within: folder })).written).toBe(true);
    expect(readFileSync(mask).equals(whole)).toBe(true);
    expect(statSync(image).ino).toBe(ino);
  });
});

function correlation<Drawn>(
  drawn: readonly Drawn[],
  x: (patient: Drawn) => number,
  y: (patient: Drawn) => number,
): number {
  const mean = (value: (patient: Drawn) => number) =>
    drawn.reduce((sum, patient) => sum + value(patient), 0) / drawn.length;
  const [mx, my] = [mean(x), mean(y)];
  const [dx, dy] = [(p: Drawn) => x(p) - mx, (p: Drawn) => y(p) - my];
  const covariance = mean((p) => dx(p) * dy(p));
  return covariance / Math.sqrt(mean((p) => dx(p) ** 2) * mean((p) => dy(p) ** 2));
}
