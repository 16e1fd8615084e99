import type { Cohort } from '../cohort/cohort.ts';
import type { Redraws } from '../learning/redraws.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import { patientRows } from '../table/patient-rows.ts';

/** Tables of a cohort under redrawn outlines, by block, one per redraw. */
export type RedrawnTables = NonNullable<Cohort['redraws']>;

/** Redraws of the columns of some tables, for the patients of a candidate table in its order; undefined where there are none. */
export function redrawsOfTables(
  patients: readonly string[],
  tables: readonly FeatureTable[],
  redrawn: RedrawnTables | undefined,
): Redraws | undefined {
  if (redrawn === undefined) return undefined;
  const columns = new Map<string, Float64Array>();
  let times = 0;
  const wanted = new Set(tables.flatMap((table) => table.columns.map(({ name }) => name)));
  for (const draws of Object.values(redrawn)) {
    times = draws.length;
    const rows = patientRows(draws[0].patients, patients);
    draws.forEach((draw, k) => {
      for (const { name, values } of draw.columns) {
        if (!wanted.has(name)) continue;
        let drawn = columns.get(name);
        if (drawn === undefined) columns.set(name, (drawn = new Float64Array(times * rows.length)));
        for (let i = 0; i < rows.length; i++) drawn[times * i + k] = values[rows[i]];
      }
    });
  }
  return { times, columns };
}
