import type { Vector3 } from '../../imaging/volume.ts';
import type { WeightingNorm } from '../feature-class.ts';
import { type Angle, stepLength } from './angles.ts';

/**
 * The matrices of all directions as one, where a norm is asked for: the sum of their counts, each times its weight.
 *
 * @param weightOf weight of a direction by the length of its step (mm; 1 without weighting)
 */
export function mergedMatrices<M extends { readonly angle: Angle; readonly counts: Float64Array }>(
  matrices: readonly M[],
  spacing: Vector3,
  norm: WeightingNorm | undefined,
  weightOf: (length: number) => number,
): readonly M[] {
  if (norm === undefined || matrices.length === 0) return matrices;
  const sum = new Float64Array(matrices[0].counts.length);
  for (const { angle, counts } of matrices) {
    const weight = weightOf(stepLength(angle, spacing, norm));
    for (let at = 0; at < sum.length; at++) sum[at] += weight * counts[at];
  }
  return [{ ...matrices[0], counts: sum }];
}
