import { hypot } from '../runtime/elementary.ts';
import { NacreError } from '../runtime/errors.ts';
import type { Geometry, Matrix3, Vector3 } from './volume.ts';

/** Kind of the assumption about a file that does not say how its grid lies in the patient. */
export const orientationMissing = 'orientation-missing';

/** How far axes may be from perpendicular: the cosine between two of them. Headers hold 32-bit floats. */
const perpendicularTolerance = 1e-3;

/**
 * A geometry out of the step vectors of i, j and k (LPS, mm). Spacing is their length, direction their unit vectors.
 *
 * @throws NacreError `bad-geometry` for steps that are zero, not finite or not perpendicular (a sheared grid)
 */
export function geometryOfSteps(
  size: Vector3,
  steps: readonly [Vector3, Vector3, Vector3],
  origin: Vector3,
  file: string,
): Geometry {
  const spacing = steps.map((step) => hypot(...step));
  const shown = steps.map((step) => `(${step.join(', ')})`).join(' ');
  if (!spacing.every((s) => Number.isFinite(s) && s > 0) || !origin.every(Number.isFinite)) {
    throw new NacreError('bad-geometry', 'the grid has no usable axes or origin', {
      file,
      found: `steps ${shown} mm, origin (${origin.join(', ')})`,
      expected: 'three finite steps longer than 0',
      todo: 'export the image again with its orientation',
    });
  }
  const unit = steps.map((step, axis) => step.map((x) => x / spacing[axis]));
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ]) {
    const cosine = unit[a][0] * unit[b][0] + unit[a][1] * unit[b][1] + unit[a][2] * unit[b][2];
    if (Math.abs(cosine) <= perpendicularTolerance) continue;
    throw new NacreError('bad-geometry', 'the axes of the grid are not perpendicular', {
      file,
      found: `steps ${shown} mm, cosine ${cosine.toPrecision(3)}`,
      expected: 'perpendicular axes',
      todo: 'resample the image onto a grid without shear',
    });
  }
  const direction = [0, 1, 2].flatMap((row) => unit.map((axis) => axis[row]));
  return {
    size,
    spacing: [spacing[0], spacing[1], spacing[2]],
    origin,
    direction: direction as unknown as Matrix3,
  };
}
