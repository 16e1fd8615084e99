import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readParquet, writeColumns, writeParquet } from '../../src/machine/parquet.ts';
import { featureTable } from '../../src/table/feature-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-parquet-'));
const table = featureTable(
  ['P1', 'P2', 'Pé'],
  [
    {
      name: 'ceT1.peri.wavelet-LLH_glcm_Contrast',
      block: 'radiomics',
      modality: 'ceT1',
      region: 'peri',
      values: Float64Array.of(1 / 3, Number.NaN, -1e300),
    },
    { name: 'clinical.age', block: 'clinical', values: Float64Array.of(40, 51, 62) },
  ],
);

describe('Parquet', () => {
  it('gives back what was written, to the last bit, missing values and origins included', async () => {
    const path = join(folder, 'a.parquet');
    writeParquet(path, table);
    expect(await readParquet(path)).toEqual(table);
  });

  it('writes the same bytes for the same table', () => {
    const paths = ['b.parquet', 'c.parquet'].map((name) => join(folder, name));
    for (const path of paths) writeParquet(path, table);
    expect(readFileSync(paths[0])).toEqual(readFileSync(paths[1]));
  });

  it('names the file that is cut off, absent or of another make', async () => {
    const whole = join(folder, 'd.parquet');
    writeParquet(whole, table);
    const cut = join(folder, 'cut.parquet');
    writeFileSync(cut, readFileSync(whole).subarray(0, 60));
    await expect(readParquet(cut)).rejects.toThrow(/file .*cut\.parquet: .*not readable/);
    await expect(readParquet(join(folder, 'no.parquet'))).rejects.toThrow(/ENOENT/);
    const other = join(folder, 'other.parquet');
    writeColumns(other, [{ name: 'id', type: 'STRING', data: ['P1'] }]);
    await expect(readParquet(other)).rejects.toThrow(/no patient column: found id/);
    writeColumns(other, [
      { name: 'patient', type: 'STRING', data: ['P1'] },
      { name: 'x', type: 'STRING', data: ['high'] },
    ]);
    await expect(readParquet(other)).rejects.toThrow(/row 1, column x: .*found "high"/);
  });
});
