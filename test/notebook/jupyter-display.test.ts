import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import type { Cohort, DeepFeatures, Mask, OpenedRun, Run, Volume } from '../../src/index.ts';
import { writeSyntheticRun } from '../report/synthetic-run.ts';
import { RawClient } from './kernel/raw-client.ts';

const symbol = Symbol.for('Jupyter.display');
const plotly = 'application/vnd.plotly.v1+json';
const folder = mkdtempSync(join(tmpdir(), 'nacre-display-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Bundle = Record<string, unknown>;

/** What Deno's kernel does with the value of a cell (its `format`): undefined where it would print the object's text. */
async function shownByDeno(value: unknown): Promise<Bundle | undefined> {
  if (typeof value !== 'object' || value === null || !(symbol in value)) return undefined;
  const display = (value as Record<symbol, unknown>)[symbol];
  return typeof display === 'function' ? ((await display.call(value)) as Bundle) : undefined;
}

/** What nacre's kernel sends as `execute_result`. */
async function shownByNacre(value: unknown): Promise<Bundle> {
  const { resultBundle } = await import('../../src/notebook/mime-bundle.ts');
  return (await resultBundle(value)).data;
}

async function expectAlike(values: Record<string, unknown>, type: string): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    const bundle = await shownByDeno(value);
    expect(Object.keys(bundle ?? {}), name).toEqual([type, 'text/plain']);
    expect(bundle, name).toEqual(await shownByNacre(value));
  }
}

/** A sphere of 16 mm in a body, as `readVolume` has it from a file. */
function scanFiles(): { image: string; mask: string } {
  const size = [24, 24, 12] as const;
  const grid = { size, spacing: [2, 2, 4], origin: [-24, -24, -24] } as const;
  const count = size[0] * size[1] * size[2];
  const mask = new Uint8Array(count);
  const data = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    const [x, y, z] = [
      2 * (at % 24) - 24,
      2 * (Math.floor(at / 24) % 24) - 24,
      4 * Math.floor(at / 576) - 24,
    ];
    mask[at] = x * x + y * y + z * z < 64 ? 1 : 0;
    data[at] = x * x + y * y < 400 ? 100 + 50 * mask[at] + (at % 7) : 0;
  }
  const direction = [1, 0, 0, 0, 1, 0, 0, 0, 1] as const;
  const files = { image: join(folder, 'scan.nii'), mask: join(folder, 'mask.nii') };
  writeFileSync(files.image, niftiBytes({ ...grid, direction, data }));
  writeFileSync(files.mask, niftiBytes({ ...grid, direction, data: mask }));
  return files;
}

// First: no module of this file has loaded what draws.
it('a room alone draws nothing: its values have no function under the symbol', async () => {
  const { readVolume } = await import('../../src/imaging/index.ts');
  const volume = await readVolume(scanFiles().image);
  expect(await shownByDeno(volume)).toBeUndefined();
  await import('../../src/notebook/index.ts');
  expect(await shownByDeno(volume)).toHaveProperty([plotly]);
});

