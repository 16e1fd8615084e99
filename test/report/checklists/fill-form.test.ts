import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/program.ts';
import { valueAt } from '../../../src/report/checklists/evidence.ts';
import { fillForm, formMarkdown } from '../../../src/report/checklists/fill-form.ts';
import { formNames } from '../../../src/report/checklists/form-names.ts';
import { readRunConfig } from '../../../src/report/methods.ts';
import { openRun } from '../../../src/report/open-run.ts';
import { captureOutput } from '../../cli/captured-output.ts';
import { writeSyntheticRun } from '../synthetic-run.ts';

const printed = captureOutput();
let folder: string;
beforeAll(() => {
  folder = writeSyntheticRun(mkdtempSync(join(tmpdir(), 'nacre-checklist-')));
});

describe('forms', () => {
  it.each([
    ['clear', 58, 58],
    ['metrics', 30, 30],
    ['tripod-ai', 52, 27],
    ['claim', 44, 44],
  ])('%s has %i numbered items, %i main ones', async (form, items, main) => {
    const { items: filled } = fillForm(await openRun(folder), form);
    const numbers = filled.map(({ number }) => number);
    expect(new Set(numbers).size).toBe(items);
    expect(new Set(numbers.map((number) => Number.parseInt(number, 10))).size).toBe(main);
    expect(Math.max(...numbers.map((number) => Number.parseInt(number, 10)))).toBe(main);
  });

  it('of METRICS has weights that add up to 1', async () => {
    const { items } = fillForm(await openRun(folder), 'metrics');
    expect(items.reduce((sum, { weight = 0 }) => sum + weight, 0)).toBeCloseTo(1, 10);
  });
});

