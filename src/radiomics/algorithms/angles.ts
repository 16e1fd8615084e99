import type { Vector3 } from '../../imaging/volume.ts';
import type { NeighbourOptions, WeightingNorm } from '../feature-class.ts';

/** Steps `[di, dj, dk]` between voxels, one of each opposite pair. */
export type Angle = Vector3;

/**
 * Directions of texture matrices: steps whose largest component (Chebyshev distance) is one of `distances`.
 * Distance 1 gives the 13 of a 3D region. Steps that no pair of voxels of the box can make are left out.
 *
 * @param size of the region's box, voxels
 */
export function angles(
  size: Vector3,
  {
    distances = [1],
    force2D = false,
    force2Ddimension = 0,
  }: Omit<NeighbourOptions, 'conventions' | 'enabled'> = {},
): Angle[] {
  const farthest = Math.max(...distances);
  // PyRadiomics counts dimensions as numpy does: 0 is z.
  const flat = force2D ? 2 - force2Ddimension : -1;
  const [x, y, z] = size.map((n, axis) => (axis === flat ? 0 : Math.min(farthest, n - 1)));
  const steps: Angle[] = [];
  for (let k = 0; k <= z; k++) {
    for (let j = k === 0 ? 0 : -y; j <= y; j++) {
      for (let i = k === 0 && j === 0 ? 1 : -x; i <= x; i++) {
        if (distances.includes(Math.max(Math.abs(i), Math.abs(j), k))) steps.push([i, j, k]);
      }
    }
  }
  return steps;
}

/** Length of a step, mm, in the norm asked for; 1 without weighting. */
export function stepLength([i, j, k]: Angle, spacing: Vector3, norm: WeightingNorm): number {
  const [x, y, z] = [Math.abs(i) * spacing[0], Math.abs(j) * spacing[1], Math.abs(k) * spacing[2]];
  if (norm === 'infinity') return Math.max(x, y, z);
  if (norm === 'euclidean') return Math.sqrt(x * x + y * y + z * z);
  return norm === 'manhattan' ? x + y + z : 1;
}
