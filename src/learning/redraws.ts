import { NacreError } from '../runtime/errors.ts';

/**
 * Values of columns measured again under redrawn outlines (`perturbMask`): by column, patient after patient, each with as many
 * values as there are redraws. Columns that no outline changes, such as clinical variables, are absent.
 */
export interface Redraws {
  /** Redraws per patient, 2 or more. */
  times: number;
  columns: ReadonlyMap<string, Float64Array>;
}

/**
 * The redraws of some rows; copies, so that no other row is reachable.
 *
 * @param patients rows of the table
 * @throws NacreError `table-shape`
 */
export function redrawsOfRows(
  { times, columns }: Redraws,
  patients: number,
  rows: readonly number[],
): Redraws {
  const taken = new Map<string, Float64Array>();
  for (const [name, values] of columns) {
    if (values.length !== times * patients) {
      throw new NacreError('table-shape', 'redraws do not fit the table', {
        column: name,
        found: `${values.length} values`,
        expected: `${times} for each of ${patients} patients`,
      });
    }
    const drawn = new Float64Array(times * rows.length);
    rows.forEach((row, i) => {
      drawn.set(values.subarray(times * row, times * (row + 1)), times * i);
    });
    taken.set(name, drawn);
  }
  return { times, columns: taken };
}
