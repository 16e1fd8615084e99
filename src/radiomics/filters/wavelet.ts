import { type Box, crop } from '../../imaging/crop.ts';
import {
  type Geometry,
  indexToPoint,
  markOf,
  type Vector3,
  type Volume,
} from '../../imaging/volume.ts';
import { NacreError } from '../../runtime/errors.ts';
import {
  type Boundary,
  boundaryIndices,
  type Doubles,
  gather,
  gatherSingle,
  paddedBox,
  paddedIndices,
  type Singles,
  wholeBox,
} from './boundary.ts';
import { convolve } from './convolve.ts';
import { convolveSingle } from './convolve-single.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { type WaveletFilters, waveletFilters } from './wavelet-filters.ts';

export interface WaveletOptions extends WithinBox {
  /** Any discrete wavelet of PyWavelets (`waveletNames`). Default `coif1`. */
  wavelet?: string;
  /** Levels, each the decomposition of the last one's low-pass (LLL). Default 1. */
  level?: number;
  /** Levels left out before the first one given. Default 0. */
  startLevel?: number;
  /** Axes (0, 1, 2: i, j, k) that are decomposed, in the order of the letters. Default [0, 1, 2]; two for 2D. */
  axes?: readonly (0 | 1 | 2)[];
  /**
   * Beyond the image. Default `pyradiomics`: an axis of odd length is wrapped by one voxel, then periodic (and cut back after),
   * and an image in float32 is filtered in float32, as PyWavelets does it.
   */
  boundary?: 'pyradiomics' | Boundary;
  /** Widen the filters by 2 per level (à trous), as IBSI 2 does and PyRadiomics does not. Default false. */
  dilated?: boolean;
  /** Axes along which the filters are reversed, as they are after a rotation (`invariantWavelet`). Default none. */
  reversed?: readonly (0 | 1 | 2)[];
}

/**
 * Undecimated separable wavelet transform (IBSI 2 reference manual, 3.7; 25BO). Sub-bands are named by axis i, j, k: `LLH` is
 * low-pass along i and j, high-pass along k. Names and order are PyRadiomics': `wavelet-LLH` … `wavelet-HHH`, `wavelet2-…` from
 * the second level on, the last level's low-pass at the end. Filters and phase are PyWavelets' `swtn`. Voxels are doubles, or
 * float32 as `boundary` says.
 *
 * @throws NacreError `unknown-name`
 */
export function wavelet(volume: Volume, options: WaveletOptions = {}): FilteredImage[] {
  const { level = 1, startLevel = 0, axes = [0, 1, 2], dilated = false, reversed = [] } = options;
  const { boundary = 'pyradiomics', within = wholeBox(volume) } = options;
  const out: FilteredImage[] = [];
  const depth = startLevel + level;
  let input: Pick<Volume, 'data' | 'size'> = volume;
  let at: Boundary = boundary === 'pyradiomics' ? 'periodic' : boundary;
  const single = boundary === 'pyradiomics' && !dilated && volume.data instanceof Float32Array;
  const filters = waveletFilters(options.wavelet ?? 'coif1', { single });
  // PyRadiomics' odd axes: the wrapped voxel is part of the periodic image and goes through every level.
  if (boundary === 'pyradiomics' && volume.size.some((n) => n % 2 === 1)) {
    const [x, y, z] = volume.size.map((n) => boundaryIndices(0, n + (n % 2), n, 'periodic'));
    input = single ? gatherSingle(volume, x, y, z) : gather(volume, x, y, z);
    at = 'periodic';
  }
  for (let depthNow = 1; depthNow <= depth; depthNow++) {
    const last = depthNow === depth;
    const width = dilated ? 2 ** (depthNow - 1) : 1;
    const box = last ? within : wholeBox(input);
    const wanted = depthNow > startLevel;
    const level = { filters, axes, boundary: at, width, wanted, single, reversed };
    const bands = subBands(input, box, level);
    const low = 'L'.repeat(axes.length);
    const prefix = depthNow - startLevel > 1 ? `wavelet${depthNow - startLevel}` : 'wavelet';
    for (const [name, band] of bands) {
      if (name === low || !wanted) continue;
      out.push({
        name: `${prefix}-${name}`,
        volume: placed(volume, band, last ? within : undefined, within),
      });
    }
    const approximation = bands.get(low) as Doubles | Singles;
    if (last) {
      out.push({ name: `${prefix}-${low}`, volume: placed(volume, approximation, within, within) });
    }
    input = approximation;
  }
  return out;
}

