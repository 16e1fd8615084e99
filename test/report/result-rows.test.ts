import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { beforeAll, describe, expect, it } from 'vitest';
import { metricNames } from '../../src/evaluation/metrics.ts';
import { formatRows } from '../../src/report/format-rows.ts';
import { type OpenedRun, openRun } from '../../src/report/open-run.ts';
import { resultRows } from '../../src/report/result-rows.ts';
import { resultsTable } from '../../src/report/results-table.ts';
import type { TableRow } from '../../src/report/table-row.ts';
import { numbersOf } from '../../src/study/trace.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

let run: OpenedRun;
let rows: TableRow[];
beforeAll(async () => {
  run = await openRun(writeSyntheticRun(mkdtempSync(join(tmpdir(), 'nacre-rows-'))));
  rows = resultRows(run.results);
});

describe('rows for other programs', () => {
  it('hold every metric of every set, every comparison, every published number', () => {
    const { endpoints } = run.results;
    const of = (kind: string) => rows.filter((row) => row.kind === kind);
    expect(of('result')).toHaveLength(2 * 3 * metricNames.length);
    expect(of('difference')).toHaveLength(endpoints.flatMap((e) => e.comparisons).length);
    // A balanced accuracy and an AUC per endpoint.
    expect(of('published').map(({ value }) => value)).toEqual([0.79, 0.8, 0.79, 0.8]);
    const [first] = of('result');
    const { balancedAccuracy } = endpoints[0].featureSets[0].summary;
    expect(first).toMatchObject({ value: balancedAccuracy.mean, low: balancedAccuracy.low });
  });

  it('name numbers that nacre trace knows', () => {
    const known = new Set(numbersOf(run.results.endpoints));
    const named = rows.flatMap(({ trace }) => trace ?? []);
    expect(named.length).toBeGreaterThan(48);
    expect(named.filter((name) => !known.has(String(name)))).toEqual([]);
  });

  it('come back from CSV and JSON to the last bit; Markdown has a line per row', () => {
    const text = formatRows(rows, 'csv');
    const { data } = Papa.parse<Record<string, string>>(text, {
      header: true,
      skipEmptyLines: true,
    });
    expect(data).toHaveLength(rows.length);
    rows.forEach(({ value, low }, i) => {
      expect(Number(data[i].value)).toBe(value);
      expect(data[i].low === '' ? undefined : Number(data[i].low)).toBe(low);
    });
    expect(JSON.parse(formatRows(rows, 'json'))[0].value).toBe(rows[0].value);
    expect(formatRows(rows, 'markdown').trimEnd().split('\n')).toHaveLength(rows.length + 2);
  });

  it('keep text that would break a table or run as a formula', () => {
    const hostile = [{ title: '=1|<b>\nx', n: -0.5 }];
    expect(formatRows(hostile, 'markdown').split('\n')[2]).toBe('| =1\\|&lt;b><br>x | -0.5000 |');
    expect(formatRows(hostile, 'csv')).toContain("'=1|<b>");
    expect(formatRows(hostile, 'csv')).toContain('-0.5');
  });
});

describe('the table of the terminal', () => {
  it.each([60, 80, 100, 159, 200])('of %i columns is no wider, whatever the study', (width) => {
    const widest = Math.max(
      ...resultsTable(run.results, { width })
        .split('\n')
        .map((line) => line.length),
    );
    expect(widest).toBeLessThanOrEqual(width);
  });

  it('has one line per row where there is no limit', () => {
    const lines = resultsTable(run.results).split('\n');
    const titles = run.results.endpoints[0].featureSets.map(({ title }) => title);
    for (const title of titles) {
      expect(lines.filter((line) => line.startsWith(`${title}  `)).length).toBe(2);
    }
  });
});
