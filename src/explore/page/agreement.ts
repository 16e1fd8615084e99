import type { MeasuredFeature } from '../protocol.ts';

/**
 * How what was measured here compares with what the run measured: a sentence; undefined where the run has none of these features or
 * the settings differ so much that no name is shared.
 */
export function agreementWithRun(
  prefix: string,
  ofRun: Readonly<Record<string, number | null>>,
  found: readonly MeasuredFeature[],
): string | undefined {
  let compared = 0;
  let equal = 0;
  let most = 0;
  for (const { name, value } of found) {
    const known = ofRun[prefix + name];
    if (known === undefined) continue;
    compared++;
    if (known === value) {
      equal++;
      continue;
    }
    if (known === null || value === null) continue;
    const difference = Math.abs(value - known) / Math.max(Math.abs(known), Math.abs(value));
    if (difference <= 1e-12) equal++;
    most = Math.max(most, difference);
  }
  if (compared === 0) return undefined;
  if (equal === compared) return `All ${compared} features are those of the run (to 1e-12).`;
  return `${equal} of ${compared} features are those of the run; the settings or the region differ (largest difference ${(100 * most).toPrecision(2)}%).`;
}
