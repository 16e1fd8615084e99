import type { Cohort } from '../cohort/cohort.ts';
import { NacreError, unknownName } from '../runtime/errors.ts';

/**
 * Texts of a described column for the patients with a known label, in their order; undefined where missing.
 *
 * @param where the setting that names the column, for errors
 * @throws NacreError `unknown-name`, `bad-config` for a column of numbers
 */
export function textsOfColumn(
  cohort: Pick<Cohort, 'id' | 'columns'>,
  rows: readonly number[],
  name: string,
  where: string,
): (string | undefined)[] {
  const columns = cohort.columns ?? {};
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column === undefined) {
    throw unknownName(
      `the cohort ${cohort.id} describes no column of that name`,
      name,
      Object.keys(columns),
      { column: where },
    );
  }
  if (column.type === 'text') return rows.map((row) => column.values[row]);
  throw new NacreError('bad-config', 'a column of numbers names no groups', {
    column: where,
    found: `${name}, type number`,
    expected: 'a binary, category, text or id column',
    todo: 'describe it as a category in the manifest, or name another column',
  });
}

/** Numbers of the patients whose label is known. */
export function labelledRows(labels: Int8Array): number[] {
  return Array.from(labels.keys()).filter((row) => labels[row] >= 0);
}
