import type { Cohort, CohortColumn } from './cohort.ts';
import type { DescribedColumn } from './encode-clinical.ts';

/** The described columns as plain data, codes replaced by their meanings. */
export function cohortColumns(
  described: ReadonlyMap<string, DescribedColumn>,
): NonNullable<Cohort['columns']> {
  return Object.fromEntries(
    [...described].map(([name, { column, values }]): [string, CohortColumn] => {
      const { meaning, measured } = column;
      if (column.type === 'number') {
        const numbers = Float64Array.from(values as readonly number[]);
        return [name, { meaning, measured, type: 'number', unit: column.unit, values: numbers }];
      }
      const texts = values as readonly (string | undefined)[];
      if (column.type === 'id' || column.type === 'text') {
        return [name, { meaning, measured, type: 'text', values: texts }];
      }
      const { coding } = column;
      return [
        name,
        {
          ...{ meaning, measured, type: 'text' },
          values: texts.map((code) => (code === undefined ? undefined : coding[code])),
          levels: [...new Set(Object.values(coding))],
        },
      ];
    }),
  );
}
