import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { readOnnxContents } from '../../src/deep/onnx-file/onnx-contents.ts';
import { extractCohort } from '../../src/features/extract-cohort.ts';
import { type ExtractionChoice, extraction } from '../../src/features/extraction.ts';
import { withFeatures } from '../../src/features/with-features.ts';
import { resolveFeatureSets } from '../../src/study/feature-sets.ts';
import { writeMadeOnnx } from '../deep/onnx-file/made-onnx.ts';
import { twoPatients, writeScanPair } from './two-patients.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-onnx-extractor-'));
const at = (name: string) => join(folder, name);
let cohort: Cohort;
let one: string;
let both: string;

beforeAll(() => {
  const pair = (seed: number) => writeScanPair(at, seed);
  cohort = twoPatients({ T1: [pair(1), pair(2)], T2: [pair(3), undefined] });
  writeMadeOnnx(at('one.onnx'), { shape: ['batch', 1, 16, 16, 16] });
  writeMadeOnnx(at('both.onnx'), { shape: ['batch', 2, 16, 16, 16] });
  one = readOnnxContents(at('one.onnx')).sha256;
  both = readOnnxContents(at('both.onnx')).sha256;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const asked = (choice: Partial<ExtractionChoice>) =>
  extraction({
    scans: ['T1', 'T2'],
    radiomics: { featureClass: { firstorder: ['Mean'] } },
    ...choice,
  });

describe('ONNX files as extractors of a study', () => {
  it('stand beside handcrafted features in one cohort; channels take several scans as one input', async () => {
    const choice = asked({
      extractors: {
        radiomics: {},
        mine: {
          onnx: 'one.onnx',
          sha256: one,
          title: 'Mine',
          input: { spacing: 3 },
          intensity: { zscore: 'body' },
          deep: { region: 'boxed' },
        },
        joint: { onnx: 'both.onnx', sha256: both, input: { spacing: 3, channels: ['T1', 'T2'] } },
      },
    });
    const cache = at('cache');
    const found = await extractCohort(cohort, choice, { cache, folder, workers: 1 });
    expect(found.failures).toEqual([]);
    const names = (block: string) => found.blocks[block].columns.map(({ name }) => name);
    expect(names('mine').slice(0, 4)).toEqual([
      'T1.intra.mine_0',
      'T1.intra.mine_1',
      'T1.intra.mine_2',
      'T1.peri.mine_0',
    ]);
    expect(names('joint')).toEqual(
      ['intra', 'peri'].flatMap((region) => [0, 1, 2].map((f) => `T1+T2.${region}.joint_${f}`)),
    );
    const joint = found.blocks.joint.columns[0].values;
    expect([Number.isFinite(joint[0]), Number.isNaN(joint[1])]).toEqual([true, true]);
    expect(found.networks.map(({ extractor, sha256 }) => [extractor, sha256])).toEqual([
      ['mine', one],
      ['joint', both],
    ]);
    const again = await extractCohort(cohort, choice, { cache, folder, workers: 1 });
    expect(again.unitsComputed).toBe(0);
    expect(again.blocks.joint.columns[0].values).toEqual(joint);
    const joined = withFeatures(cohort, found);
    expect(joined.assumptions?.map(({ kind }) => kind)).toContain('channels-of-one-region');
    const sets = { all: { extractor: ['radiomics', 'mine', 'joint'], clinical: false } };
    const [set] = resolveFeatureSets({ featureSets: [], sets, extraction: choice }, joined);
    expect(set.title).toBe('Handcrafted + Mine + joint (own weights: mine, joint)');
  });

  it.each([
    ['a channel that is no scan', { input: { channels: ['T1', 'T3'] } }, /T3.*T1, T2/],
    ['another hash', { sha256: 'b'.repeat(64) }, /expected sha256 b{64}/],
    ['another size', { input: { size: 24, channels: ['T1', 'T2'] } }, /2×24×24×24/],
  ])('%s is refused before a scan is read', async (_, change, message) => {
    const mine = { onnx: 'both.onnx', sha256: both, ...change };
    const choice = asked({ extractors: { mine } as never });
    await expect(
      extractCohort(cohort, choice, { cache: at('cache'), folder, workers: 1 }),
    ).rejects.toThrow(message);
  });
});

describe('an entry of extractors that has a fault', () => {
  it.each([
    ['intensity', { onnx: 'a.onnx', intensity: { zscore: 'lung' } }, 'mine.intensity'],
    ['pool', { onnx: 'a.onnx', pool: 'sum' }, 'mine.pool'],
    ['sha256 read as a number', { onnx: 'a.onnx', sha256: 0 }, 'mine.sha256'],
    ['path', { onnx: 5 }, 'mine.onnx: .* found 5, expected a text'],
    ['unknown key', { onnx: 'a.onnx', titel: 'x' }, 'mine.titel.*does not know'],
    ['unknown key alone', { onxx: 'a.onnx' }, 'mine.onxx.*does not know'],
    ['checkpoint', { checkpoint: 'a.pth', variant: 'other' }, 'mine.variant'],
  ] as const)('%s: that is named, and not the key of the file', (_, choice, expected) => {
    const asked = { scans: ['T1'], extractors: { mine: choice } };
    expect(() => extraction(asked as never)).toThrow(new RegExp(`extractors\\.${expected}`));
  });
});