describe('in a kernel that is not ours, the same bundle', () => {
  it('for frames and series of danfojs, and for what their methods give', async () => {
    const { cohortFrame, loadCohort, openRun, resultsFrame } = await import('../../src/index.ts');
    const frame = await cohortFrame(await loadCohort('ispy2'));
    const run = (await openRun(writeSyntheticRun(join(folder, 'run')))) as OpenedRun & Run;
    const series = (frame as unknown as { column(name: string): unknown }).column('pcr');
    await expectAlike(
      {
        frame,
        results: await resultsFrame(run),
        head: frame.head(3),
        part: frame.loc({ columns: ['patient', 'pcr'] }),
        counts: frame.groupby(['pcr']).col(['patient']).count(),
        series,
      },
      'text/html',
    );
  });

  it('for feature tables and the tables of runs, cohorts and networks', async () => {
    const nacre = await import('../../src/index.ts');
    const cohort: Cohort = await nacre.loadCohort('ispy2');
    const block = cohort.blocks.clinical;
    const rows = nacre.selectRows(block, [0, 2]);
    await expectAlike(
      {
        block,
        rows,
        joined: nacre.joinTables(rows.patients, [block]),
        tableOne: nacre.tableOne(cohort),
        sites: nacre.siteEffects(cohort, { endpoint: 'pcr', columns: ['mask_voxels', 'slices'] }),
        layers: nacre.layerMultiplications(nacre.architecture('resnet10'), 64),
      },
      'text/html',
    );
    const run = await nacre.openRun(writeSyntheticRun(join(folder, 'run')));
    const { comparison, paired, calibration, reasons, audit } = nacre.tables;
    const all = { comparison, paired, calibration, reasons, audit };
    for (const table of Object.values(all)) await expectAlike({ table: table(run) }, 'text/html');
    expect((await shownByDeno(nacre.tables.comparison(run)))?.['text/html']).toMatch(/Radiomics/);
    // A table without a row is text, as in nacre's kernel.
    const unpublished = structuredClone(run);
    unpublished.results.endpoints[0].published = [];
    expect(await shownByDeno(nacre.tables.published(unpublished))).toEqual({ 'text/plain': '[]' });
  });

  it('for volumes and masks, read, drawn, resampled, filtered and explained', async () => {
    const nacre = await import('../../src/index.ts');
    const files = scanFiles();
    const volume = await nacre.readVolume(files.image);
    const mask = await nacre.readMask(files.mask);
    const [{ mask: first }] = await nacre.readMasks(files.mask);
    const { scan, regions } = await nacre.readRegions(files);
    const { intratumoral, peritumoral } = nacre.tumourRegions(volume, mask);
    const stream = nacre.RandomStream.of(1, 'display');
    const redrawn = nacre.perturbMask(volume, mask, { rotate: 10, contour: true }, stream);
    const [filtered] = nacre.filterImage(volume, { filter: 'Square' });
    const made = nacre.syntheticScan('ct');
    const sample = await nacre.sampleScan({ patients: [], synthetic: true });
    const ownScan = await nacre.sampleScan({ patients: [], synthetic: false }, files);
    // Stands for a network: one feature, the mean of its input.
    const meanOf = (data: Float32Array) => data.reduce((sum, value) => sum + value, 0);
    const encoder = {
      encodeInputs: async (inputs: readonly { data: Float32Array }[]) =>
        inputs.map(({ data }): DeepFeatures[] => [
          { block: 'mean', names: ['mean_0'], values: Float32Array.of(meanOf(data) / data.length) },
        ]),
    };
    const { saliency } = await nacre.occlusionSaliency(encoder, volume, mask, 'mean_0');
    const shown: Record<string, Volume | Mask> = {
      volume,
      mask,
      first,
      scan,
      readTumour: regions.intratumoral,
      readRing: regions.peritumoral,
      intratumoral,
      peritumoral,
      body: nacre.bodyMask(volume),
      ring: nacre.peritumoralRing(mask, { outer: 4 }),
      fine: nacre.resample(volume, { spacing: 1.5 }),
      redrawnScan: redrawn.volume,
      redrawn: redrawn.mask,
      filtered: filtered.volume,
      made: made.volume,
      lesion: made.tumour,
      sample: sample.volume,
      sampleTumour: sample.tumour,
      ownScan: ownScan.volume,
      saliency,
      share: nacre.saliencyShare(saliency),
    };
    await expectAlike(shown, plotly);
  });
});

it('what shows itself is plain data to all else, and an input is left as it was', async () => {
  const { filterImage, perturbMask, RandomStream, readVolume } = await import('../../src/index.ts');
  const volume = await readVolume(scanFiles().image);
  const copy = { ...volume };
  expect(Reflect.ownKeys(copy)).toEqual(Object.keys(volume));
  expect(Reflect.ownKeys(structuredClone(volume))).toEqual(Object.keys(volume));
  expect(volume).toStrictEqual(copy);
  expect(JSON.stringify(volume)).toBe(JSON.stringify(copy));
  const mask = { ...copy, data: Uint8Array.from(copy.data, (value) => (value > 140 ? 1 : 0)) };
  const same = perturbMask(copy, mask, {}, RandomStream.of(1, 'none'));
  expect(same.volume).toBe(copy);
  filterImage(copy, { filter: 'Original' });
  for (const input of [copy, mask]) expect(symbol in input).toBe(false);
});

it("options of show hold, and another library's own display comes before nacre's", async () => {
  const { cohortFrame, loadCohort } = await import('../../src/index.ts');
  const { richBundle } = await import('../../src/notebook/mime-bundle.ts');
  const frame = await cohortFrame(await loadCohort('ispy2'));
  const bundle = await richBundle(frame, { rows: 2, caption: 'two rows' });
  expect(bundle?.data['text/html']).toMatch(/<small>two rows · 2 of \d+ rows/);
  const own = { columns: ['a'], values: [[1]], [symbol]: () => ({ 'text/plain': 'its own' }) };
  expect(await shownByNacre(own)).toEqual({ 'text/plain': 'its own' });
});

it('a bare last line in the kernel is what the symbol gives there', async () => {
  const client = await RawClient.start();
  try {
    await client.execute(`import { createHash } from "node:crypto";
import { cohortFrame, featureTable, figures, loadCohort, syntheticScan, tableOne } from "nacre";
const { volume, tumour } = syntheticScan("mri");
const cohort = await loadCohort("ispy2");
const frame = await cohortFrame(cohort);
const byName = async (value: object) => createHash("sha256").update(JSON.stringify(
  await (value as any)[Symbol.for("Jupyter.display")]())).digest("hex");`);
    const lines = [
      'frame',
      'frame.head(2)',
      'volume',
      'tumour',
      'cohort.blocks.clinical',
      'tableOne(cohort)',
      'figures.threePlanes(volume)',
    ];
    for (const line of lines) {
      const bare = await client.execute(line);
      const sent = bare.published.find(({ header }) => header.msg_type === 'execute_result');
      const asked = await client.execute(`console.log(await byName(${line}))`);
      const printed = asked.published.find(({ header }) => header.msg_type === 'stream');
      const hash = createHash('sha256').update(JSON.stringify(sent?.content.data)).digest('hex');
      expect(String(printed?.content.text).trim(), line).toBe(hash);
    }
  } finally {
    await client.close();
  }
});
