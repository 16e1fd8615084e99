import { type Box, sizeOfBox } from '../../imaging/crop.ts';
import type { Vector3, Volume } from '../../imaging/volume.ts';
import { alongAxis } from '../algorithms/along-axis.ts';
import { fourier, smoothLength } from '../algorithms/fourier.ts';
import { type Boundary, gather, paddedBox, wholeBox } from './boundary.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { type GaborKernel, gaborKernel } from './gabor-kernel.ts';
import { onBox } from './on-box.ts';
import { type Pooling, pooled } from './rotations.ts';

export interface GaborOptions extends WithinBox {
  /** Standard deviation of the Gaussian envelope along the wave, mm. Default 5. */
  sigma?: number;
  /** Wavelength, mm. Default 2. */
  lambda?: number;
  /** Aspect ratio γ: across the wave the envelope's standard deviation is sigma / γ. Default 1. */
  gamma?: number;
  /** Direction of the wave in the plane, degrees from its first axis to its second (i to j in axial slices). Default 0. */
  theta?: number;
  /** Further directions in steps of so many degrees up to a full turn; null: `theta` alone. Default null. */
  thetaStep?: number | null;
  /** How the moduli of all directions and planes become one. Default `mean`. */
  pooling?: Pooling;
  /** In the three orthogonal planes rather than in the slices alone. Default false. */
  planes?: boolean;
  /** Axis across the slices. Default 2 (k). */
  across?: 0 | 1 | 2;
  /** Beyond the image. Default `mirror`. */
  boundary?: Boundary;
}

/**
 * Modulus of the response to a Gabor kernel, slice by slice (IBSI 2 reference manual, 3.6; Q88H):
 * g[k] = exp(-(k₁'² + γ² k₂'²) / 2σ² + 2πi k₁' / λ), k' the offset turned by theta. Where there are several directions or planes,
 * their moduli are pooled. The envelope is cut at 6 standard deviations. By Fourier transforms of each slice, padded so that none
 * wraps around.
 */
export function gabor(volume: Volume, options: GaborOptions = {}): FilteredImage {
  const { boundary = 'mirror', pooling = 'mean', planes = false, across = 2 } = options;
  const { within = wholeBox(volume) } = options;
  const normals: readonly (0 | 1 | 2)[] = planes ? [2, 0, 1] : [across];
  const data = pooled(
    (function* () {
      for (const normal of normals) yield* inPlane(volume, normal, boundary, within, options);
    })(),
    pooling,
  );
  return {
    name: 'gabor',
    volume: onBox(volume, within, data),
  };
}

/** Directions, degrees. Two that are opposite have one modulus, so half a turn is enough. */
export function directions({ theta = 0, thetaStep = null }: GaborOptions): number[] {
  if (thetaStep === null) return [theta];
  const found: number[] = [];
  for (let n = 0; n * thetaStep < 360 - 1e-9; n++) found.push(theta + n * thetaStep);
  const opposite = (angle: number) =>
    found.some((other) => Math.abs(other - angle - 180) < 1e-9) ? 1 : 0;
  const half = found.filter(opposite);
  return half.length * 2 === found.length ? half : found;
}

/** How an axis of a plane is laid out for the transform. */
interface Layout {
  /** Places along it. */
  length: number;
  /** Where the box begins. */
  offset: number;
}

/**
 * A periodic or mirrored line repeats, so that one period of it is enough and the kernel is wrapped onto it; other lines are
 * continued as far as the kernel reaches.
 */
function layoutOf(n: number, wanted: number, reach: number, boundary: Boundary): Layout {
  const length = smoothLength(wanted + 2 * reach);
  const period = boundary === 'periodic' ? n : boundary === 'mirror' ? 2 * n : 0;
  const repeats = period > 0 && period < length && smoothLength(period) === period;
  return repeats ? { length: period, offset: 0 } : { length, offset: reach };
}