describe.each(formNames)('%s', (name) => {
  it('has a trace of every filled item, to a value that is really there', async () => {
    const run = await openRun(folder);
    const { items } = fillForm(run, name);
    const content = {
      'results.json': run.results,
      'config.yaml': readRunConfig(folder),
      'provenance.json': run.provenance,
    } as Record<string, unknown>;
    const filled = items.filter(({ status }) => status === 'filled');
    expect(filled.length).toBeGreaterThan(8);
    for (const { number, text, traces } of filled) {
      expect(text, number).not.toMatch(/undefined|NaN|\[object/);
      // A number in a text comes from the run: an answer without any needs no place.
      if (/\d/.test(text.replaceAll(/PyRadiomics|95% intervals/g, ''))) {
        expect(traces.length, `${number}: ${text}`).toBeGreaterThan(0);
      }
      for (const { file, pointer, value } of traces) {
        expect(valueAt(content[file], pointer), `${file}${pointer}`).toEqual(value);
      }
    }
  });

  it('follows when a number of the run changes', async () => {
    const before = fillForm(await openRun(folder), name);
    const changed = await openRun(folder);
    const results = structuredClone(changed.results);
    for (const endpoint of results.endpoints) {
      endpoint.patients = 9_876;
      for (const { summary } of endpoint.featureSets) {
        Object.assign(summary.balancedAccuracy, { mean: 0.8642, low: 0.8531, high: 0.8753 });
      }
    }
    const after = fillForm({ ...changed, results }, name);
    const textOf = (form: typeof before) => form.items.map(({ text }) => text).join('\n');
    expect(textOf(before)).not.toContain('86.4% (85.3% to 87.5%)');
    expect(textOf(after)).toContain('86.4% (85.3% to 87.5%)');
    if (textOf(before).includes('156 with a known outcome')) {
      expect(textOf(after)).toContain('9876 with a known outcome');
    }
    const trace = after.items
      .flatMap(({ traces }) => traces)
      .find(({ pointer }) => pointer.endsWith('/summary/balancedAccuracy/mean'));
    expect(trace?.value).toBe(0.8642);
  });
});

describe('statuses follow the run', () => {
  it('a simple model, a test of another outline and a removed filter change their items', async () => {
    const run = await openRun(folder);
    const statusOf = (form: ReturnType<typeof fillForm>, number: string) =>
      form.items.find((item) => item.number === number)?.status;
    const plain = fillForm(run, 'metrics');
    expect(statusOf(plain, '25')).toBe('not done');
    const results = structuredClone(run.results);
    results.endpoints[0].featureSets[0].classifier = 'logistic';
    expect(statusOf(fillForm({ ...run, results }, 'metrics'), '25')).toBe('filled');
    const leaking = structuredClone(run.results);
    leaking.cohort.notices.push('standardised over all rows, test patients included');
    expect(statusOf(plain, '18')).toBe('filled');
    expect(statusOf(fillForm({ ...run, results: leaking }, 'metrics'), '18')).toBe('not done');
  });

  it('redrawn outlines count as reliability, and as robustness where features are removed for them', async () => {
    const own = writeSyntheticRun(mkdtempSync(join(tmpdir(), 'nacre-outlines-')));
    const study = readFileSync('studies/phantom.yaml', 'utf8').replace(/^perturb:.*\n/m, '');
    const statuses = async (config: string) => {
      writeFileSync(join(own, 'config.yaml'), config);
      const run = await openRun(own);
      const of = (form: string, number: string) =>
        fillForm(run, form).items.find((item) => item.number === number)?.status;
      return [of('metrics', '14'), of('clear', '31')];
    };
    const redrawn = `${study}perturb: { times: 5 }\n`;
    const removed = redrawn.replace(/^pipeline:\n/m, 'pipeline:\n  stability: {}\n');
    expect(await statuses(study)).toEqual(['not done', 'not done']);
    expect(await statuses(redrawn)).toEqual(['not done', 'filled']);
    expect(await statuses(removed)).toEqual(['filled', 'filled']);
  });

  it('answers of the author move the score between its bounds', async () => {
    const run = await openRun(folder);
    const open = fillForm(run, 'metrics');
    const authors = open.items.filter(({ status }) => status === 'author');
    const yes = Object.fromEntries(authors.map(({ number }) => [number, true]));
    const all = fillForm(run, 'metrics', { answers: yes });
    expect(all.score).toEqual({ filled: open.score?.atMost, atMost: open.score?.atMost });
    const no = Object.fromEntries(authors.map(({ number }) => [number, false]));
    expect(fillForm(run, 'metrics', { answers: no }).score?.atMost).toBe(open.score?.filled);
    expect(() => fillForm(run, 'metrics', { answers: { 31: true } })).toThrow(/no such item/);
    // What the run shows is not overruled.
    const claimed = fillForm(run, 'metrics', { answers: { 27: true } });
    expect(claimed.items.find(({ number }) => number === '27')?.status).toBe('not done');
  });
});

describe('nacre checklist', () => {
  const cli = (...args: string[]) => runCli(['node', 'nacre', 'checklist', ...args]);

  it('prints Markdown with every item', async () => {
    expect(await cli(folder, '--form', 'clear')).toBe(0);
    for (let item = 1; item <= 58; item++) expect(printed.out).toContain(`\n| ${item} | `);
    expect(printed.out).toContain('Source: Kocak');
    expect(printed.out).toBe(formMarkdown(fillForm(await openRun(folder), 'clear')));
  });

  it('writes CSV that reads back, with the author’s answers', async () => {
    const [out, answers] = [join(folder, 'metrics.csv'), join(folder, 'answers.yaml')];
    writeFileSync(answers, '"4": 9 centres in the United States\n"7": no\n');
    const options = ['--form', 'metrics', '--format', 'csv', '--answers', answers, '--out', out];
    expect(await cli(folder, ...options)).toBe(0);
    const { data } = Papa.parse<Record<string, string>>(readFileSync(out, 'utf8'), {
      header: true,
      skipEmptyLines: true,
    });
    expect(data).toHaveLength(30);
    expect(data[3]).toMatchObject({ number: '4', status: 'filled' });
    expect(data[3].answer).toContain('9 centres');
    expect(data[6]).toMatchObject({ number: '7', status: 'not done' });
  });

  it('refuses an endpoint that the run lacks', async () => {
    expect(await cli(folder, '--form', 'claim', '--endpoint', 'pCR')).toBe(3);
    expect(printed.err).toContain('pcr, response');
  });
});
