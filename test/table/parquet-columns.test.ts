import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { openParquet } from '../../src/machine/open-parquet.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-columns-'));

/** 103 rows in groups of 40, as other programs write them: floats, whole numbers, nulls. */
function written(name: string, extra: { name: string; data: unknown[] }[] = []): string {
  const path = join(folder, name);
  const rows = Array.from({ length: 103 }, (_, i) => i);
  const buffer = parquetWriteBuffer({
    rowGroupSize: 40,
    pageSize: 100,
    columnData: [
      { name: 'a.double', type: 'DOUBLE', data: rows.map((i) => i / 3) },
      { name: 'patient', type: 'STRING', data: rows.map((i) => `P${i}`) },
      { name: 'b.float', type: 'FLOAT', data: rows.map((i) => Math.fround(i / 7)) },
      { name: 'b.whole', type: 'INT64', data: rows.map(BigInt) },
      { name: 'c.gaps', type: 'DOUBLE', data: rows.map((i) => (i % 5 === 0 ? null : -i)) },
      ...extra,
    ],
  });
  writeFileSync(path, new Uint8Array(buffer));
  return path;
}

describe('a Parquet table read by column', () => {
  it('knows ids and names, and gives the columns asked for in the order asked for', async () => {
    const table = await openParquet(written('a.parquet'));
    expect(table.patients).toHaveLength(103);
    expect(table.patients[102]).toBe('P102');
    expect(table.columns.map(({ name, block }) => `${block}|${name}`)).toEqual([
      'a|a.double',
      'b|b.float',
      'b|b.whole',
      'c|c.gaps',
    ]);
    const [gaps, double] = await table.read([3, 0]);
    expect(gaps.values).toBeInstanceOf(Float64Array);
    expect([...gaps.values]).toEqual(
      Array.from({ length: 103 }, (_, i) => (i % 5 === 0 ? Number.NaN : -i)),
    );
    expect(double.values[100]).toBe(100 / 3);
    const [whole, float] = await table.read([2, 1]);
    expect(whole.values[99]).toBe(99);
    expect(float.values[99]).toBe(Math.fround(99 / 7));
    expect(await table.read([])).toEqual([]);
    await table.close();
  });

  it('names the row of what is not a number, across groups of rows', async () => {
    const text = Array.from({ length: 103 }, (_, i) => (i === 81 ? 'high' : '1'));
    const table = await openParquet(written('b.parquet', [{ name: 'd', data: text }]));
    await expect(table.read([4])).rejects.toThrow(/row 1, column d: .*found "1"/);
    await table.close();
  });

  it('refuses a file that is cut off, and one that is damaged where it is read', async () => {
    const bytes = readFileSync(written('c.parquet'));
    const cut = join(folder, 'cut.parquet');
    writeFileSync(cut, bytes.subarray(0, bytes.length - 20));
    await expect(openParquet(cut)).rejects.toThrow(/cut\.parquet: .*not readable as Parquet/);
    const damaged = join(folder, 'damaged.parquet');
    // The first page's header: every number in it is wrong.
    writeFileSync(damaged, Buffer.from(bytes).fill(0xff, 4, 24));
    const table = await openParquet(damaged);
    await expect(table.read([0])).rejects.toThrow(/damaged\.parquet: .*not readable as Parquet/);
    expect((await table.read([1]))[0].values[7]).toBe(1);
    await table.close();
  });
});