/** Moduli of the response in the planes across one axis, direction by direction. */
function* inPlane(
  volume: Volume,
  normal: 0 | 1 | 2,
  boundary: Boundary,
  within: Box,
  options: GaborOptions,
): Generator<Float64Array> {
  const [a, b] = ([0, 1, 2] as const).filter((axis) => axis !== normal);
  const kernels = directions(options).map((theta) => gaborKernel(volume, a, b, theta, options));
  const wanted = sizeOfBox(within);
  const layouts = wanted.map((n, axis): Layout => {
    if (axis === normal) return { length: n, offset: 0 };
    const reach = Math.max(...kernels.map((kernel) => kernel.reach[axis === a ? 0 : 1]));
    return layoutOf(volume.size[axis], n, reach, boundary);
  });
  const triple = (entry: (layout: Layout, axis: number) => number): Vector3 => [
    entry(layouts[0], 0),
    entry(layouts[1], 1),
    entry(layouts[2], 2),
  ];
  const size = triple(({ length }) => length);
  const before = triple(({ offset }) => offset);
  const after = triple(({ length, offset }, axis) => length - offset - wanted[axis]);
  const image: Spectrum = [paddedBox(volume, within, before, after, boundary).data];
  image.push(new Float64Array(image[0].length));
  transform(image, size, a);
  transform(image, size, b);
  const inside: Box = {
    low: before,
    high: triple(({ offset }, axis) => offset + wanted[axis] - 1),
  };
  for (const kernel of kernels) yield response(image, kernel, size, [a, b], inside);
}

/** Real and imaginary part. */
type Spectrum = Float64Array[];

function transform(parts: Spectrum, size: Vector3, axis: 0 | 1 | 2): void {
  alongAxis(parts, size, axis, ([x, y], n, beside) => fourier(x, y, n, beside));
}

/** |image * kernel| in the box, from the image's spectrum. */
function response(
  [re, im]: Spectrum,
  kernel: GaborKernel,
  size: Vector3,
  [a, b]: readonly [0 | 1 | 2, 0 | 1 | 2],
  inside: Box,
): Float64Array {
  const na = size[a];
  const [kernelRe, kernelIm] = spectrumOf(kernel, na, size[b]);
  // Real and imaginary part exchanged: the forward transform is then backward.
  let parts: Spectrum = [new Float64Array(im.length), new Float64Array(re.length)];
  const [outIm, outRe] = parts;
  const place = [0, 0, 0];
  for (let at = 0; place[2] < size[2]; place[2]++) {
    for (place[1] = 0; place[1] < size[1]; place[1]++) {
      for (place[0] = 0; place[0] < size[0]; place[0]++, at++) {
        const cell = place[a] + na * place[b];
        outRe[at] = re[at] * kernelRe[cell] - im[at] * kernelIm[cell];
        outIm[at] = re[at] * kernelIm[cell] + im[at] * kernelRe[cell];
      }
    }
  }
  let left = size;
  for (const axis of [b, a]) {
    transform(parts, left, axis);
    // Only lines of the box are needed for the next axis.
    ({ parts, left } = cut(parts, left, axis, inside));
  }
  const scale = 1 / (na * size[b]);
  const [x, y] = parts;
  return x.map((value, at) => scale * Math.sqrt(value * value + y[at] * y[at]));
}

/** The kernel's own spectrum, the kernel wrapped onto the plane. */
function spectrumOf(kernel: GaborKernel, na: number, nb: number): Spectrum {
  const parts = [new Float64Array(na * nb), new Float64Array(na * nb)];
  const [ra, rb] = kernel.reach;
  const wrap = (x: number, n: number) => ((x % n) + n) % n;
  for (let v = -rb, from = 0; v <= rb; v++) {
    const row = na * wrap(v, nb);
    for (let u = -ra; u <= ra; u++, from++) {
      const at = row + wrap(u, na);
      parts[0][at] += kernel.re[from];
      parts[1][at] += kernel.im[from];
    }
  }
  transform(parts, [na, nb, 1], 0);
  transform(parts, [na, nb, 1], 1);
  return parts;
}

/** The part of a grid that lies in the box along one axis. */
function cut(
  parts: Spectrum,
  size: Vector3,
  axis: 0 | 1 | 2,
  inside: Box,
): { parts: Spectrum; left: Vector3 } {
  const indices = size.map((n, d) =>
    d === axis
      ? Int32Array.from({ length: inside.high[d] - inside.low[d] + 1 }, (_, i) => inside.low[d] + i)
      : Int32Array.from({ length: n }, (_, i) => i),
  );
  const cutParts = parts.map((data) => gather({ data, size }, indices[0], indices[1], indices[2]));
  return { parts: cutParts.map(({ data }) => data), left: cutParts[0].size };
}
