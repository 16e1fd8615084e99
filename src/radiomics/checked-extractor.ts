import { type Box, growBox } from '../imaging/crop.ts';
import {
  labelsOf,
  maskOfLabel,
  masksOfLabels,
  requireNotExchanged,
} from '../imaging/mask-labels.ts';
import type { Mask, Vector3, Volume } from '../imaging/volume.ts';
import { localIntensity, peakReach } from './classes/local-intensity.ts';
import {
  configurationDiagnostics,
  type Diagnostics,
  diagnosticNames,
  originalImageDiagnostics,
  originalMaskDiagnostics,
} from './diagnostics.ts';
import { measuredOnce } from './feature-classes.ts';
import { featuresOfImage, regionFeatures } from './features-of-image.ts';
import { imageNames } from './image-names.ts';
import type { ImageType } from './image-type-names.ts';
import { imagesOf } from './image-types.ts';
import { normaliseImage } from './normalise-image.ts';
import type { RadiomicsSettings } from './parameter-file.ts';
import { type PreparedRegion, prepareRegion } from './prepare-region.ts';
import type { Settings } from './settings.ts';

/** The features of one region: always all columns that the settings define. */
export interface ExtractedFeatures {
  label: number;
  /** By PyRadiomics' name (`original_firstorder_Energy`), in the order of `columns`; NaN where it could not be computed. */
  features: Record<string, number>;
  /** Why, for each feature that is NaN. */
  reasons: Record<string, string>;
  /** `diagnostics_*`: version, settings and their hash, spacing, voxel counts, boxes. */
  diagnostics: Diagnostics;
}

/** A region of a file that could not be measured at all. */
export interface FailedRegion {
  label: number;
  error: Error;
}

/** Voxels of all masks that may be in memory at once: 512 MB. */
const voxelsTogether = 2 ** 29;

/**
 * An extractor of settings that were checked already: worker threads get them so, and need not load the checks (schemas, YAML: half of
 * the time in which a thread starts). Goes in PyRadiomics' order: normalise, resample, check, re-segment, shape; then for each
 * image type filter, crop, discretise, feature classes.
 */
export class CheckedExtractor {
  readonly settings: RadiomicsSettings;
  /** Feature names, the same for every region. */
  readonly featureColumns: readonly string[];
  /** Names of the diagnostics, the same for every region. */
  readonly diagnosticColumns: readonly string[];

  constructor(settings: RadiomicsSettings) {
    this.settings = settings;
    this.featureColumns = featureColumns(this.settings);
    this.diagnosticColumns = diagnosticNames(this.settings);
  }

  /**
   * Features of one region.
   *
   * @param image any voxel type, LPS mm
   * @param labels the mask: whole numbers, 0 outside
   * @param options `label`: which number is the region. Default: the setting `label`
   * @throws NacreError where the region cannot be measured: wrong label, another grid, too small, no numbers
   */
  execute(
    image: Volume,
    labels: Volume | Mask,
    { label }: { label?: number } = {},
  ): ExtractedFeatures {
    const wanted = label ?? this.settings.setting.label;
    const [result] = this.executeLabels(image, labels, [wanted]);
    if ('error' in result) throw result.error;
    return result;
  }

  /**
   * Features of every label of a mask, ascending; a region that cannot be measured is given with its error.
   *
   * @throws NacreError `not-a-mask`, `exchanged`
   */
  executeAll(image: Volume, labels: Volume | Mask): (ExtractedFeatures | FailedRegion)[] {
    requireNotExchanged(image, labels);
    const wanted = labelsOf(labels).map(({ label }) => label);
    // Regions measured together share filtered images, and are in memory together.
    const together = Math.max(1, Math.floor(voxelsTogether / labels.data.length));
    const results: (ExtractedFeatures | FailedRegion)[] = [];
    for (let at = 0; at < wanted.length; at += together) {
      results.push(...this.executeLabels(image, labels, wanted.slice(at, at + together)));
    }
    return results;
  }

