import type { Vector3 } from '../../imaging/volume.ts';
import type { Doubles } from './boundary.ts';

/** Taps a sweep over a row takes at once: a row is then read and written once for six of them. */
const atOnce = 6;

/**
 * Convolution along one axis where the kernel fits: out[i] = Σ_j kernel[j] · in[i + K - 1 - j]; the axis becomes K - 1 shorter.
 *
 * @param axis 0, 1, 2: i, j, k
 */
export function convolve({ data, size }: Doubles, axis: 0 | 1 | 2, kernel: Float64Array): Doubles {
  const taps = kernel.length;
  const shorter = [size[0], size[1], size[2]];
  shorter[axis] -= taps - 1;
  const to: Vector3 = [shorter[0], shorter[1], shorter[2]];
  const out = new Float64Array(to[0] * to[1] * to[2]);
  // Every axis is a distance between neighbours; rows of x are swept whole.
  const step = [1, size[0], size[0] * size[1]][axis];
  const weights = new Float64Array(Math.ceil(taps / atOnce) * atOnce);
  weights.set(kernel);
  for (let k = 0; k < to[2]; k++) {
    for (let j = 0; j < to[1]; j++) {
      const from = size[0] * (j + size[1] * k);
      const row = to[0] * (j + to[1] * k);
      for (let tap = 0; tap < taps; tap += atOnce) {
        sweep(data, out, from + (taps - 1 - tap) * step, row, to[0], step, weights, tap, taps);
      }
    }
  }
  return { data: out, size: to };
}

function sweep(
  data: Float64Array,
  out: Float64Array,
  from: number,
  row: number,
  count: number,
  step: number,
  weights: Float64Array,
  tap: number,
  taps: number,
): void {
  const [w0, w1, w2] = [weights[tap], weights[tap + 1], weights[tap + 2]];
  const [w3, w4, w5] = [weights[tap + 3], weights[tap + 4], weights[tap + 5]];
  // Taps beyond the last weigh 0 and are read from where there is a voxel.
  const left = taps - tap - 1;
  const s1 = Math.min(1, left) * step;
  const s2 = Math.min(2, left) * step;
  const s3 = Math.min(3, left) * step;
  const s4 = Math.min(4, left) * step;
  const s5 = Math.min(5, left) * step;
  for (let i = 0; i < count; i++) {
    const at = from + i;
    out[row + i] +=
      w0 * data[at] +
      w1 * data[at - s1] +
      w2 * data[at - s2] +
      w3 * data[at - s3] +
      w4 * data[at - s4] +
      w5 * data[at - s5];
  }
}
