import { type Box, growBox, sizeOfBox } from '../../imaging/crop.ts';
import type { Vector3, Volume } from '../../imaging/volume.ts';
import { NacreError } from '../../runtime/errors.ts';
import { type Boundary, wholeBox } from './boundary.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { onBox } from './on-box.ts';
import { type Pooling, pooled, rightAngleRotations } from './rotations.ts';
import { centred, rotated, type SeparableKernel, separableResponse } from './separable.ts';

export interface LawsOptions extends WithinBox {
  /** A kernel per axis in the order of i, j, k: `E5L5S5`; two for slice by slice. Default `L5E5E5`. */
  kernel?: string;
  /** Pool the responses to the kernel turned by right angles; null: the kernel as it is. Default null. */
  pooling?: Pooling | null;
  /** Radius δ of the neighbourhood of the energy, voxels (Chebyshev); null: the response itself. Default null. */
  energy?: number | null;
  /** Beyond the image. Default `mirror`. */
  boundary?: Boundary;
  /** Axes (0, 1, 2: i, j, k) that the kernels belong to. Default: as many as there are kernels, from i on. */
  axes?: readonly (0 | 1 | 2)[];
}

const unit = (taps: number[]) => {
  const norm = Math.sqrt(taps.reduce((sum, x) => sum + x * x, 0));
  return Float64Array.from(taps, (x) => x / norm);
};

/**
 * Laws' kernels (Laws 1980) with unit norm, as IBSI 2 normalises them (reference manual, 3.5; JTXT): level, edge, spot, wave,
 * ripple.
 */
export const lawsKernels = {
  L3: unit([1, 2, 1]),
  E3: unit([-1, 0, 1]),
  S3: unit([-1, 2, -1]),
  L5: unit([1, 4, 6, 4, 1]),
  E5: unit([-1, -2, 0, 2, 1]),
  S5: unit([-1, 0, 2, 0, -1]),
  W5: unit([-1, 2, 0, -2, 1]),
  R5: unit([1, -4, 6, -4, 1]),
} as const;

/** `E5L5S5` and such, of two or three kernels. */
export const lawsPattern = /^(?:[LES]3|[LESWR]5){2,3}$/;

/** Kernels of a name. @throws NacreError `bad-option` */
export function kernelsOfLaws(name: string, axes: number): Float64Array[] {
  const parts = name.match(/[A-Z]\d/g) ?? [];
  if (lawsPattern.test(name) && parts.length === axes) {
    return parts.map((part) => lawsKernels[part as keyof typeof lawsKernels]);
  }
  throw new NacreError('bad-option', 'these are no kernels of Laws', {
    column: 'lawsKernel',
    found: name,
    expected: `${axes} of ${Object.keys(lawsKernels).join(', ')}, such as ${axes === 2 ? 'L5E5' : 'L5E5E5'}`,
    todo: axes === 2 ? 'slice by slice (force2D) takes two' : 'in three dimensions it takes three',
  });
}

/**
 * Laws' texture response and, where asked for, its energy: the mean of |h| over the (2δ + 1)^D voxels around (IBSI 2 reference
 * manual, 3.5; JTXT, energy PQSD). The energy is that of the pooled response.
 *
 * @throws NacreError `bad-option`
 */
export function laws(volume: Volume, options: LawsOptions = {}): FilteredImage {
  const { kernel = 'L5E5E5', pooling = null, energy = null, boundary = 'mirror' } = options;
  const { within = wholeBox(volume) } = options;
  const axes = options.axes ?? ([0, 1, 2] as const).slice(0, kernel.length / 2);
  const taps = kernelsOfLaws(kernel, axes.length);
  const along = (axis: 0 | 1 | 2) => {
    const at = axes.indexOf(axis);
    return at === -1 ? undefined : centred(taps[at]);
  };
  const product: SeparableKernel = [along(0), along(1), along(2)];
  const box = energy === null ? within : surroundings(volume, within, energy, boundary);
  const respond = (one: SeparableKernel) => separableResponse(volume, one, boundary, box);
  let data: Float64Array;
  if (pooling === null) data = respond(product);
  else {
    const turned = rightAngleRotations(axes).map((rotation) => rotated(product, rotation));
    data = pooled(
      (function* () {
        for (const one of turned) yield respond(one);
      })(),
      pooling,
    );
  }
  if (energy !== null) {
    const size = sizeOfBox(box);
    for (let i = 0; i < data.length; i++) data[i] = Math.abs(data[i]);
    const flat = centred(new Float64Array(2 * energy + 1).fill(1 / (2 * energy + 1)));
    const smooth = (axis: 0 | 1 | 2) => (axes.includes(axis) ? flat : undefined);
    const inner = {
      low: within.low.map((n, axis) => n - box.low[axis]) as never,
      high: within.high.map((n, axis) => n - box.low[axis]) as never,
    };
    // The box was cut only at the image's border: the boundary rule holds there and nowhere else.
    data = separableResponse({ data, size }, [smooth(0), smooth(1), smooth(2)], boundary, inner);
  }
  return {
    name: 'laws',
    volume: onBox(volume, within, data),
  };
}

/** The box and the voxels around that its energy needs, also those on the other side of a periodic image. */
function surroundings(volume: Volume, within: Box, reach: number, boundary: Boundary): Box {
  const near = growBox(within, reach, volume);
  const wraps = [0, 1, 2].map(
    (axis) =>
      boundary === 'periodic' &&
      (within.low[axis] < reach || within.high[axis] + reach >= volume.size[axis]),
  );
  const { low, high } = wholeBox(volume);
  const chosen = (whole: Vector3, part: Vector3): Vector3 => {
    const [i, j, k] = wraps.map((yes, axis) => (yes ? whole[axis] : part[axis]));
    return [i, j, k];
  };
  return { low: chosen(low, near.low), high: chosen(high, near.high) };
}