/** One sub-band of level 1 alone, such as `LHL`. */
export function waveletBand(
  volume: Volume,
  band: string,
  options: Omit<WaveletOptions, 'level' | 'startLevel' | 'axes'> = {},
): Volume {
  const all = wavelet(volume, options);
  const found = all.find(({ name }) => name === `wavelet-${band}`);
  if (found !== undefined) return found.volume;
  throw new NacreError('unknown-name', 'there is no such sub-band', {
    found: band,
    expected: all.map(({ name }) => name.slice('wavelet-'.length)).join(', '),
  });
}

/** How one level is decomposed. */
interface Decomposition {
  filters: WaveletFilters;
  axes: readonly (0 | 1 | 2)[];
  boundary: Boundary;
  /** Distance of the taps, voxels: 2 per level à trous. */
  width: number;
  /** False: only the low-pass, for the next level. */
  wanted: boolean;
  /** In float32. */
  single: boolean;
  reversed: readonly (0 | 1 | 2)[];
}

function subBands(
  input: Pick<Volume, 'data' | 'size'>,
  box: Box,
  { filters, axes, boundary, width, wanted, single, reversed }: Decomposition,
): Map<string, Doubles | Singles> {
  const kernels = { L: widen(filters.L, width), H: widen(filters.H, width) };
  const turned = { L: kernels.L.slice().reverse(), H: kernels.H.slice().reverse() };
  // The tap that lies on the voxel; a filter that is reversed turns about it.
  const centre = (filters.L.length / 2) * width;
  const beyond = kernels.L.length - 1 - centre;
  const before = [0, 0, 0];
  const after = [0, 0, 0];
  for (const axis of axes) {
    after[axis] = reversed.includes(axis) ? beyond : centre;
    before[axis] = reversed.includes(axis) ? centre : beyond;
  }
  const triple = (v: number[]): Vector3 => [v[0], v[1], v[2]];
  if (single) {
    const [x, y, z] = paddedIndices(input, box, triple(before), triple(after), boundary);
    return split(gatherSingle(input, x, y, z), axes, wanted, (part, axis, letter) => {
      const end = input.size[axis] - box.low[axis] - centre;
      return convolveSingle(part, axis, kernels[letter], end);
    });
  }
  const padded = paddedBox(input, box, triple(before), triple(after), boundary);
  return split(padded, axes, wanted, (part, axis, letter) =>
    convolve(part, axis, (reversed.includes(axis) ? turned : kernels)[letter]),
  );
}

/** Halves axis after axis; where only the low-pass is wanted, that alone. */
function split<Part>(
  whole: Part,
  axes: readonly (0 | 1 | 2)[],
  wanted: boolean,
  filter: (part: Part, axis: 0 | 1 | 2, letter: 'L' | 'H') => Part,
): Map<string, Part> {
  let bands = new Map([['', whole]]);
  for (const axis of axes) {
    const next = new Map<string, Part>();
    for (const [name, part] of bands) {
      next.set(`${name}L`, filter(part, axis, 'L'));
      if (wanted) next.set(`${name}H`, filter(part, axis, 'H'));
    }
    bands = next;
  }
  return bands;
}

/** Zeros between the taps: à trous. */
function widen(kernel: Float64Array, width: number): Float64Array {
  if (width === 1) return kernel;
  const wide = new Float64Array((kernel.length - 1) * width + 1);
  for (let i = 0; i < kernel.length; i++) wide[i * width] = kernel[i];
  return wide;
}

/** A response with its place in the patient; `box` is what it covers (undefined: the whole, wrapped axes included). */
function placed(
  image: Geometry,
  band: Doubles | Singles,
  box: Box | undefined,
  within: Box,
): Volume {
  const { spacing, direction, origin } = image;
  const grid = { spacing, direction, origin, ...markOf(image) };
  const whole: Volume = { ...grid, size: band.size, data: band.data };
  return box === undefined
    ? crop(whole, within)
    : { ...whole, origin: indexToPoint(image, box.low) };
}
