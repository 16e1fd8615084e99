import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { readHashedTable, readRawTable } from '../../src/machine/read-table.ts';
import { sha256 } from '../../src/runtime/hash.ts';
import { gunzipTable } from '../../src/table/gunzip-table.ts';
import { columnIndex } from '../../src/table/raw-table.ts';
import { faultOf } from '../cohort/small-cohort.ts';
import fc from '../property-runs.ts';
import { textCell, workbook } from './workbook.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-table-'));
let files = 0;

function written(data: string | Uint8Array): string {
  const path = join(folder, `table${files++}`);
  writeFileSync(path, data);
  return path;
}

const text = textCell;

describe('readRawTable', () => {
  it('keeps every digit of the whole numbers of a Parquet file: ids of 17 digits differ in the last', async () => {
    const data = [9_007_199_254_740_992n, 9_007_199_254_740_993n, 7n];
    const bytes = parquetWriteBuffer({ columnData: [{ name: 'id', type: 'INT64', data }] });
    const { rows } = await readRawTable(written(new Uint8Array(bytes)), { format: 'parquet' });
    expect(rows).toEqual([['9007199254740992'], ['9007199254740993'], [7]]);
  });

  it('reads CSV with quotes, commas and line breaks in cells, a byte order mark and Windows line ends', async () => {
    const path = written('\uFEFFid,"a, b"\r\nP1,"x, ""y""\nz"\r\n\r\nP2, 7 \r\n,\r\n');
    expect(await readRawTable(path, { format: 'csv' })).toEqual({
      file: path,
      header: ['id', 'a, b'],
      rows: [
        ['P1', 'x, "y"\nz'],
        ['P2', '7'],
      ],
    });
  });

  it('gives CSV back as it was written (property)', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', ';', 'é', '.') });
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(rows, async (table) => {
        const quoted = table.map((row) => row.map((c) => `"${c.replaceAll('"', '""')}"`).join(','));
        // A first column that is never empty keeps every row.
        const csv = `n,x,y\n${quoted.map((row, i) => `${i},${row}`).join('\n')}`;
        const expected = table.map((row, i) => [String(i), ...row.map((c) => c.trim() || null)]);
        const { rows: found } = await readRawTable(written(csv), { format: 'csv' });
        expect(found).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('reads gzipped CSV, and stops at the bound', async () => {
    const path = written(gzipSync('id,a\nP1,1\n'));
    const { rows } = await readRawTable(path, { format: 'csv.gz' });
    expect(rows).toEqual([['P1', '1']]);
    const bomb = gzipSync(Buffer.alloc(3_000_000));
    const error = await faultOf((async () => gunzipTable(bomb, 'a.csv.gz', 1_000_000))());
    expect(error.code).toBe('too-large');
    expect(error.message).toContain('at most 1000000 bytes');
  });

  it('reads a sheet of an Excel workbook: text, numbers, dates, empty cells', async () => {
    const path = written(
      workbook({
        notes: `<row r="1">${text('A1', 'nothing')}</row><row r="2">${text('A2', 'here')}</row>`,
        data: `<row r="1">${text('A1', 'id')}${text('B1', 'size')}${text('C1', 'day')}${text('D1', 'bilateral')}</row><row r="2">${text('A2', 'P1')}<c r="B2"><v>12.5</v></c><c r="C2" s="1"><v>40059</v></c><c r="D2" t="b"><v>1</v></c></row><row r="3">${text('A3', 'P2')}<c r="C3" s="1"><v>40060</v></c></row>`,
      }),
    );
    const table = await readRawTable(path, { format: 'xlsx', sheet: 'data' });
    expect(table.header).toEqual(['id', 'size', 'day', 'bilateral']);
    expect(table.rows).toEqual([
      ['P1', 12.5, '2009-09-03T00:00:00.000Z', 1],
      ['P2', null, '2009-09-04T00:00:00.000Z', null],
    ]);
    const first = await readRawTable(path, { format: 'xlsx' });
    expect(first.header).toEqual(['nothing']);
  });

  it('names the sheets where the one asked for is missing', async () => {
    const path = written(workbook({ one: '', two: '' }));
    const error = await faultOf(readRawTable(path, { format: 'xlsx', sheet: 'three' }));
    expect(error.code).toBe('bad-table');
    expect(error.message).toContain('sheets one, two');
    expect(error.message).toContain('a sheet named three');
  });

  it.each([
    ['xlsx', 'Excel'],
    ['parquet', 'Parquet'],
  ] as const)('refuses a %s file that is none', async (format, name) => {
    const error = await faultOf(readRawTable(written('id,a\nP1,1\n'), { format }));
    expect(error.code).toBe('bad-table');
    expect(error.message).toContain(name);
  });

  it('reads Parquet: numbers, big integers, truth values, nulls', async () => {
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'id', data: ['P1', 'P2'], type: 'STRING' },
        { name: 'a', data: [0.1, null], type: 'DOUBLE' },
        { name: 'n', data: [7n, 8n], type: 'INT64' },
        { name: 'b', data: [true, false], type: 'BOOLEAN' },
      ],
    });
    const table = await readRawTable(written(new Uint8Array(buffer)), { format: 'parquet' });
    expect(table.header).toEqual(['id', 'a', 'n', 'b']);
    expect(table.rows).toEqual([
      ['P1', 0.1, 7, 1],
      ['P2', null, 8, 0],
    ]);
  });

  it('keeps every digit of a number on its way through CSV (property)', async () => {
    const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(numbers, async (values) => {
        const path = written(`x\n${values.join('\n')}`);
        const { rows } = await readRawTable(path, { format: 'csv' });
        // Text of -0 is 0.
        expect(rows.map(([cell]) => Number(cell))).toEqual(values.map((value) => value + 0));
      }),
      { numRuns: 40 },
    );
  });
});

describe('columnIndex', () => {
  it('finds a column or tells the nearest', async () => {
    const table = { file: 't.csv', header: ['id', 'age'], rows: [] };
    expect(columnIndex(table, 'age')).toBe(1);
    expect((await faultOf(() => columnIndex(table, 'agee'))).message).toContain('mean age?');
  });
});

it('a table is hashed as it was read, whatever its file holds afterwards', async () => {
  const path = written('id,a\nP1,1\n');
  const before = sha256(readFileSync(path));
  const read = await readHashedTable(path, { format: 'csv' }, () =>
    writeFileSync(path, 'id,a\nP1,2\n'),
  );
  expect(read.sha256).toBe(before);
  expect(read.table.rows).toEqual([['P1', '1']]);
});
