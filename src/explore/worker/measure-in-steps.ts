import { bodyMask } from '../../imaging/body.ts';
import { peritumoralRing } from '../../imaging/peritumoral-ring.ts';
import type { Mask, Volume } from '../../imaging/volume.ts';
import { RadiomicsExtractor } from '../../radiomics/extractor.ts';
import { measuredOnce } from '../../radiomics/feature-classes.ts';
import type { ImageType } from '../../radiomics/image-type-names.ts';
import { type RadiomicsSettings, radiomicsSettings } from '../../radiomics/parameter-file.ts';
import { settingsHash } from '../../radiomics/settings-hash.ts';
import type { MeasuredFeature, MeasureRequest, RegionRequest } from '../protocol.ts';

/** The scan that is open, with what was computed from it once. */
export interface OpenScan {
  image: Volume;
  /** The mask as it was read. */
  labels: Volume | Mask;
  label: number;
  /** The region of that label. */
  tumour: Mask;
  body?: Mask | undefined;
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
  const ring = request.region === 'peri' ? ringOf(scan, request) : undefined;
  const types = Object.keys(settings.imageType) as ImageType[];
  for (const [at, type] of types.entries()) {
    const part = partOf(settings, type, at === 0);
    if (part !== undefined) {
      const extractor = new RadiomicsExtractor(part);
      const { features, reasons } =
        ring === undefined
          ? extractor.execute(scan.image, scan.labels, { label: scan.label })
          : extractor.execute(scan.image, ring, { label: 1 });
      yield {
        features: extractor.featureColumns.map((name) => ({
          name,
          value: Number.isNaN(features[name]) ? null : features[name],
          ...(reasons[name] !== undefined && { reason: reasons[name] }),
        })),
        voxels: countOnes(ring?.data ?? scan.tumour.data),
        hash,
        images: at + 1,
        ofImages: types.length,
      };
    }
  }
}

/** The ring of a scan. The body is computed once per scan. */
export function ringOf(
  scan: OpenScan,
  { ringMm, ringWithin }: Omit<RegionRequest, 'region'>,
): Mask {
  if (ringWithin === 'body') scan.body ??= bodyMask(scan.image);
  return peritumoralRing(scan.tumour, {
    outer: ringMm,
    body: ringWithin === 'body' ? scan.body : undefined,
  });
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
    setting: { ...settings.setting, additionalInfo: false },
    imageType: { [type]: settings.imageType[type] },
    featureClass: Object.fromEntries(classes),
  };
}

function countOnes(data: Uint8Array): number {
  let ones = 0;
  for (let i = 0; i < data.length; i++) ones += data[i];
  return ones;
}
