import { type Box, crop } from '../imaging/crop.ts';
import type { Vector3 } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import { discretise } from './discretisation.ts';
import type { FeatureOptions, FeatureValue } from './feature-class.ts';
import { featureClass } from './feature-classes.ts';
import type { MadeImage } from './image-types.ts';
import type { RadiomicsSettings } from './parameter-file.ts';
import type { PreparedRegion } from './prepare-region.ts';
import {
  type DiscretisedRegion,
  type RegionOfInterest,
  regionOfInterest,
} from './region-of-interest.ts';
import type { Settings } from './settings.ts';

/** Where values go: by column name, with a reason for each that is NaN. */
export interface Result {
  features: Record<string, number>;
  reasons: Record<string, string>;
}

/** Shape of the region before re-segmentation, written into `result` under `original_shape_…`. */
export function shapeFeatures(
  { image, morphology, box }: PreparedRegion,
  { featureClass: classes, setting }: RadiomicsSettings,
  result: Result,
): void {
  const shapes = Object.entries(classes).filter(([name]) => name.startsWith('shape'));
  if (shapes.length === 0) return;
  // PyRadiomics crops to the re-segmented region's box, and shape is cut with it; IBSI measures the whole.
  const whole = setting.conventions === 'ibsi';
  const region = whole
    ? regionOfInterest(image, morphology)
    : regionOfInterest(crop(image, box), crop(morphology, box));
  for (const [name, enabled] of shapes) {
    store(result, `original_${name}_`, enabled, () =>
      featureClass(name).compute(region as DiscretisedRegion, featureOptions(setting, enabled)),
    );
  }
}

/** All other classes of one image in one region, written into `result`; an image that could not be made gives reasons. */
export function featuresOfImage(
  made: MadeImage,
  prepared: PreparedRegion,
  { featureClass: classes }: RadiomicsSettings,
  setting: Settings,
  result: Result,
): void {
  const { box, mask, bounds } = prepared;
  let region: RegionOfInterest | undefined;
  let levels: DiscretisedRegion | undefined;
  const needed = () => {
    if ('reason' in made) throw new NacreError('no-image', made.reason);
    region ??= regionOfInterest(crop(made.volume, moved(box, made.low)), crop(mask, box));
    return region;
  };
  const discretised = () => {
    // IBSI's fixed bins start at the lower end of the re-segmentation range; that range is of the original image.
    const lowest = made.name === 'original' ? bounds?.low : undefined;
    levels ??= discretise(needed(), {
      conventions: setting.conventions,
      binWidth: setting.binWidth,
      binCount: setting.binCount,
      lowerBound: setting.resegmentMode === 'absolute' ? lowest : undefined,
    });
    return levels;
  };
  for (const [name, enabled] of Object.entries(classes)) {
    if (name.startsWith('shape')) continue;
    store(result, `${made.name}_${name}_`, enabled, () => {
      const { needs, compute } = featureClass(name);
      const input = needs === 'levels' ? discretised() : (needed() as DiscretisedRegion);
      return compute(input, featureOptions(setting, enabled));
    });
  }
}

/** What a class refuses becomes the reason of its features; a fault of our own is thrown on. */
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

/** A box on a grid that begins at `low` of the first one. */
function moved(box: Box, [i, j, k]: Vector3): Box {
  const by = ([x, y, z]: Vector3): Vector3 => [x - i, y - j, z - k];
  return { low: by(box.low), high: by(box.high) };
}

function featureOptions(setting: Settings, enabled: readonly string[]): FeatureOptions {
  return {
    conventions: setting.conventions,
    distances: setting.distances,
    weightingNorm: setting.weightingNorm ?? undefined,
    symmetricalGLCM: setting.symmetricalGLCM,
    gldm_a: setting.gldm_a,
    force2D: setting.force2D,
    force2Ddimension: setting.force2Ddimension,
    voxelArrayShift: setting.voxelArrayShift,
    enabled: new Set(enabled),
  };
}
