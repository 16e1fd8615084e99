import { type Box, sizeOfBox } from '../../imaging/crop.ts';
import { indexToPoint, markOf, type Vector3, type Volume } from '../../imaging/volume.ts';
import { type Boundary, boundaryIndices, type Doubles, gather } from './boundary.ts';
import { convolve } from './convolve.ts';
import type { FilteredImage } from './filtered-image.ts';
import { onBox } from './on-box.ts';
import type { WaveletOptions } from './wavelet.ts';
import { waveletFilters } from './wavelet-filters.ts';

export interface DecimatedWaveletOptions
  extends Pick<WaveletOptions, 'wavelet' | 'level' | 'startLevel' | 'axes'> {
  /**
   * Beyond the image: `mirror`, `periodic`, `zero` and `nearest` are PyWavelets' modes `symmetric`, `periodic`, `zero` and
   * `constant`. Default `mirror`.
   */
  boundary?: Boundary;
}

/**
 * Decimated separable wavelet transform: PyWavelets' `dwtn`, level after level of the low-pass. Names are those of `wavelet`.
 * Every other coefficient is kept, so that an axis of n voxels becomes ⌊(n + taps - 1) / 2⌋ of twice the spacing, the first of
 * them outside the image; coefficients lie where the undecimated transform has them.
 *
 * @throws NacreError `unknown-name`
 */
export function decimatedWavelet(
  volume: Volume,
  options: DecimatedWaveletOptions = {},
): FilteredImage[] {
  const { level = 1, startLevel = 0, axes = [0, 1, 2], boundary = 'mirror' } = options;
  const filters = waveletFilters(options.wavelet ?? 'coif1');
  const low = 'L'.repeat(axes.length);
  const out: FilteredImage[] = [];
  let input: Volume = volume;
  for (let depth = 1; depth <= startLevel + level; depth++) {
    const at = depth - startLevel;
    const prefix = at > 1 ? `wavelet${at}` : 'wavelet';
    const bands = halved(input, axes, boundary, filters);
    for (const [name, band] of bands) {
      if (at >= 1 && name !== low) out.push({ name: `${prefix}-${name}`, volume: band });
    }
    input = bands.get(low) as Volume;
    if (at === level) out.push({ name: `${prefix}-${low}`, volume: input });
  }
  return out;
}

function halved(
  input: Volume,
  axes: readonly (0 | 1 | 2)[],
  boundary: Boundary,
  filters: { L: Float64Array; H: Float64Array },
): Map<string, Volume> {
  const taps = filters.L.length;
  const centre = taps / 2;
  let bands = new Map<string, Doubles>([
    ['', { data: Float64Array.from(input.data), size: input.size }],
  ]);
  for (const axis of axes) {
    const next = new Map<string, Doubles>();
    for (const [name, part] of bands) {
      for (const letter of ['L', 'H'] as const) {
        next.set(name + letter, everyOther(part, axis, filters[letter], boundary));
      }
    }
    bands = next;
  }
  const doubled = (values: readonly number[], by: (axis: number) => number): Vector3 => {
    const [x, y, z] = values.map((value, axis) => (axes.includes(axis as 0) ? by(axis) : value));
    return [x, y, z];
  };
  const geometry = {
    direction: input.direction,
    ...markOf(input),
    spacing: doubled(input.spacing, (axis) => 2 * input.spacing[axis]),
    // Coefficient i of an axis is the undecimated one at 2i + 1 - centre.
    origin: indexToPoint(
      input,
      doubled([0, 0, 0], () => 1 - centre),
    ),
  };
  return new Map([...bands].map(([name, { data, size }]) => [name, { ...geometry, size, data }]));
}

/** out[i] = Σ_j kernel[j] f[2i + 1 - j] along an axis, f continued beyond its ends. */
function everyOther(
  part: Doubles,
  axis: 0 | 1 | 2,
  kernel: Float64Array,
  boundary: Boundary,
): Doubles {
  const n = part.size[axis];
  const count = Math.floor((n + kernel.length - 1) / 2);
  const indices = part.size.map((length, d) =>
    d === axis
      ? boundaryIndices(2 - kernel.length, 2 * count - 2 + kernel.length, n, boundary)
      : boundaryIndices(0, length, length, boundary),
  );
  const all = convolve(gather(part, indices[0], indices[1], indices[2]), axis, kernel);
  const kept = all.size.map((length, d) =>
    d === axis
      ? Int32Array.from({ length: count }, (_, i) => 2 * i)
      : Int32Array.from({ length }, (_, i) => i),
  );
  return gather(all, kept[0], kept[1], kept[2]);
}

/**
 * A decimated sub-band on the grid of the image that it came from: each voxel takes the nearest coefficient, so that a mask of the
 * image fits it.
 */
export function onImageGrid(band: Volume, image: Volume, within: Box): Volume {
  const [x, y, z] = sizeOfBox(within).map((n, axis) => {
    const ratio = Math.round(band.spacing[axis] / image.spacing[axis]);
    const first = firstIndex(band, image, axis as 0);
    return Int32Array.from({ length: n }, (_, i) =>
      Math.min(
        band.size[axis] - 1,
        Math.max(0, Math.round((within.low[axis] + i - first) / ratio)),
      ),
    );
  });
  return onBox(image, within, gather(band, x, y, z).data);
}

/** Place of a band's first coefficient along an axis of the image, voxels. */
function firstIndex(band: Volume, image: Volume, axis: 0 | 1 | 2): number {
  let along = 0;
  for (let row = 0; row < 3; row++) {
    along += (band.origin[row] - image.origin[row]) * image.direction[3 * row + axis];
  }
  return Math.round(along / image.spacing[axis]);
}
