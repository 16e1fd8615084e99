export type Interpolation = 'nearest' | 'linear' | 'bspline';

/** For every new voxel along one axis, the old voxels it is made of and their weights. */
export interface Taps {
  /** Old voxels per new voxel. */
  width: 1 | 2 | 4;
  /** `width` indices per new voxel, all within the old axis. */
  index: Int32Array;
  /** `width` weights per new voxel; all 0 where it lies outside. */
  weight: Float64Array;
  /** 1 where the new voxel lies within the image: at most half a voxel beyond the outermost centres. */
  inside: Uint8Array;
}

/**
 * Taps of one axis.
 *
 * @param count new voxels
 * @param first position of the first of them, in old voxels
 * @param step between them, in old voxels
 * @param n old voxels
 */
export function tapsOf(
  kind: Interpolation,
  count: number,
  first: number,
  step: number,
  n: number,
): Taps {
  const width = kind === 'nearest' ? 1 : kind === 'linear' ? 2 : 4;
  const index = new Int32Array(width * count);
  const weight = new Float64Array(width * count);
  const inside = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const x = first + step * i;
    // A grid made from the image's own corner may miss it by rounding.
    if (x < -0.5 - 1e-9 || x > n - 0.5 + 1e-9) continue;
    inside[i] = 1;
    if (kind === 'nearest') {
      index[i] = Math.min(n - 1, Math.max(0, Math.floor(x + 0.5)));
      weight[i] = 1;
    } else if (kind === 'linear') linearTap(x, n, 2 * i, index, weight);
    else cubicTap(x, n, 4 * i, index, weight);
  }
  return { width, index, weight, inside };
}

function linearTap(x: number, n: number, at: number, index: Int32Array, weight: Float64Array) {
  const low = Math.max(0, Math.floor(x));
  const part = Math.max(0, x - low);
  index[at] = Math.min(n - 1, low);
  index[at + 1] = Math.min(n - 1, low + 1);
  weight[at] = 1 - part;
  weight[at + 1] = part;
}

/** Weights of the cubic B-spline; beyond the border its coefficients are mirrored (ITK's BSplineInterpolateImageFunction). */
function cubicTap(x: number, n: number, at: number, index: Int32Array, weight: Float64Array) {
  const low = Math.floor(x);
  const w = x - low;
  const w3 = (1 / 6) * w * w * w;
  const w0 = 1 / 6 + 0.5 * w * (w - 1) - w3;
  const w2 = w + w0 - 2 * w3;
  weight[at] = w0;
  weight[at + 1] = 1 - w0 - w2 - w3;
  weight[at + 2] = w2;
  weight[at + 3] = w3;
  for (let t = 0; t < 4; t++) {
    let source = low - 1 + t;
    if (n === 1) source = 0;
    else {
      if (source < 0) source = -source;
      if (source > n - 1) source = 2 * (n - 1) - source;
    }
    index[at + t] = Math.min(n - 1, Math.max(0, source));
  }
}
