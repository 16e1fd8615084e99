import { hypot } from '../runtime/elementary.ts';
import { NacreError } from '../runtime/errors.ts';
import type { Geometry } from './volume.ts';

export interface GeometryTolerance {
  /**
   * Largest difference in spacing and origin, as a share of the spacing, and of the entries of the direction.
   * Default 1e-4: headers hold 32-bit floats, and a ten-thousandth of a voxel moves no voxel.
   */
  tolerance?: number | undefined;
}

/** True for grids of equal size, wherever they lie. */
export function sameSize(a: Pick<Geometry, 'size'>, b: Pick<Geometry, 'size'>): boolean {
  return a.size.every((n, axis) => n === b.size[axis]);
}

/** Measured differences between two grids; empty where they are the same within the tolerance. */
export function geometryDifferences(
  a: Geometry,
  b: Geometry,
  { tolerance = 1e-4 }: GeometryTolerance = {},
): string[] {
  const differences: string[] = [];
  if (!sameSize(a, b)) {
    differences.push(`size ${a.size.join('×')} and ${b.size.join('×')}`);
  }
  const list = (v: readonly number[]) => `(${v.map((x) => Number(x.toPrecision(7))).join(', ')})`;
  const largest = (x: readonly number[], y: readonly number[]) =>
    Math.max(...x.map((value, i) => Math.abs(value - y[i])));
  const mm = largest(a.spacing, b.spacing);
  const limit = tolerance * Math.min(...a.spacing);
  if (!(mm <= limit)) {
    differences.push(
      `spacing ${list(a.spacing)} and ${list(b.spacing)} mm, ${mm.toPrecision(3)} mm apart`,
    );
  }
  const shift = hypot(...a.origin.map((x, i) => x - b.origin[i]));
  if (!(shift <= limit)) {
    differences.push(
      `origin ${list(a.origin)} and ${list(b.origin)} mm, ${shift.toPrecision(3)} mm apart`,
    );
  }
  const turn = largest(a.direction, b.direction);
  if (!(turn <= tolerance)) {
    differences.push(
      `direction ${list(a.direction)} and ${list(b.direction)}, ${turn.toPrecision(3)} apart`,
    );
  }
  return differences;
}

/**
 * Refuses an image and a mask that do not lie on the same grid, with the measured difference.
 *
 * @throws NacreError `geometry-mismatch`
 */
export function requireSameGeometry(
  image: Geometry,
  mask: Geometry,
  options: GeometryTolerance & { file?: string | undefined; patient?: string | undefined } = {},
): void {
  const differences = geometryDifferences(image, mask, options);
  if (differences.length === 0) return;
  throw new NacreError('geometry-mismatch', 'the mask lies on another grid than the image', {
    file: options.file,
    patient: options.patient,
    found: differences.join('; '),
    expected: `image and mask the same within ${options.tolerance ?? 1e-4} of a voxel`,
    todo: 'resample the mask onto the image (--resample-mask, or resampleMask: true in a study), or widen the tolerance if the difference is rounding',
  });
}
