import type { Volume } from '../../imaging/volume.ts';
import type { FilteredImage } from './filtered-image.ts';
import { type Pooling, pooled, type Rotation, rightAngleRotations } from './rotations.ts';
import { type WaveletOptions, wavelet } from './wavelet.ts';

export interface InvariantWaveletOptions extends Omit<WaveletOptions, 'boundary' | 'reversed'> {
  /** Beyond the image. Default `mirror`. */
  boundary?: Exclude<WaveletOptions['boundary'], 'pyradiomics' | undefined>;
  /** Default `mean`, as IBSI 2 has it. */
  pooling?: Pooling;
}

/**
 * Separable wavelets made invariant to rotations by right angles (IBSI 2 reference manual, 2.5): each sub-band is the mean or the
 * largest of the responses to its filter in 24 positions (4 slice by slice). Names are those of `wavelet`.
 *
 * A rotation permutes the axes, which only renames sub-bands, and reverses filters along some: a transform for each of the 8 (or
 * 4) choices of reversed axes is enough.
 */
export function invariantWavelet(
  volume: Volume,
  { pooling = 'mean', boundary = 'mirror', ...options }: InvariantWaveletOptions = {},
): FilteredImage[] {
  const { axes = [0, 1, 2] } = options;
  const rotations = rightAngleRotations(axes);
  const choices = new Map<string, FilteredImage[]>();
  for (const rotation of rotations) {
    const reversed = axes.filter((axis) => rotation[axis].reversed);
    const key = reversed.join();
    if (choices.has(key)) continue;
    choices.set(key, wavelet(volume, { ...options, boundary, reversed }));
  }
  const [first] = choices.values();
  return first.map(({ name, volume: { data: _, ...geometry } }) => ({
    name,
    volume: {
      ...geometry,
      data: pooled(
        (function* () {
          for (const rotation of rotations) {
            const reversed = axes.filter((axis) => rotation[axis].reversed);
            const images = choices.get(reversed.join()) as FilteredImage[];
            const turned = turnedName(name, rotation, axes);
            const band = images.find((image) => image.name === turned) as FilteredImage;
            yield band.volume.data as Float64Array;
          }
        })(),
        pooling,
      ),
    },
  }));
}

/** The sub-band whose letters, along the axes as they are, are those of `name` after the rotation. */
function turnedName(name: string, rotation: Rotation, axes: readonly (0 | 1 | 2)[]): string {
  const [prefix, letters] = name.split('-');
  const turned = axes.map((axis) => letters[axes.indexOf(rotation[axis].from)]);
  return `${prefix}-${turned.join('')}`;
}
