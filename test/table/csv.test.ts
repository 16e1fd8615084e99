import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { writeCsv } from '../../src/machine/write-csv.ts';
import { csvText } from '../../src/table/csv.ts';
import { featureTable } from '../../src/table/feature-table.ts';
import fc from '../property-runs.ts';

describe('CSV', () => {
  it('writes a row per patient, nothing where a value is missing', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'nacre-csv-')), 'a.csv');
    const values = Float64Array.of(1 / 3, Number.NaN);
    writeCsv(path, featureTable(['P1', 'P,2'], [{ name: 'a.b', block: 'a', values }]));
    expect(readFileSync(path, 'utf8')).toBe('patient,a.b\nP1,0.3333333333333333\n"P,2",\n');
  });

  it('gives back any number and any text, with an apostrophe before what a spreadsheet would run', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ noNaN: true }), fc.string())), (cells) => {
        const text = csvText([
          { name: 'x', type: 'DOUBLE', data: cells.map(([x]) => x) },
          { name: 'text', type: 'STRING', data: cells.map(([, t]) => t) },
        ]);
        const { data } = Papa.parse<string[]>(text.slice(0, -1), { delimiter: ',', newline: '\n' });
        const read = data.slice(1).map(([x, t]) => [Number(x), t]);
        const runs = (t: string) =>
          /^[=+\-@\t\r\n＝＋－＠]/.test(t) && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(t);
        expect(read).toEqual(cells.map(([x, t]) => [x === 0 ? 0 : x, runs(t) ? `'${t}` : t]));
      }),
    );
  });

  it('writes columns without rows as a header alone', () => {
    expect(csvText([{ name: 'x', type: 'DOUBLE', data: [] }])).toBe('x\n');
  });
});
