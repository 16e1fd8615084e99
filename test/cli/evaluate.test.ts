import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { runCli } from '../../src/cli/program.ts';
import { estimateText } from '../../src/report/evaluation-page.ts';
import type { ModelEvaluation } from '../../src/study/evaluate-model.ts';
import { writeJson } from '../../src/study/run-folder.ts';
import { trainedAt, writeCentre } from '../study/two-centres.ts';
import { captureOutput } from './captured-output.ts';

const printed = captureOutput();
const folder = mkdtempSync(join(tmpdir(), 'nacre-evaluate-'));
const out = join(folder, 'evaluations');
const home = writeCentre({ seed: 1 });
const north = join(folder, 'north.json');
const south = join(folder, 'south.json');

beforeAll(async () => {
  writeJson(north, await trainedAt(home, { column: 'site', values: ['north'] }));
  writeJson(south, await trainedAt(home, { column: 'site', values: ['south'] }));
});

const nacre = (...args: string[]) => runCli(['node', 'nacre', ...args]);
const evaluate = (...args: string[]) =>
  nacre('evaluate', ...args, '--out', out, '--resamples', '40');

describe('nacre evaluate', () => {
  it('asks each half about the other, in one report', async () => {
    expect(await evaluate(north, home, '--only', 'site=south', '--name', 'there')).toBe(0);
    expect(printed.out).toContain('trained on 40 patients');
    expect(printed.out).toContain('asked about 80 of');
    expect(await evaluate(south, home, '--only', 'site=north', '--name', 'back')).toBe(0);
    const page = readFileSync(join(out, 'evaluation.html'), 'utf8');
    expect(page).toContain('2 evaluations');
    expect(page).toContain('SYNTHETIC');
    for (const name of ['there', 'back']) {
      const { results, patients } = JSON.parse(
        readFileSync(join(out, `${name}.evaluation.json`), 'utf8'),
      ) as ModelEvaluation;
      expect(page).toContain(results.metrics.auc.value.toFixed(3));
      const rows = readFileSync(join(out, `${name}.predictions.csv`), 'utf8')
        .trim()
        .split('\n');
      expect(rows).toHaveLength(1 + patients.length);
    }
    const before = readFileSync(join(out, 'evaluation.html'), 'utf8');
    expect(await evaluate(south, home, '--only', 'site=north', '--name', 'back')).toBe(0);
    expect(readFileSync(join(out, 'evaluation.html'), 'utf8')).toBe(before);
  });

  it('of the whole cohort leaves out the patients of training, and counts them', async () => {
    expect(await evaluate(north, home, '--json', '--name', 'whole')).toBe(0);
    const evaluation = JSON.parse(printed.out) as ModelEvaluation;
    expect(evaluation.results.patients).toBe(80);
    expect(evaluation.refused).toHaveLength(40);
  });

  it('refuses the patients of training, and writes nothing', async () => {
    expect(await evaluate(north, home, '--only', 'site=north', '--name', 'own')).toBe(
      exitCodes.badInput,
    );
    expect(printed.err).toContain('trained on these patients');
    expect(() => readFileSync(join(out, 'own.evaluation.json'))).toThrow();
  });

  it('compares a second model on the same patients', async () => {
    const other = writeCentre({ seed: 2, prefix: 'Q' });
    expect(await evaluate(north, other, '--against', south)).toBe(0);
    expect(printed.out).toMatch(/DeLong p [<\d. ]+; right alone \d+ and \d+, McNemar p/);
    const page = readFileSync(join(out, 'evaluation.html'), 'utf8');
    expect(page).toContain('McNemar, exact');
    // Numbers of the page have the minus sign of the other pages.
    const [tables] = page.split('</main>');
    expect(tables).toMatch(/−\d/);
    expect(tables).not.toMatch(/(?:<td[^>]*>|\(| to )-\d/);
    expect(estimateText({ value: -0.12, low: -0.5, high: 0.2 })).toBe('−0.120 (−0.500 to 0.200)');
  });
});

describe('nacre predict --cohort', () => {
  it('gives a row per patient, names who is refused, and ends with 4', async () => {
    const other = writeCentre({
      seed: 2,
      prefix: 'Q',
      patients: 8,
      rows: (row, i) => (i === 3 ? row.map((cell, c) => (c === 2 ? '' : cell)) : row),
    });
    const file = join(folder, 'predictions.csv');
    expect(await nacre('predict', north, '--cohort', other, '--to', file)).toBe(
      exitCodes.someFailed,
    );
    expect(printed.out).toContain('7 patients predicted, 1 refused');
    expect(printed.err).toContain('age');
    const [header, ...rows] = readFileSync(file, 'utf8').trim().split('\n');
    expect(header).toBe('patient,probability,threshold,predicted,remarks');
    expect(rows.map((row) => row.split(',')[0])).toEqual(
      [1, 2, 3, 5, 6, 7, 8].map((n) => `Q00${n}`),
    );
  });

  it('takes either a cohort or one patient', async () => {
    expect(await nacre('predict', north, '--cohort', home, '--clinical', 'age=50')).toBe(
      exitCodes.usage,
    );
    expect(await nacre('predict', north, '--only', 'site=north')).toBe(exitCodes.usage);
  });
});
