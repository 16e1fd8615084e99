import type { NoteAssumption } from '../runtime/assumptions.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import { withoutColumns } from '../table/without-columns.ts';
import type { DescribedColumn } from './encode-clinical.ts';

/** Fewest patients with both values for equality to count as evidence. */
const fewestPatients = 10;
/** Correlation of a copy, also in another unit. */
const copied = 1 - 1e-9;

/** A column that was measured during or after treatment, as numbers (NaN missing). */
export interface LaterColumn {
  name: string;
  measured: string;
  values: Float64Array;
}

/** The described columns that were measured later than baseline and can be compared: numbers and binary ones. */
export function laterColumns(described: ReadonlyMap<string, DescribedColumn>): LaterColumn[] {
  return [...described.values()].flatMap(({ column, values }) => {
    if (['baseline', 'treatment', 'assigned'].includes(column.measured)) return [];
    if (column.type !== 'number' && column.type !== 'binary') return [];
    const one = column.type === 'binary' ? column.one : undefined;
    const numbers = Float64Array.from(values, (value) =>
      value === undefined ? Number.NaN : one === undefined ? Number(value) : value === one ? 1 : 0,
    );
    return [{ name: column.name, measured: column.measured, values: numbers }];
  });
}

/**
 * The table without columns that repeat a later column under another name, in its own unit or another (r = ±1 over all patients
 * who have both), those named in `kept` aside; each is noted as a warning.
 */
export function withoutCopies(
  table: FeatureTable,
  later: readonly LaterColumn[],
  { kept, block, note }: { kept: ReadonlySet<string>; block: string; note: NoteAssumption },
): FeatureTable {
  const gone = new Set<string>();
  for (const { name, values } of table.columns) {
    const copy = later.find((column) => isCopy(values, column.values));
    if (copy === undefined) continue;
    const stays = kept.has(name);
    if (!stays) gone.add(name);
    note({
      kind: 'repeats-later-column',
      level: 'warning',
      found: `${block}: ${name} repeats ${copy.name}, measured: ${copy.measured}`,
      taken: stays ? 'kept' : 'left out of the features',
      why: stays
        ? 'check that it was measured before treatment: numbers that rest on it mean nothing otherwise'
        : 'what was measured after treatment began cannot be a predictor; name it in keep in the features block if it is another quantity',
    });
  }
  return withoutColumns(table, gone);
}

function isCopy(a: Float64Array, b: Float64Array): boolean {
  let [n, meanA, meanB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) || Number.isNaN(b[i])) continue;
    n++;
    meanA += a[i];
    meanB += b[i];
  }
  if (n < fewestPatients) return false;
  meanA /= n;
  meanB /= n;
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) || Number.isNaN(b[i])) continue;
    const [x, y] = [a[i] - meanA, b[i] - meanB];
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return aa > 0 && bb > 0 && Math.abs(ab) >= copied * Math.sqrt(aa * bb);
}
