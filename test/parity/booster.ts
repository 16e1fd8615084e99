import { exactBooster } from '../../src/learning/xgboost/exact/exact-booster.ts';
import { loadMlXgboost } from '../../src/learning/xgboost/ml-xgboost.ts';
import {
  counting,
  differenceOn,
  randomFit,
  tableKinds,
} from '../learning/xgboost/random-tables.ts';
import type { ParityReport } from './parity-row.ts';

/** Several minutes. */
export const scope = 'parity-only';

const tables = 10_000;

/** Trees of `implementation: exact` beside those of ml-xgboost on random synthetic tables: up to four fits on each, as columns are dropped. */
export default async function compare(): Promise<ParityReport> {
  const arbiter = await loadMlXgboost();
  const handed = counting(arbiter);
  const ours = exactBooster(handed);
  const counted = counting(arbiter);
  const differences = new Map<string, string[]>(tableKinds.map((kind) => [kind, []]));
  for (let number = 0; number < tables; number++) {
    const difference = differenceOn(number, ours, counted);
    if (difference !== undefined) differences.get(randomFit(number).kind)!.push(difference);
  }
  const rows = tableKinds.map((kind, k) => {
    const reference = Math.ceil((tables - k) / tableKinds.length);
    const found = differences.get(kind)!;
    return {
      suite: 'exact booster',
      case: kind,
      item: 'tables with the same trees to the last bit',
      ours: reference - found.length,
      reference,
      tolerance: 'none',
      ok: found.length === 0,
      ...(found.length === 0 ? {} : { note: found[0] }),
    };
  });
  return {
    rows,
    remarks: [
      `${counted.fits()} fits on ${tables} tables, all settings drawn; ${handed.fits()} of them handed to ${arbiter.name} (random draws, rounded sums of equal values, 0 / 0)`,
    ],
  };
}
