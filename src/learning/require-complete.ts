import { NacreError } from '../runtime/errors.ts';
import type { TrainingRows } from './rows.ts';

/** Refuses rows with a gap, naming the first one. @throws NacreError `missing-values` */
export function requireComplete(
  { patients, columns }: Pick<TrainingRows, 'patients' | 'columns'>,
  who: string,
): void {
  for (const { name, values } of columns) {
    for (let row = 0; row < values.length; row++) {
      if (!Number.isNaN(values[row])) continue;
      throw new NacreError('missing-values', `${who} needs complete columns`, {
        patient: patients[row],
        row: row + 1,
        column: name,
        found: 'a missing value',
        todo: 'impute first (impute: median)',
      });
    }
  }
}
