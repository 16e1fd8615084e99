import { NacreError } from '../../runtime/errors.ts';
import type { DeepInput } from '../deep-input.ts';
import type { OnnxLayout } from './onnx-layout.ts';
import type { Pooling } from './poolings.ts';

interface ShapedData {
  data: Float32Array;
  dims: readonly number[];
}

/** Slices that one pass takes. */
const sliceBatch = 16;

/**
 * Channels of one region as tensors of a network, in its own order of axes. A two-dimensional network gets the slices that
 * hold some of the region (all without a region), up to 16 per pass.
 */
export function tensorsOf(channels: readonly DeepInput[], layout: OnnxLayout): ShapedData[] {
  const { axes, slices, batch } = layout;
  const [{ shape, region }] = channels;
  const [nz, ny, nx] = shape;
  const size: Record<string, number> = { X: nx, Y: ny, Z: nz, C: layout.channels };
  const stride: Record<string, number> = { X: 1, Y: nx, Z: nx * ny };
  const places =
    slices === undefined ? [0] : slicesWith(region, size[slices], stride[slices], shape);
  const perPass = slices === undefined || batch === 1 ? 1 : sliceBatch;
  const out: ShapedData[] = [];
  for (let from = 0; from < places.length; from += perPass) {
    const some = places.slice(from, from + perPass);
    const dims = [...axes].map((axis) => (axis === 'N' ? some.length : size[axis]));
    const data = new Float32Array(dims.reduce((product, n) => product * n, 1));
    const index = new Int32Array(dims.length);
    for (let at = 0; at < data.length; at++) {
      let offset = 0;
      let channel = 0;
      for (let a = 0; a < dims.length; a++) {
        const axis = axes[a];
        if (axis === 'C') channel = index[a];
        else if (axis === 'N') offset += slices === undefined ? 0 : some[index[a]] * stride[slices];
        else offset += index[a] * stride[axis];
      }
      data[at] = channels[Math.min(channel, channels.length - 1)].data[offset];
      for (let a = dims.length - 1; a >= 0; a--) {
        if (++index[a] < dims[a]) break;
        index[a] = 0;
      }
    }
    out.push({ data, dims });
  }
  return out;
}

/** Numbers of the slices that hold a voxel of the region. */
function slicesWith(
  region: Uint8Array | undefined,
  count: number,
  stride: number,
  [nz, ny, nx]: readonly number[],
): number[] {
  const all = Array.from({ length: count }, (_, i) => i);
  if (region === undefined) return all;
  const holds = new Uint8Array(count);
  for (let at = 0; at < nx * ny * nz; at++) {
    if (region[at] === 1) holds[Math.floor(at / stride) % count] = 1;
  }
  return all.filter((slice) => holds[slice] === 1);
}

/**
 * One vector per region: over the axes of space (tokens of a transformer), then over slices. Features stand on the last
 * axis of an output [batch, tokens, features] and where the input has its channels last, else on the second.
 *
 * @throws NacreError `bad-option` for outputs that cannot be pooled so
 */
export function pooledOutput(
  outputs: readonly ShapedData[],
  { axes, output }: OnnxLayout,
  pool: Pooling,
): Float32Array {
  if (pool === 'none') return outputs[0].data.slice();
  let sum: Float64Array | undefined;
  let vectors = 0;
  for (const { data, dims } of outputs) {
    if (dims.length < 2 || data.length === 0) {
      throw new NacreError('bad-option', 'the output has no axis of features', {
        found: `${output} of ${dims.join('×') || 'a scalar'}`,
        expected: 'batch × features, with axes of space between or behind',
        todo: 'name another output',
      });
    }
    const last = dims.length === 3 || axes.endsWith('C');
    const features = last ? dims[dims.length - 1] : dims[1];
    const places = data.length / (dims[0] * features);
    sum ??= new Float64Array(features).fill(pool === 'max' ? Number.NEGATIVE_INFINITY : 0);
    for (let n = 0; n < dims[0]; n++) {
      for (let f = 0; f < features; f++) {
        const base = n * features * places + (last ? f : f * places);
        const step = last ? features : 1;
        let value = pool === 'max' ? Number.NEGATIVE_INFINITY : 0;
        for (let p = 0; p < places; p++) {
          const one = data[base + p * step];
          // Written so that NaN stays NaN.
          if (pool === 'mean') value += one;
          else if (!(one <= value)) value = one;
        }
        if (pool === 'mean') sum[f] += value / places;
        else if (!(value <= sum[f])) sum[f] = value;
      }
      vectors++;
    }
  }
  const total = sum ?? new Float64Array(0);
  return Float32Array.from(total, (value) => (pool === 'mean' ? value / vectors : value));
}
