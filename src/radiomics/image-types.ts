import type { Box } from '../imaging/crop.ts';
import { requireFinite } from '../imaging/finite-voxels.ts';
import { geometryOf, type Mask, type Vector3, type Volume } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import { each, lawsKernelsOf } from './filter-settings.ts';
import { exponential } from './filters/exponential.ts';
import type { FilteredImage } from './filters/filtered-image.ts';
import { gabor } from './filters/gabor.ts';
import { gradient } from './filters/gradient.ts';
import { laplacianOfGaussian } from './filters/laplacian-of-gaussian.ts';
import { laws } from './filters/laws.ts';
import { localBinaryPattern2d } from './filters/local-binary-pattern-2d.ts';
import { localBinaryPattern3d } from './filters/local-binary-pattern-3d.ts';
import { logarithm } from './filters/logarithm.ts';
import { mean } from './filters/mean.ts';
import { sampledLaplacianOfGaussian } from './filters/sampled-laplacian-of-gaussian.ts';
import { simoncelli } from './filters/simoncelli.ts';
import { square } from './filters/square.ts';
import { squareRoot } from './filters/square-root.ts';
import { wavelet } from './filters/wavelet.ts';
import { decimatedWavelet, onImageGrid } from './filters/wavelet-decimated.ts';
import { invariantWavelet } from './filters/wavelet-invariant.ts';
import { gaborChoices, imageNames, simoncelliLevels } from './image-names.ts';
import type { ImageType } from './image-type-names.ts';
import type { Settings } from './settings.ts';

/** An image to measure on: the voxels from `low` on of the grid it was made from, or why it could not be made. */
export type MadeImage = { name: string } & ({ volume: Volume; low: Vector3 } | { reason: string });

/**
 * Image types in which a NaN stays where it is or reaches the filter's support: there the region of the filtered image is
 * checked. All others are recursive (LoG, the spline of LBP3D) or scaled by the largest voxel of the image, and one NaN
 * far off would change every voxel, an infinite one in silence.
 */
const reachesNeighboursOnly: ReadonlySet<ImageType> = new Set([
  'Original',
  'Wavelet',
  'Gradient',
  'Mean',
  'Laws',
]);

/**
 * The images of one type, one after the other, under the names of `imageNames`. If a filter refuses an image (one too
 * small for it), the error becomes the reason of its images.
 *
 * @param within the box that will be measured: filters give no more than it (LBP3D gives the whole grid)
 * @param regions what will be measured, on the image's grid: local binary patterns are made for these voxels only
 */
export function* imagesOf(
  type: ImageType,
  image: Volume,
  setting: Settings,
  within: Box,
  regions: readonly Mask[],
): Generator<MadeImage> {
  const names = imageNames(type, setting);
  const whole: Vector3 = [0, 0, 0];
  const axes = filteredAxes(setting);
  const boundary = setting.boundary ?? 'mirror';
  const cutOff = type === 'LoG' && setting.conventions === 'ibsi';
  if (!reachesNeighboursOnly.has(type) && !cutOff) {
    try {
      requireFinite(image.data);
    } catch (error) {
      for (const name of names) yield { name, reason: (error as Error).message };
      return;
    }
  }
  switch (type) {
    case 'Original':
      yield { name: names[0], volume: image, low: whole };
      return;
    case 'LoG':
      for (const [i, sigma] of setting.sigma.entries()) {
        // PyRadiomics has ITK's recursive Gaussian, always in 3D; IBSI 2 a sampled one that is cut off, slice by slice in 2D.
        yield* filteredImages([names[i]], within.low, () => [
          setting.conventions === 'ibsi'
            ? sampledLaplacianOfGaussian(image, { sigma, within, axes, boundary })
            : laplacianOfGaussian(image, { sigma, within }),
        ]);
      }
      return;
    case 'Wavelet':
      yield* filteredImages(names, within.low, () => waveletImages(image, setting, within));
      return;
    case 'Mean':
      for (const [i, size] of each(setting.meanSize).entries()) {
        yield* filteredImages([names[i]], within.low, () => [
          mean(image, { size, within, axes, boundary }),
        ]);
      }
      return;
    case 'Laws':
      for (const [i, kernel] of lawsKernelsOf(setting).entries()) {
        const { rotationInvariance: pooling, lawsEnergy: energy } = setting;
        yield* filteredImages([names[i]], within.low, () => [
          laws(image, { kernel, pooling, energy, within, axes, boundary }),
        ]);
      }
      return;
    case 'Gabor':
      for (const [i, parameters] of gaborChoices(setting).entries()) {
        yield* filteredImages([names[i]], within.low, () => [
          gabor(image, {
            ...parameters,
            theta: setting.gaborTheta,
            thetaStep: setting.gaborThetaStep,
            planes: setting.gaborPlanes,
            across: setting.force2D ? acrossSlices(setting) : 2,
            pooling: setting.rotationInvariance ?? 'mean',
            boundary,
            within,
          }),
        ]);
      }
      return;
    case 'Simoncelli':
      for (const [i, level] of simoncelliLevels(setting).entries()) {
        yield* filteredImages([names[i]], within.low, () => [
          simoncelli(image, { level, within, axes, boundary }),
        ]);
      }
      return;
    case 'Square':
      yield* filteredImages(names, within.low, () => [square(image, { within })]);
      return;
    case 'SquareRoot':
      yield* filteredImages(names, within.low, () => [squareRoot(image, { within })]);
      return;
    case 'Logarithm':
      yield* filteredImages(names, within.low, () => [logarithm(image, { within })]);
      return;
    case 'Exponential':
      yield* filteredImages(names, within.low, () => [exponential(image, { within })]);
      return;
    case 'Gradient':
      yield* filteredImages(names, within.low, () => [
        gradient(image, { useSpacing: setting.gradientUseSpacing, within }),
      ]);
      return;
    case 'LBP2D':
      yield* filteredImages(names, within.low, () => [
        localBinaryPattern2d(image, {
          radius: setting.lbp2DRadius,
          samples: setting.lbp2DSamples,
          method: setting.lbp2DMethod,
          // PyRadiomics takes the axis without regard to force2D.
          across: acrossSlices(setting),
          within,
        }),
      ]);
      return;
    case 'LBP3D':
      yield* filteredImages(names, whole, () =>
        localBinaryPattern3d(image, union(image, regions), {
          levels: setting.lbp3DLevels,
          radius: setting.lbp3DIcosphereRadius,
          subdivision: setting.lbp3DIcosphereSubdivision,
        }),
      );
  }
}

