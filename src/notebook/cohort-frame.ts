import type { Cohort } from '../cohort/cohort.ts';
import { type DataFrame, dataFrame } from './data-frame.ts';

/**
 * The patients of a cohort as a danfojs DataFrame: id, the columns of one block (numbers, NaN where missing), and a
 * column an endpoint with the names of its classes (`–` where the outcome is unknown). For tables of some tens of
 * columns: danfojs is slow beyond that.
 *
 * @throws NacreError `package-missing` where danfojs-node is not installed
 */
export async function cohortFrame(
  cohort: Cohort,
  options: { block?: string | undefined } = {},
): Promise<DataFrame> {
  const name = options.block ?? 'clinical';
  const columns = cohort.blocks[name]?.columns ?? [];
  const rows = cohort.patients.map((patient, row) => ({
    patient,
    ...Object.fromEntries(
      columns.map((column) => [column.name.replace(`${name}.`, ''), column.values[row]]),
    ),
    ...Object.fromEntries(
      Object.values(cohort.endpoints).map(({ id, labels, positiveName, negativeName }) => [
        id,
        labels[row] < 0 ? '–' : labels[row] === 1 ? positiveName : negativeName,
      ]),
    ),
  }));
  return dataFrame(rows);
}
