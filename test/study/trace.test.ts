import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { runCli } from '../../src/cli/program.ts';
import { readRun } from '../../src/study/run-folder.ts';
import { numbersOf, traceNumber } from '../../src/study/trace.ts';
import { captureOutput } from '../cli/captured-output.ts';

const printed = captureOutput();
const place = mkdtempSync(join(tmpdir(), 'nacre-trace-'));
const run = join(place, 'run');
const study = join(place, 'tiny.yaml');

// Two sets of one block are enough: the comparison is traced too.
writeFileSync(
  study,
  `
id: tiny
title: tiny synthetic study
cohort: synthetic-table
endpoints: [pcr]
sets:
  clinical: { clinical: true }
  ceT1-peri: { extractor: radiomics, regions: [peri] }
  ceT1: { extractor: radiomics }
comparison: { reference: ceT1, sets: [clinical, ceT1] }
published: { pcr: [{ label: a paper, source: nobody, set: ceT1, balancedAccuracy: 0.816 }] }
seed: 5
partitions: 2
pipeline: { booster: { rounds: [10] } }
`,
);

beforeAll(async () => {
  const argv = ['node', 'nacre', 'study', study, '--out', run, '--workers', '1', '--no-report'];
  expect(await runCli(argv)).toBe(exitCodes.ok);
});

describe('nacre trace', () => {
  it('leads every number of the tables back, and computes it again', async () => {
    const numbers = numbersOf(readRun(run).results.endpoints);
    expect(numbers).toContain('pcr/ceT1:clinical/balancedAccuracy');
    const frequent = numbers.find((number) => number.includes('/frequency/clinical.subtype='));
    for (const number of [
      'pcr/ceT1/balancedAccuracy',
      'pcr/ceT1/auc/1',
      'pcr/ceT1:clinical/auc',
      frequent ?? '',
    ]) {
      const trace = await traceNumber(run, number);
      expect(trace.checks.filter(({ holds }) => !holds)).toEqual([]);
      const results = JSON.parse(readFileSync(join(run, 'results.json'), 'utf8'));
      const there = trace.pointer
        .slice(1)
        .split('/')
        .reduce((at, key) => at[key], results);
      expect([there, there.mean, there.difference]).toContain(trace.value);
    }
  });

  it('sees a number that was altered', async () => {
    const altered = join(place, 'altered');
    cpSync(run, altered, { recursive: true });
    const file = join(altered, 'results.json');
    const results = JSON.parse(readFileSync(file, 'utf8'));
    results.endpoints[0].featureSets[2].summary.balancedAccuracy.mean = 0.99;
    writeFileSync(file, JSON.stringify(results));
    const argv = ['node', 'nacre', 'trace', altered, 'pcr/ceT1/balancedAccuracy'];
    expect(await runCli(argv)).toBe(exitCodes.unexpected);
    expect(printed.out).toMatch(/NO +the partitions give the same mean/);
  });

  it.each([
    ['pcr/ceT2/auc', /did you mean ceT1\?/],
    ['pcr/ceT1/aug', /did you mean auc\?/],
    ['pdr/ceT1/auc', /did you mean pcr\?/],
    ['pcr/ceT1/auc/2', /0 to 1/],
  ])('refuses %s, with the nearest', async (number, message) => {
    await expect(traceNumber(run, number)).rejects.toThrow(message);
  });
});

describe('nacre reproduce', () => {
  const reproduce = (folder: string) => runCli(['node', 'nacre', 'reproduce', folder]);

  it('finds the same bytes, and names the file that was touched', async () => {
    expect(await reproduce(run)).toBe(exitCodes.ok);
    expect(printed.out).toMatch(/reproduced: all \d+ files are the same bytes/);
    const touched = join(place, 'touched');
    cpSync(run, touched, { recursive: true });
    const file = join(touched, 'results.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"mean": 0.', '"mean": 1.'));
    printed.out = '';
    expect(await reproduce(touched)).toBe(exitCodes.unexpected);
    expect(printed.out).toMatch(/results\.json: DIFFERENT from byte \d+/);
    expect(printed.out).toMatch(/predictions\.parquet: same bytes/);
  });
});