  private executeLabels(
    image: Volume,
    labels: Volume | Mask,
    wanted: readonly number[],
  ): (ExtractedFeatures | FailedRegion)[] {
    const { setting } = this.settings;
    requireNotExchanged(image, labels);
    const about = setting.additionalInfo
      ? { ...configurationDiagnostics(this.settings), ...originalImageDiagnostics(image) }
      : {};
    const scan = setting.normalize ? normaliseImage(image, setting) : image;
    const masks = wanted.length > 1 ? masksOfLabels(labels, wanted) : undefined;
    const regions = wanted.map((label) => {
      try {
        const mask = masks?.get(label) ?? maskOfLabel(labels, { label });
        const region = prepareRegion(scan, mask, setting);
        const diagnostics = setting.additionalInfo
          ? { ...about, ...originalMaskDiagnostics(labels, mask), ...region.diagnostics }
          : {};
        return { label, region, diagnostics };
      } catch (error) {
        return { label, error: error as Error };
      }
    });
    return this.measure(regions);
  }

  /** Regions that lie in one image share its filtered images, of which one at a time is in memory. */
  private measure(
    regions: ({ label: number; region: PreparedRegion; diagnostics: Diagnostics } | FailedRegion)[],
  ): (ExtractedFeatures | FailedRegion)[] {
    const results = regions.map((entry): ExtractedFeatures | FailedRegion => {
      if ('error' in entry) return entry;
      const { label, diagnostics } = entry;
      const features = Object.fromEntries(this.featureColumns.map((name) => [name, Number.NaN]));
      return { label, features, reasons: {}, diagnostics };
    });
    const byImage = new Map<Volume, { region: PreparedRegion; result: ExtractedFeatures }[]>();
    regions.forEach((entry, i) => {
      const result = results[i];
      if ('error' in entry || 'error' in result) return;
      const { region } = entry;
      byImage.set(region.image, [...(byImage.get(region.image) ?? []), { region, result }]);
      regionFeatures(region, this.settings, result);
    });
    for (const [image, members] of byImage) {
      const boxes = boxAround(members.map(({ region }) => region.box));
      // Local intensity looks beyond the region, also in filtered images.
      const within =
        localIntensity.name in this.settings.featureClass
          ? growBox(boxes, peakReach(image.spacing), image)
          : boxes;
      const masks = members.map(({ region }) => region.mask);
      for (const [type, custom] of Object.entries(this.settings.imageType)) {
        const setting: Settings = { ...this.settings.setting, ...custom };
        for (const filtered of imagesOf(type as ImageType, image, setting, within, masks)) {
          for (const { region, result } of members) {
            featuresOfImage(filtered, region, this.settings, setting, result);
          }
        }
      }
    }
    return results;
  }
}

/** The smallest box that holds all of some. */
function boxAround(boxes: readonly Box[]): Box {
  const end = (pick: (...values: number[]) => number, corner: 'low' | 'high', axis: number) =>
    pick(...boxes.map((box) => box[corner][axis]));
  const low: Vector3 = [0, 1, 2].map((axis) => end(Math.min, 'low', axis)) as never;
  const high: Vector3 = [0, 1, 2].map((axis) => end(Math.max, 'high', axis)) as never;
  return { low, high };
}

/** Shape and morphology once, then each image's classes in the order of the settings. */
function featureColumns({ imageType, featureClass, setting }: RadiomicsSettings): string[] {
  const classes = Object.entries(featureClass);
  const named = (image: string, once: boolean) =>
    classes
      .filter(([name]) => measuredOnce(name) === once)
      .flatMap(([name, features]) => features.map((feature) => `${image}_${name}_${feature}`));
  const images = Object.entries(imageType).flatMap(([type, custom]) =>
    imageNames(type as ImageType, { ...setting, ...custom }),
  );
  return [...named('original', true), ...images.flatMap((image) => named(image, false))];
}
