import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import type { ScanFiles } from '../../src/cohort/cohort.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { writePhantom } from '../../src/cohort/phantom/write-phantom.ts';
import { ResNetEncoder } from '../../src/deep/encoder.ts';
import { occlusionSaliency } from '../../src/deep/saliency.ts';
import { encodeBatch } from '../../src/features/encode-batch.ts';
import { extractCohort } from '../../src/features/extract-cohort.ts';
import { extraction } from '../../src/features/extraction.ts';
import { parseVolume } from '../../src/imaging/parse-volume.ts';
import { readParquet } from '../../src/machine/parquet.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { sampleScan } from '../../src/notebook/sample-scan.ts';
import { viewerScan } from '../../src/report/viewer/viewer-scan.ts';
import { captureOutput } from '../cli/captured-output.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-one-region-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
captureOutput();

/** Of this patient the ring with and without the skin differs: 0.017957 and 0.016733 at full size. */
const patient = 'SYN_009';
const name = 'ceT1.peri.resnet10-random0_1';
const deep = { size: 32, spacing: 3 };

it(`${name} of ${patient} is one number through every door`, async () => {
  const { manifest } = await writePhantom(
    { patients: 10 },
    { out: join(folder, 'in'), workers: 1 },
  );
  const cohort = await loadCohort(manifest);
  const row = cohort.patients.indexOf(patient);
  const files = cohort.images?.ceT1[row] as ScanFiles;
  const one = { ...cohort, patients: [patient], images: { ceT1: [files] }, blocks: {} };
  const radiomics = { featureClass: { firstorder: ['Mean'] } };
  const asked = extraction({
    scans: ['ceT1'],
    extractors: ['radiomics', 'resnet10'],
    weights: 'random',
    radiomics,
    deep,
  });
  const cache = join(folder, 'cache');
  const { blocks } = await extractCohort(one, asked, { cache, workers: 1 });
  const expected = blocks.resnet10?.columns.find((column) => column.name === name)?.values[0];
  expect(expected).toBeGreaterThan(0);

  const found = readdirSync(join(cache, 'models'), { recursive: true, encoding: 'utf8' });
  const network = join(cache, 'models', found.find((file) => file.endsWith('.onnx')) as string);
  const encoder = await ResNetEncoder.load(network, { threads: 1 });
  const names = { modality: 'ceT1', regionName: 'peri' as const };
  const batch = [{ row: 1, patient, ...files, cells: {} }];
  const { table } = await encodeBatch(encoder, batch, { ...names, ...deep });
  expect(table.columns.find((column) => column.name === name)?.values[0]).toBe(expected);

  const { volume, regions } = await sampleScan(one, { extraction: asked });
  const encoding = await encoder.encode(volume, regions.peritumoral, { ...names, ...deep });
  expect(encoding.features[0].values[1]).toBe(expected);

  const { baseline } = await occlusionSaliency(
    encoder,
    volume,
    regions.peritumoral,
    'resnet10-random0_1',
    { ...deep, patchMm: 96, stepMm: 96 },
  );
  expect(baseline).toBe(expected);
  await encoder.dispose();

  const out = join(folder, 'one.parquet');
  const words = ['encode', files.image, files.mask, '--model', network, '--region', 'peri'];
  const size = ['--size', '32', '--spacing', '3', '--modality', 'ceT1', '--workers', '1'];
  expect(await runCli(['node', 'nacre', ...words, ...size, '--out', out])).toBe(0);
  const written = await readParquet(out);
  expect(written.columns.find((column) => column.name === name)?.values[0]).toBe(expected);

  const shown = await viewerScan({ patient, scan: 'ceT1' }, files);
  const drawn = parseVolume(Buffer.from(shown.peri as string, 'base64'), 'peri');
  expect(drawn.data).toEqual(regions.peritumoral.data);

  const handcrafted = join(folder, 'radiomics.json');
  const flags = ['--region', 'peri', '--ring', '5', '--out', handcrafted];
  expect(await runCli(['node', 'nacre', 'radiomics', files.image, files.mask, ...flags])).toBe(0);
  const { default: row9 } = (await import(handcrafted, { with: { type: 'json' } })) as {
    default: Record<string, number>;
  };
  const mean = blocks.radiomics?.columns.find(({ name }) => /peri.*Mean$/.test(name));
  expect(row9.original_firstorder_Mean).toBe(mean?.values[0]);
  expect((await readVolume(files.image)).size).toEqual(volume.size);
});
