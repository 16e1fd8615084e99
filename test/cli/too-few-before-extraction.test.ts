import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { runCli } from '../../src/cli/program.ts';
import { captureOutput } from './captured-output.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-too-few-'));
const at = (name: string) => join(folder, name);
const printed = captureOutput();
const nacre = (...args: string[]) => runCli(['node', 'nacre', ...args]);
beforeAll(() => {
  vi.stubEnv('NACRE_CACHE', at('cache'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const studyOf = (patients: number) => `id: few
title: Few
cohort: { phantom: { patients: ${patients}, seed: 1, signal: 1, missingScans: 0 } }
endpoints: [pcr]
extraction:
  scans: [T2]
  regions: [intra]
  extractors: [radiomics]
  radiomics: { featureClass: { firstorder: [Mean] } }
sets: { radiomics: { extractor: radiomics } }
seed: 1
partitions: 2
pipeline: { booster: { rounds: [5], maxDepth: [1] } }
`;

describe('too few patients of a class', () => {
  it.each([
    ['study', ['-w', '1', '--no-report', '--out', at('run')]],
    ['train', ['--feature-set', 'radiomics', '--endpoint', 'pcr', '--out', at('model.json')]],
  ])(
    'nacre %s refuses them before a scan is read',
    async (command, words) => {
      writeFileSync(at('few.yaml'), studyOf(6));
      expect(await nacre(command, at('few.yaml'), ...words), printed.err).toBe(exitCodes.badInput);
      expect(printed.err).toContain('too few patients of a class for stratified partitions');
      expect(existsSync(at('cache/units'))).toBe(false);
    },
    60_000,
  );

  it('an extraction alone needs no classes', async () => {
    expect(await nacre('extract', at('few.yaml'), '-w', '1', '--tables', at('tables'))).toBe(0);
    expect(existsSync(at('cache/units'))).toBe(true);
    expect(readFileSync(at('tables/radiomics.parquet')).length).toBeGreaterThan(0);
  });
});
