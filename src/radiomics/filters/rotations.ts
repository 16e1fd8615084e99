/** The kernel of an axis after a rotation: that of another axis, possibly reversed. */
export interface RotatedAxis {
  readonly from: 0 | 1 | 2;
  readonly reversed: boolean;
}

export type Rotation = readonly [RotatedAxis, RotatedAxis, RotatedAxis];

/** How responses to the rotated filters become one. */
export type Pooling = 'max' | 'mean';

const permutations = [
  [0, 1, 2],
  [1, 2, 0],
  [2, 0, 1],
  [0, 2, 1],
  [2, 1, 0],
  [1, 0, 2],
] as const;

/**
 * Rotations by right angles (IBSI 2 reference manual, 2.5): the 24 of a cube; with two axes the 4 in their plane. A rotation
 * permutes axes and reverses some, an even number of times altogether, so that it holds no reflection.
 */
export function rightAngleRotations(axes: readonly (0 | 1 | 2)[] = [0, 1, 2]): Rotation[] {
  const turned = (axis: number) => axes.includes(axis as 0);
  const found: Rotation[] = [];
  for (const [place, order] of permutations.entries()) {
    if (order.some((from, axis) => from !== axis && !turned(axis))) continue;
    for (let signs = 0; signs < 8; signs++) {
      const reversed = [0, 1, 2].map((axis) => ((signs >> axis) & 1) === 1);
      if (reversed.some((yes, axis) => yes && !turned(axis))) continue;
      const odd = place >= 3 !== (reversed.filter(Boolean).length % 2 === 1);
      if (odd) continue;
      const axis = (n: 0 | 1 | 2) => ({ from: order[n], reversed: reversed[n] });
      found.push([axis(0), axis(1), axis(2)]);
    }
  }
  return found;
}

/** The largest or the mean of responses, voxel by voxel; they are taken one at a time. NaN stays NaN. */
export function pooled(responses: Iterable<Float64Array>, pooling: Pooling): Float64Array {
  let out: Float64Array | undefined;
  let count = 0;
  for (const response of responses) {
    count++;
    if (out === undefined) out = response.slice();
    else if (pooling === 'max') {
      for (let i = 0; i < out.length; i++) {
        if (response[i] > out[i] || Number.isNaN(response[i])) out[i] = response[i];
      }
    } else {
      for (let i = 0; i < out.length; i++) out[i] += response[i];
    }
  }
  if (out === undefined) throw new Error('no response to pool');
  if (pooling === 'mean') for (let i = 0; i < out.length; i++) out[i] /= count;
  return out;
}
