import type { Vector3 } from '../../imaging/volume.ts';
import type { Singles } from './boundary.ts';

/** Taps a sweep over a row takes at once: a row is then read and written once for six of them. */
const atOnce = 6;

/**
 * `convolve` in single precision, product and sum rounded to float32 at every tap: to the last bit what PyWavelets computes
 * from float32 (convolution.template.c, `_downsampling_convolution_periodization`). A rounded sum depends on the order
 * of its terms: PyWavelets adds taps from the first to the last, but where the kernel reaches beyond the axis' end, the taps
 * there come first, the outermost foremost.
 *
 * @param axis 0, 1, 2: i, j, k
 * @param kernel numbers that float32 can hold
 * @param end position along the axis, of the result, from which on the kernel reaches beyond the end: one tap there, then two …
 */
export function convolveSingle(
  { data, size }: Singles,
  axis: 0 | 1 | 2,
  kernel: Float64Array,
  end: number,
): Singles {
  const taps = kernel.length;
  const shorter = [size[0], size[1], size[2]];
  shorter[axis] -= taps - 1;
  const to: Vector3 = [shorter[0], shorter[1], shorter[2]];
  const out = new Float32Array(to[0] * to[1] * to[2]);
  const step = [1, size[0], size[0] * size[1]][axis];
  const orders = Array.from({ length: Math.max(0, to[axis] - end) + 1 }, (_, beyond) =>
    inOrder(kernel, step, Math.min(taps, beyond)),
  );
  const regular = axis === 0 ? Math.max(0, Math.min(to[0], end)) : to[0];
  for (let k = 0; k < to[2]; k++) {
    for (let j = 0; j < to[1]; j++) {
      const from = size[0] * (j + size[1] * k);
      const row = to[0] * (j + to[1] * k);
      const position = axis === 1 ? j : axis === 2 ? k : 0;
      const order = axis === 0 ? orders[0] : orders[Math.max(0, position - end + 1)];
      sweep(data, out, from, row, regular, order);
      for (let i = regular; i < to[0]; i++) {
        sweep(data, out, from + i, row + i, 1, orders[i - end + 1]);
      }
    }
  }
  return { data: out, size: to };
}

/** Taps in the order of their sum: weights, and how far from the first voxel of the kernel's reach each is read. */
interface Order {
  weights: Float32Array;
  offsets: Int32Array;
}

function inOrder(kernel: Float64Array, step: number, beyond: number): Order {
  const taps = kernel.length;
  const length = Math.ceil(taps / atOnce) * atOnce;
  // Taps beyond the last weigh 0 and are read from where there is a voxel.
  const weights = new Float32Array(length);
  const offsets = new Int32Array(length);
  for (let at = 0; at < taps; at++) {
    const tap = at < beyond ? beyond - 1 - at : at;
    weights[at] = kernel[tap];
    offsets[at] = (taps - 1 - tap) * step;
  }
  return { weights, offsets };
}

function sweep(
  data: Float32Array,
  out: Float32Array,
  from: number,
  row: number,
  count: number,
  { weights, offsets }: Order,
): void {
  const float = Math.fround;
  for (let tap = 0; tap < weights.length; tap += atOnce) {
    const [w0, w1, w2] = [weights[tap], weights[tap + 1], weights[tap + 2]];
    const [w3, w4, w5] = [weights[tap + 3], weights[tap + 4], weights[tap + 5]];
    const a0 = from + offsets[tap];
    const a1 = from + offsets[tap + 1];
    const a2 = from + offsets[tap + 2];
    const a3 = from + offsets[tap + 3];
    const a4 = from + offsets[tap + 4];
    const a5 = from + offsets[tap + 5];
    for (let i = 0; i < count; i++) {
      let sum = float(out[row + i] + float(w0 * data[a0 + i]));
      sum = float(sum + float(w1 * data[a1 + i]));
      sum = float(sum + float(w2 * data[a2 + i]));
      sum = float(sum + float(w3 * data[a3 + i]));
      sum = float(sum + float(w4 * data[a4 + i]));
      out[row + i] = sum + float(w5 * data[a5 + i]);
    }
  }
}
