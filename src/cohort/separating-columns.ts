import type { NoteAssumption } from '../runtime/assumptions.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import { withoutColumns } from '../table/without-columns.ts';
import type { Endpoint } from './cohort.ts';
import { type Separation, separates, separationBy } from './separation.ts';

/** Above this chance, a column of noise separates as well: with so few patients the column is no suspect. */
const chanceAllowed = 0.01;

/** A column that gives an endpoint away. */
interface Separating extends Separation {
  name: string;
  endpoint: Endpoint;
  /** True where it is not the values but their absence that separates. */
  byAbsence: boolean;
}

/**
 * Columns that separate an endpoint perfectly or nearly, over all labelled patients: by their values, or by being missing in one
 * class alone. A measurement from before treatment does not do that; a copy of the outcome does.
 */
export function separatingColumns(
  table: FeatureTable,
  endpoints: Readonly<Record<string, Endpoint>>,
): Separating[] {
  return table.columns.flatMap(({ name, values }) => {
    const absent = values.some((value) => Number.isNaN(value))
      ? Float64Array.from(values, (value) => (Number.isNaN(value) ? 1 : 0))
      : undefined;
    for (const endpoint of Object.values(endpoints)) {
      for (const [column, byAbsence] of [[values, false] as const, [absent, true] as const]) {
        if (column === undefined) continue;
        const found = separationBy(column, endpoint.labels);
        if (found !== undefined && separates(found) && found.chance <= chanceAllowed) {
          return [{ ...found, name, endpoint, byAbsence }];
        }
      }
    }
    return [];
  });
}

/**
 * The table without the columns that separate an endpoint, those named in `kept` aside; each is noted as a warning.
 *
 * @param kept names that stay in, or `all`
 */
export function withoutSeparating(
  table: FeatureTable,
  endpoints: Readonly<Record<string, Endpoint>>,
  { kept, block, note }: { kept: ReadonlySet<string> | 'all'; block: string; note: NoteAssumption },
): FeatureTable {
  const found = separatingColumns(table, endpoints);
  if (found.length === 0) return table;
  const gone = new Set<string>();
  for (const { name, endpoint, auc, positives, negatives, byAbsence } of found) {
    const stays = kept === 'all' || kept.has(name);
    if (!stays) gone.add(name);
    note({
      kind: 'separates-outcome',
      level: 'warning',
      found: `${block}: ${name} ${byAbsence ? 'is missing in one class of' : 'separates'} ${endpoint.id} (AUC ${auc.toFixed(3)} over ${positives} ${endpoint.positiveName} and ${negatives} ${endpoint.negativeName})`,
      taken: stays ? 'kept' : 'left out of the features',
      why: stays
        ? 'check that it was measured before treatment: numbers that rest on it mean nothing otherwise'
        : 'it may be the outcome under another name; name it in keep in the features block if it was measured before treatment',
    });
  }
  return withoutColumns(table, gone);
}
