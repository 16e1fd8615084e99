import { type FeatureColumn, type FeatureTable, featureTable } from '../table/feature-table.ts';
import type { ReadableColumn } from './binary-coding.ts';

/** A described column with its values for the joined patients: numbers (NaN missing) or codes (undefined missing). */
export interface DescribedColumn {
  column: ReadableColumn;
  values: readonly (number | string | undefined)[];
}

/**
 * The block `clinical` from the predictors of a manifest: numbers as they are, a binary column as 0 and 1, a category
 * as one column a meaning (`clinical.race=Asian`), all of them NaN where the category is missing. Every meaning of the
 * coding gets its column, present or not, so that another cohort gives the same columns. Nothing is imputed here.
 *
 * @param block name of the block and first part of the column names
 */
export function encodeClinical(
  patients: readonly string[],
  predictors: readonly DescribedColumn[],
  block = 'clinical',
): FeatureTable {
  const columns: FeatureColumn[] = [];
  const add = (name: string, values: Float64Array) =>
    columns.push({ name: `${block}.${name}`, block, values });
  for (const { column, values } of predictors) {
    if (column.type === 'number') {
      add(column.name, Float64Array.from(values as readonly number[]));
    } else if (column.type === 'binary') {
      add(column.name, indicator(values, [column.one]));
    } else if (column.type === 'category') {
      for (const meaning of new Set(Object.values(column.coding))) {
        const codes = Object.keys(column.coding).filter((code) => column.coding[code] === meaning);
        add(`${column.name}=${meaning}`, indicator(values, codes));
      }
    }
  }
  return featureTable(patients, columns);
}

/**
 * The texts of coded predictors and what `encodeClinical` makes of them: 0 or 1 of a binary one, its meaning of a category.
 * A binary column is also known by its meanings (`positive`), a category by them alone.
 */
export function clinicalCodes(
  predictors: readonly string[],
  described: ReadonlyMap<string, DescribedColumn>,
): Record<string, Record<string, number | string>> {
  const codes: Record<string, Record<string, number | string>> = {};
  for (const name of predictors) {
    const column = described.get(name)?.column;
    if (column?.type !== 'binary' && column?.type !== 'category') continue;
    const coding = Object.entries(column.coding);
    const encoded = (code: string, meaning: string) =>
      column.type === 'category' ? meaning : code === column.one ? 1 : 0;
    codes[name] = {
      ...Object.fromEntries(coding.map(([code, meaning]) => [meaning, encoded(code, meaning)])),
      // Where a text is both a code and a meaning, the code wins.
      ...Object.fromEntries(coding.map(([code, meaning]) => [code, encoded(code, meaning)])),
    };
  }
  return codes;
}

function indicator(
  values: readonly (number | string | undefined)[],
  codes: readonly string[],
): Float64Array {
  return Float64Array.from(values, (code) =>
    code === undefined ? Number.NaN : codes.includes(code as string) ? 1 : 0,
  );
}
