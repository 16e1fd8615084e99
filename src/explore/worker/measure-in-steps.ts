import { bodyMask } from '../../imaging/body.ts';
import { type Box, crop } from '../../imaging/crop.ts';
import { peritumoralRing } from '../../imaging/peritumoral-ring.ts';
import { type Geometry, geometryOf, type Mask, type Volume } from '../../imaging/volume.ts';
import { RadiomicsExtractor } from '../../radiomics/extractor.ts';
import { measuredOnce } from '../../radiomics/feature-classes.ts';
import type { ImageType } from '../../radiomics/image-type-names.ts';
import { normaliseImage } from '../../radiomics/normalise-image.ts';
import { type RadiomicsSettings, radiomicsSettings } from '../../radiomics/parameter-file.ts';
import { settingsHash } from '../../radiomics/settings-hash.ts';
import type { MeasuredFeature, MeasureRequest, RegionRequest } from '../protocol.ts';

/**
 * The scan that is open, with what was computed from it once. Of the whole grid it holds one image, one region and one normalised
 * image at most, each in one place that the next measurement uses again: a CT of 512 × 512 × 300 voxels is measured in 1.5 GB then.
 */
export interface OpenScan {
  image: Volume;
  /** Grid of the mask as it was read. */
  maskGrid: Geometry;
  /** Box of the tumour with as much around it as the widest ring reaches. */
  near: Box;
  /** Tumour and body in that box. */
  tumour: Mask;
  body?: Mask | undefined;
  /** The region measured last, on the whole grid. */
  region?: Mask | undefined;
  normalised?: { volume: Volume<Float64Array>; by: string } | undefined;
}

export interface MeasuredStep {
  features: MeasuredFeature[];
  voxels: number;
  hash: string;
  /** Images measured so far. */
  images: number;
  ofImages: number;
}

/**
 * Measures a region one image type after another, so that the page shows what there is and a newer request can take over. The
 * numbers are those of one call: images are filtered and measured independently of one another.
 *
 * @throws NacreError of the settings, the ring and the extractor
 */
export function* measureInSteps(
  scan: OpenScan,
  request: Omit<MeasureRequest, 'kind' | 'id'>,
): Generator<MeasuredStep, void, void> {
  const settings = radiomicsSettings(request.parameters);
  const hash = settingsHash(settings);
  const types = Object.keys(settings.imageType) as ImageType[];
  const { part, mask } = regionOf(scan, request);
  const voxels = countOnes(part.data);
  const image = settings.setting.normalize ? normalisedOnce(scan, settings) : scan.image;
  if (!settings.setting.normalize) scan.normalised = undefined;
  for (const [at, type] of types.entries()) {
    const ofType = partOf(settings, type, at === 0);
    if (ofType !== undefined) {
      const extractor = new RadiomicsExtractor(ofType);
      const { features, reasons } = extractor.execute(image, mask, { label: 1 });
      yield {
        features: extractor.featureColumns.map((name) => ({
          name,
          value: Number.isNaN(features[name]) ? null : features[name],
          ...(reasons[name] !== undefined && { reason: reasons[name] }),
        })),
        voxels,
        hash,
        images: at + 1,
        ofImages: types.length,
      };
    }
  }
}

/**
 * Tumour or ring: the part near the tumour, and the same on the whole grid, until the next call. The ring is drawn in the part: nothing
 * further away belongs to it.
 *
 * @throws NacreError of `peritumoralRing` and `bodyMask`
 */
export function regionOf(scan: OpenScan, request: RegionRequest): { part: Mask; mask: Mask } {
  const { near, tumour, maskGrid } = scan;
  const ring = () =>
    peritumoralRing(tumour, {
      outer: request.ringMm,
      body: request.ringWithin === 'body' ? bodyNear(scan) : undefined,
    });
  const part = request.region === 'peri' ? ring() : tumour;
  const [nx, ny, nz] = maskGrid.size;
  scan.region ??= { ...geometryOf(maskGrid), data: new Uint8Array(nx * ny * nz) };
  const { data } = scan.region;
  const [mx, my, mz] = part.size;
  for (let k = 0; k < mz; k++) {
    for (let j = 0; j < my; j++) {
      const row = part.data.subarray(mx * (j + my * k), mx * (j + 1 + my * k));
      data.set(row, near.low[0] + nx * (near.low[1] + j + ny * (near.low[2] + k)));
    }
  }
  return { part, mask: scan.region };
}

/** The body near the tumour, from the whole scan; computed once per scan. */
export function bodyNear(scan: OpenScan): Mask {
  scan.body ??= crop<Mask>(bodyMask(scan.image), scan.near);
  return scan.body;
}

/** All image types share one normalised image; another one takes its place in memory. */
function normalisedOnce(scan: OpenScan, { setting }: RadiomicsSettings): Volume {
  const by = JSON.stringify([setting.normalizeScale, setting.removeOutliers]);
  if (scan.normalised?.by !== by) {
    const into = scan.normalised?.volume.data;
    scan.normalised = undefined;
    scan.normalised = { volume: normaliseImage(scan.image, setting, into), by };
  }
  return scan.normalised.volume;
}

/** The settings with one image type; classes that do not depend on it (shape) stay with the first. Undefined where no class is left. */
function partOf(
  settings: RadiomicsSettings,
  type: ImageType,
  first: boolean,
): RadiomicsSettings | undefined {
  const classes = Object.entries(settings.featureClass).filter(
    ([name]) => first || !measuredOnce(name),
  );
  if (classes.length === 0) return undefined;
  return {
    ...settings,
    // The image is normalised already.
    setting: { ...settings.setting, additionalInfo: false, normalize: false },
    imageType: { [type]: settings.imageType[type] },
    featureClass: Object.fromEntries(classes),
  };
}

function countOnes(data: Uint8Array): number {
  let ones = 0;
  for (let i = 0; i < data.length; i++) ones += data[i];
  return ones;
}
