import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { ResNetEncoder } from '../../src/deep/encoder.ts';
import { writeRandomNetwork } from '../../src/deep/models/random-network.ts';
import { extractCohort } from '../../src/features/extract-cohort.ts';
import { type ExtractionChoice, extraction } from '../../src/features/extraction.ts';
import { withFeatures } from '../../src/features/with-features.ts';
import { readMask, readVolume } from '../../src/machine/read-volume.ts';
import { sha256 } from '../../src/runtime/hash.ts';
import { resolveFeatureSets } from '../../src/study/feature-sets.ts';
import { writeTinyNetwork } from '../deep/tiny-network.ts';
import { twoPatients, writeScanPair } from './two-patients.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-own-weights-'));
const at = (name: string) => join(folder, name);
const hashOf = (path: string) => sha256(readFileSync(path));
const cache = at('cache');
let cohort: Cohort;

beforeAll(() => {
  const pairs = [1, 2].map((seed) => writeScanPair(at, seed));
  cohort = twoPatients({ T2: pairs });
  writeTinyNetwork(at('tuned.pth'), 5);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = (choice: Partial<ExtractionChoice>) =>
  extraction({ scans: ['T2'], regions: ['intra'], deep: { size: 16, spacing: 4 }, ...choice });

describe('weights named in the study', () => {
  it('are found from the study file, and carry their label in columns, titles and assumptions', async () => {
    const tuned = { checkpoint: 'tuned.pth', sha256: hashOf(at('tuned.pth')), title: 'Tuned' };
    const choice = asked({ extractors: { radiomics: {}, 'my-net': tuned } });
    const found = await extractCohort(cohort, choice, { cache, folder, workers: 1 });
    const columns = found.blocks['my-net'].columns;
    expect(columns.map(({ name }) => name).slice(0, 2)).toEqual([
      'T2.intra.my-net_0',
      'T2.intra.my-net_1',
    ]);
    expect(columns).toHaveLength(16);
    const encoder = await ResNetEncoder.load(at('tuned.pth'), { threads: 1 });
    const [image, mask] = [at('scan2.nii.gz'), at('mask2.nii.gz')];
    const alone = await encoder.encode(await readVolume(image), await readMask(mask), {
      size: 16,
      spacing: 4,
    });
    await encoder.dispose();
    expect(alone.features[0].block).toBe(`resnet10-w0_0625-monai-own${tuned.sha256.slice(0, 8)}`);
    expect(columns.map(({ values }) => values[1])).toEqual([...alone.features[0].values]);
    const joined = withFeatures(cohort, found);
    expect(joined.assumptions?.map(({ kind }) => kind)).toContain('own-weights');
    expect(joined.assumptions?.map(({ kind }) => kind)).toContain('network-variant');
    const sets = { mine: { extractor: 'my-net', clinical: false } };
    const [set] = resolveFeatureSets({ featureSets: [], sets, extraction: choice }, joined);
    expect(set.title).toBe('Tuned (own weights: my-net)');
    expect(set.parts?.ownWeights).toEqual(['my-net']);
  });

  it.each([
    ['another hash', { checkpoint: 'tuned.pth', sha256: 'a'.repeat(64) }, /expected sha256 a{64}/],
    ['no file', { checkpoint: 'none.pth', sha256: 'a'.repeat(64) }, /no such model/],
  ])('%s is refused', async (_, tuned, message) => {
    const choice = asked({ extractors: { tuned } });
    await expect(extractCohort(cohort, choice, { cache, folder, workers: 1 })).rejects.toThrow(
      message,
    );
  });

  it('without a sha256 a file is trusted on first use, and refused when it changes', async () => {
    const models = at('store');
    copyFileSync(at('tuned.pth'), at('unnamed.pth'));
    const choice = asked({ extractors: { tuned: { checkpoint: 'unnamed.pth' } } });
    const run = () => extractCohort(cohort, choice, { cache, folder, models, workers: 1 });
    const first = withFeatures(cohort, await run());
    expect(first.assumptions?.filter(({ kind }) => kind === 'trusted-on-first-use')).toMatchObject([
      { taken: expect.stringContaining(hashOf(at('unnamed.pth'))) },
    ]);
    expect(withFeatures(cohort, await run()).assumptions).toEqual(first.assumptions);
    writeTinyNetwork(at('unnamed.pth'), 6);
    await expect(run()).rejects.toThrow(/changed since it was first used/);
  });

  it('a crop that is too large for its size is seen coarser: the report names the largest factor', async () => {
    const choice = asked({
      extractors: { tuned: { checkpoint: 'tuned.pth', sha256: hashOf(at('tuned.pth')) } },
      deep: { size: 16, spacing: 1, marginMm: 4 },
    });
    const joined = withFeatures(
      cohort,
      await extractCohort(cohort, choice, { cache, folder, workers: 1 }),
    );
    const [notice] = joined.notices.filter((text) => text.includes('see large tumours coarser'));
    // A ball of 22 mm between slices of 4 mm, and 4 mm of margin: 28 to 32 mm on 16 voxels of 1 mm.
    expect(notice).toMatch(
      /grew in 2 patients \(A, B\), up to (1\.[789]|2)\d* times \(T2 intra of/,
    );
  });

  it('a name without weights, a taken name are refused by the schema', () => {
    for (const extractors of [
      { tuned: {} },
      { clinical: { checkpoint: 'tuned.pth', sha256: 'a'.repeat(64) } },
      { 'a.b': { checkpoint: 'tuned.pth', sha256: 'a'.repeat(64) } },
      {},
    ]) {
      expect(() => asked({ extractors: extractors as never })).toThrow(/extractors/);
    }
  });

  it('under the name of a built-in network they must be of that network', async () => {
    const choice = asked({
      extractors: { resnet34: { checkpoint: 'tuned.pth', sha256: hashOf(at('tuned.pth')) } },
    });
    await expect(extractCohort(cohort, choice, { cache, folder, workers: 1 })).rejects.toThrow(
      /not those of resnet34: found resnet10/,
    );
  });
});

describe('a file that bears the name of a published checkpoint', () => {
  const models = at('models');
  const official = join(models, 'resnet_10_23dataset.pth');
  beforeAll(() => mkdirSync(models));

  it.each(['random', 'of another depth', 'of somebody else'])(
    '%s is refused wherever it is used',
    async (what) => {
      if (what === 'random') writeRandomNetwork(official, 'resnet10', { seed: 3 });
      else if (what === 'of another depth') writeTinyNetwork(official, 1, { network: 'resnet18' });
      else copyFileSync(at('tuned.pth'), official);
      const mismatch = { code: 'checksum-mismatch' };
      const choice = asked({ extractors: ['resnet10'], weights: 'installed' });
      await expect(
        extractCohort(cohort, choice, { cache, models, workers: 1 }),
      ).rejects.toMatchObject(mismatch);
      await expect(ResNetEncoder.load('resnet10', { models })).rejects.toMatchObject(mismatch);
      await expect(ResNetEncoder.load(official)).rejects.toMatchObject(mismatch);
    },
  );
});
