import type { FeatureTable } from './feature-table.ts';

/** The same table in memory that worker threads share: handing it to a thread copies no value. */
export function sharedTable({ patients, columns }: FeatureTable): FeatureTable {
  const rows = patients.length;
  const all = new Float64Array(
    new SharedArrayBuffer(columns.length * rows * Float64Array.BYTES_PER_ELEMENT),
  );
  return {
    patients,
    columns: columns.map((column, c) => {
      const values = all.subarray(c * rows, (c + 1) * rows);
      values.set(column.values);
      return { ...column, values };
    }),
  };
}