function* filteredImages(
  names: readonly string[],
  low: Vector3,
  filter: () => FilteredImage[],
): Generator<MadeImage> {
  let images: FilteredImage[];
  try {
    images = filter();
  } catch (error) {
    if (!(error instanceof NacreError)) throw error;
    for (const name of names) yield { name, reason: error.message };
    return;
  }
  // A filter gives its images in the order of `imageNames`; only the names there say what the settings added.
  if (images.length !== names.length) {
    throw new Error(`the filter made ${images.length} images, not ${names.join(', ')}`);
  }
  for (const [i, { volume }] of images.entries()) yield { name: names[i], volume, low };
}

/** A voxel's pattern depends on the image alone, so regions of one image share it. */
function union(image: Volume, regions: readonly Mask[]): Mask {
  if (regions.length === 1) return regions[0];
  const data = new Uint8Array(image.data.length);
  for (const region of regions) {
    for (let i = 0; i < data.length; i++) if (region.data[i] !== 0) data[i] = 1;
  }
  return { ...geometryOf(image), data };
}

/** Wavelets as the settings have them: PyRadiomics' way, or IBSI 2's with its rotations, or decimated. */
function waveletImages(image: Volume, setting: Settings, within: Box): FilteredImage[] {
  const { rotationInvariance, waveletDecimated, boundary, conventions } = setting;
  const options = {
    wavelet: setting.wavelet,
    level: setting.level,
    startLevel: setting.start_level,
    axes: filteredAxes(setting),
  };
  if (waveletDecimated) {
    return decimatedWavelet(image, { ...options, boundary: boundary ?? 'mirror' }).map(
      ({ name, volume }) => ({ name, volume: onImageGrid(volume, image, within) }),
    );
  }
  // IBSI 2 mirrors the image and widens the filters from level to level; PyWavelets, as PyRadiomics calls it, does neither.
  const dilated = conventions === 'ibsi';
  if (rotationInvariance !== null) {
    return invariantWavelet(image, {
      ...options,
      boundary: boundary ?? (dilated ? 'mirror' : 'periodic'),
      pooling: rotationInvariance,
      dilated,
      within,
    });
  }
  const beyond = boundary ?? (dilated ? 'mirror' : 'pyradiomics');
  return wavelet(image, { ...options, boundary: beyond, dilated, within });
}

/** PyRadiomics counts axes as z, y, x. */
function acrossSlices({ force2Ddimension }: Settings): 0 | 1 | 2 {
  return (2 - force2Ddimension) as 0 | 1 | 2;
}

/** With `force2D` the axis across slices is not filtered. */
function filteredAxes(setting: Settings): (0 | 1 | 2)[] {
  const across = acrossSlices(setting);
  return ([0, 1, 2] as const).filter((axis) => !setting.force2D || axis !== across);
}
