import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readParquet } from '../../src/machine/parquet.ts';
import { readRawTable } from '../../src/machine/read-table.ts';
import { faultOf } from '../cohort/small-cohort.ts';

const fixtures = new URL('./fixtures/', import.meta.url).pathname;
const rows = 60;

describe('Parquet of polars and pyarrow (fixtures/make-fixtures.py)', () => {
  it.each([
    'polars-default',
    'polars-gzip',
    ...['zstd', 'gzip', 'snappy', 'none'].flatMap((codec) => [
      `pyarrow-${codec}-1`,
      `pyarrow-${codec}-2`,
    ]),
  ])('%s is read, as features and as a table', async (name) => {
    const path = join(fixtures, `${name}.parquet`);
    const { patients, columns } = await readParquet(path);
    expect(patients).toEqual(
      Array.from({ length: rows }, (_, i) => `P${String(i).padStart(3, '0')}`),
    );
    const byName = new Map(columns.map((column) => [column.name, [...column.values]]));
    const mean = byName.get('original_firstorder_Mean') ?? [];
    mean.forEach((value, i) => {
      expect(value).toBeCloseTo(Math.sin(i), 15);
    });
    expect(byName.get('original_glcm_Id')?.slice(0, 2)).toEqual([Number.NaN, 0.25]);
    expect(byName.get('count')?.slice(0, 3)).toEqual([0, 4, 8]);
    const table = await readRawTable(path, { format: 'parquet' });
    expect(table.rows[1]).toEqual(['P001', mean[1], 0.25, 4]);
    expect(table.rows[0][2]).toBeNull();
  });

  it.each(['brotli', 'lz4'])('%s is refused with what to save instead', async (codec) => {
    const path = join(fixtures, `pyarrow-${codec}-1.parquet`);
    for (const work of [readParquet, (p: string) => readRawTable(p, { format: 'parquet' })]) {
      expect((await faultOf(work(path))).message).toMatch(
        /compression; save it with zstd, snappy or gzip/,
      );
    }
  });

  it('a page that unpacks to another size than it declares is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nacre-codec-'));
    for (const name of ['polars-default', 'polars-gzip']) {
      const bytes = readFileSync(join(fixtures, `${name}.parquet`));
      let refused = 0;
      for (let at = 4; at < 400; at += 3) {
        const bent = Buffer.from(bytes);
        bent[at] ^= 0x15;
        const path = join(folder, `${name}.parquet`);
        writeFileSync(path, bent);
        try {
          await readParquet(path);
        } catch (error) {
          expect((error as Error).message).toContain(path);
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(20);
    }
  });
});
