import { describe, expect, it } from 'vitest';
import { requireRuns } from '../../src/table/parquet-runs.ts';
import { fuzzInput, runTarget } from '../fuzz/run-target.ts';
import { targets } from '../fuzz/targets.ts';

const page = (bytes: number[], values: number) => {
  const header = {
    type: 'DATA_PAGE',
    uncompressed_page_size: bytes.length,
    compressed_page_size: bytes.length,
    data_page_header: {
      num_values: values,
      encoding: 'PLAIN',
      definition_level_encoding: 'RLE',
      repetition_level_encoding: 'RLE',
    },
  } as const;
  const chunk = { codec: 'UNCOMPRESSED', type: 'DOUBLE' } as const;
  requireRuns(Uint8Array.from(bytes), header, chunk, 'OPTIONAL');
};

describe('runs of a Parquet page', () => {
  it('a run of as many values as the page is read, one of more is refused', () => {
    // Length of the levels, then 10 × the level 1.
    page([2, 0, 0, 0, 20, 1], 10);
    expect(() => page([4, 0, 0, 0, 0xfe, 0xff, 0xff, 0x7f, 1], 10)).toThrow('in a page of 10');
    // Two groups of eight, bit-packed.
    page([3, 0, 0, 0, 5, 0xff, 0xff], 10);
  });

  it.each([
    ['Parquet, features', 55],
    ['Parquet, zstd and gzip', 332],
  ])('%s, damaged input %i: found by npm run fuzz, refused by its name', async (name, index) => {
    const target = targets.find((one) => one.name === name);
    if (target === undefined) throw new Error(`no target ${name}`);
    expect(fuzzInput(target, 7, index).length).toBeGreaterThan(0);
    const { faults, refused } = await runTarget(target, { seed: 7, from: index, to: index + 1 });
    expect(faults).toEqual([]);
    expect(Object.values(refused)).toEqual([1]);
  });
});
