import { signed } from '../../report/printed-number.ts';
import type { ColumnShape } from '../explore-data.ts';

/** How far a value lies from the cohort's mean, in standard deviations. What rounds to zero has no direction. */
export function distanceText(
  value: number,
  { mean, sd }: Pick<ColumnShape, 'mean' | 'sd'>,
): string {
  if (!(sd > 0)) return 'same in all patients';
  const distance = (value - mean) / sd;
  const text = Math.abs(distance) < 100 ? distance.toFixed(1) : distance.toPrecision(2);
  return `${signed(text)} SD`;
}
