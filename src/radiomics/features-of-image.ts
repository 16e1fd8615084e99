import { type Box, boxOf, crop, growBox } from '../imaging/crop.ts';
import { requireFinite } from '../imaging/finite-voxels.ts';
import { geometryOf, type Vector3 } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import { peakReach } from './classes/local-intensity.ts';
import { discretise } from './discretisation.ts';
import type { FeatureValue } from './feature-class.ts';
import { type ClassOptions, featureClass, measuredOnce } from './feature-classes.ts';
import type { MadeImage } from './image-types.ts';
import type { RadiomicsSettings } from './parameter-file.ts';
import type { PreparedRegion } from './prepare-region.ts';
import {
  type DiscretisedRegion,
  formInBox,
  type RegionOfInterest,
  regionInBox,
} from './region-of-interest.ts';
import type { Bounds } from './resegment.ts';
import type { Settings } from './settings.ts';

/** Where values go: by column name, with a reason for each that is NaN. */
export interface Result {
  features: Record<string, number>;
  reasons: Record<string, string>;
}

/**
 * Shape of the region before re-segmentation, and morphology, written into `result` under `original_shape_…` and
 * `original_morphology_…`.
 */
export function regionFeatures(
  { image, mask, morphology, box }: PreparedRegion,
  { featureClass: classes, setting }: RadiomicsSettings,
  result: Result,
): void {
  const once = Object.entries(classes).filter(([name]) => measuredOnce(name));
  if (once.length === 0) return;
  // PyRadiomics crops to the re-segmented region's box, and shape is cut with it; IBSI measures the whole.
  const whole = setting.conventions === 'ibsi';
  const form = formInBox(image, morphology, whole ? (boxOf(morphology) ?? box) : box);
  for (const [name, enabled] of once) {
    store(result, `original_${name}_`, enabled, () => {
      const one = featureClass(name);
      const options = { ...featureOptions(setting, enabled), morphology: form };
      if (one.needs === 'form') return one.compute(form, options);
      const region = regionInBox(image, box, mask, box);
      if (one.needs === 'intensities') return one.compute(region, options);
      throw new Error(`${name} is measured once and cannot need grey levels`);
    });
  }
}

/** All other classes of one image in one region, written into `result`; an image that could not be made gives reasons. */
export function featuresOfImage(
  filtered: MadeImage,
  prepared: PreparedRegion,
  { featureClass: classes }: RadiomicsSettings,
  setting: Settings,
  result: Result,
): void {
  const { box, mask, bounds } = prepared;
  let region: RegionOfInterest | undefined;
  let levels: DiscretisedRegion | undefined;
  const needed = () => {
    if ('reason' in filtered) throw new NacreError('no-image', filtered.reason);
    region ??= regionInBox(filtered.volume, movedBox(box, filtered.low), mask, box);
    return region;
  };
  const range = rangeOfImage(filtered.name, bounds, setting);
  const discretised = () => {
    levels ??= levelsOf(needed(), setting, range);
    return levels;
  };
  for (const [name, enabled] of Object.entries(classes)) {
    if (measuredOnce(name)) continue;
    store(result, `${filtered.name}_${name}_`, enabled, () => {
      const one = featureClass(name);
      const intensities = needed();
      const options = featureOptions(setting, enabled);
      if (range !== undefined) options.ivhRange = [range.low, range.high];
      if (one.also === 'form') {
        const { image, morphology } = prepared;
        options.morphology = formInBox(image, morphology, boxOf(morphology) ?? box);
      }
      if (one.also === 'surroundings') options.surroundings = surroundings(filtered, box);
      return one.needs === 'levels'
        ? one.compute(discretised(), options)
        : one.compute(intensities, options);
    });
  }
}

/** The re-segmentation range where it holds for an image: it is of the original image, in intensities. */
export function rangeOfImage(
  name: string,
  bounds: Bounds | undefined,
  { resegmentMode }: Settings,
): Bounds | undefined {
  return name === 'original' && resegmentMode === 'absolute' ? bounds : undefined;
}

/** Grey levels as the settings have them. IBSI's bins start at the lower end of the re-segmentation range. */
export function levelsOf(
  region: RegionOfInterest,
  { conventions, binWidth, binCount }: Settings,
  range: Bounds | undefined,
): DiscretisedRegion {
  return discretise(region, { conventions, binWidth, binCount, lowerBound: range?.low });
}

/** If a class refuses its input, the error becomes the reason of its features; other errors are rethrown. */
function store(
  { features, reasons }: Result,
  prefix: string,
  enabled: readonly string[],
  compute: () => FeatureValue[],
): void {
  let values: FeatureValue[];
  try {
    values = compute();
  } catch (error) {
    if (!(error instanceof NacreError)) throw error;
    values = enabled.map((name) => ({ name, value: Number.NaN, reason: error.message }));
  }
  for (const { name, value, reason } of values) {
    features[prefix + name] = value;
    if (Number.isNaN(value)) reasons[prefix + name] = reason ?? 'not defined for this region';
  }
}

/** The image as far around a box as local intensity looks, or to where it ends. */
function surroundings(filtered: MadeImage, box: Box): ClassOptions['surroundings'] {
  if ('reason' in filtered) throw new NacreError('no-image', filtered.reason);
  const { volume, low } = filtered;
  const around = crop(volume, growBox(movedBox(box, low), peakReach(volume.spacing), volume));
  requireFinite(around.data);
  return { ...geometryOf(around), intensity: Float64Array.from(around.data) };
}

/** A box on a grid that begins at `low` of the first one. */
export function movedBox(box: Box, [i, j, k]: Vector3): Box {
  const by = ([x, y, z]: Vector3): Vector3 => [x - i, y - j, z - k];
  return { low: by(box.low), high: by(box.high) };
}

/** Options of the classes from the settings of an image. */
export function featureOptions(setting: Settings, enabled: readonly string[]): ClassOptions {
  return {
    conventions: setting.conventions,
    distances: setting.distances,
    weightingNorm: setting.weightingNorm ?? undefined,
    aggregation: setting.aggregation ?? undefined,
    symmetricalGLCM: setting.symmetricalGLCM,
    gldm_a: setting.gldm_a,
    force2D: setting.force2D,
    force2Ddimension: setting.force2Ddimension,
    voxelArrayShift: setting.voxelArrayShift,
    ivhBinWidth: setting.ivhBinWidth ?? undefined,
    ivhBinCount: setting.ivhBinCount ?? undefined,
    enabled: new Set(enabled),
  };
}
