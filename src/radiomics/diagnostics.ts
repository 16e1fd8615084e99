import { axisCounts, centreOfMass } from '../imaging/axis-counts.ts';
import { boxOf, sizeOfBox } from '../imaging/crop.ts';
import { countNonFinite } from '../imaging/finite-voxels.ts';
import { indexToPoint, type Mask, type Volume, type VoxelArray } from '../imaging/volume.ts';
import { canonicalJson, sha1, sha1OfPieces } from '../runtime/hash.ts';
import { nacreVersion } from '../runtime/version.ts';
import { componentCount } from './component-count.ts';
import type { RadiomicsSettings } from './parameter-file.ts';
import { regionMoments } from './resegment.ts';
import { settingsHash } from './settings-hash.ts';

/** A provenance value: numbers as they are, tuples (spacing, box) as lists, the rest as text. */
export type Diagnostic = number | string | readonly number[];

/** PyRadiomics' `diagnostics_*`, without the versions of Python packages, which nacre does not use. */
export type Diagnostics = Record<string, Diagnostic>;

export const imageElements = ['Spacing', 'Size', 'Mean', 'Minimum', 'Maximum'] as const;
export const maskElements = [
  'Spacing',
  'Size',
  'BoundingBox',
  'VoxelNum',
  'VolumeNum',
  'CenterOfMassIndex',
  'CenterOfMass',
] as const;
const intensityElements = ['Mean', 'Minimum', 'Maximum'] as const;

/** Version of nacre, settings and their hash. */
export function configurationDiagnostics(settings: RadiomicsSettings): Diagnostics {
  return {
    diagnostics_Versions_nacre: nacreVersion(),
    diagnostics_Configuration_Settings: canonicalJson({
      setting: settings.setting,
      featureClass: settings.featureClass,
    }),
    diagnostics_Configuration_EnabledImageTypes: canonicalJson(settings.imageType),
    diagnostics_Configuration_Hash: settingsHash(settings),
  };
}

/**
 * Diagnostics of the image as it was read. The hash is the SHA-1 of its voxels, as SimpleITK's `Hash` gives it; `NonFinite` (not
 * PyRadiomics') counts NaN and infinite voxels, which are allowed outside the region.
 */
export function originalImageDiagnostics(image: Volume): Diagnostics {
  const { nan, infinite } = countNonFinite(image.data);
  return {
    'diagnostics_Image-original_Hash': hashOfVoxels(image.data),
    'diagnostics_Image-original_Dimensionality': '3D',
    ...imageDiagnostics(image, 'original'),
    'diagnostics_Image-original_NonFinite': nan + infinite,
  };
}

/** Diagnostics of an image at one step of its preparation: `original`, `interpolated`. */
export function imageDiagnostics(image: Volume, step: string): Diagnostics {
  const { mean, minimum, maximum } = regionMoments(image);
  const values: Record<(typeof imageElements)[number], Diagnostic> = {
    Spacing: image.spacing,
    Size: image.size,
    Mean: mean,
    Minimum: minimum,
    Maximum: maximum,
  };
  return named(values, `diagnostics_Image-${step}`);
}

/**
 * Diagnostics of the mask file: the hash of its labels (as unsigned 32-bit numbers, what PyRadiomics turns every mask into),
 * then its elements.
 */
export function originalMaskDiagnostics(labels: Volume, mask: Mask): Diagnostics {
  return {
    'diagnostics_Mask-original_Hash': sha1OfPieces(asUnsigned(labels.data)),
    ...maskDiagnostics(mask, 'original'),
  };
}

/** Diagnostics of a region at one step (`original`, `corrected`, `interpolated`, `resegmented`); intensities if an image is given. */
export function maskDiagnostics(mask: Mask, step: string, image?: Volume): Diagnostics {
  const box = boxOf(mask);
  const { voxels, centre } = centreOfMass(axisCounts(mask));
  const values: Record<(typeof maskElements)[number], Diagnostic> = {
    Spacing: mask.spacing,
    Size: mask.size,
    BoundingBox: box === undefined ? [] : [...box.low, ...sizeOfBox(box)],
    VoxelNum: voxels,
    VolumeNum: componentCount(mask),
    CenterOfMassIndex: centre,
    CenterOfMass: indexToPoint(mask, centre),
  };
  const prefix = `diagnostics_Mask-${step}`;
  if (image === undefined) return named(values, prefix);
  const { mean, minimum, maximum } = regionMoments(image, mask);
  return {
    ...named(values, prefix),
    ...named({ Mean: mean, Minimum: minimum, Maximum: maximum }, prefix),
  };
}

/** Names of all diagnostics that an extraction with these settings gives, in its order. */
export function diagnosticNames({ setting }: RadiomicsSettings): string[] {
  if (!setting.additionalInfo) return [];
  const named = (prefix: string, elements: readonly string[]) =>
    elements.map((element) => `diagnostics_${prefix}_${element}`);
  const interpolated = setting.resampledPixelSpacing !== null && setting.interpolator !== null;
  const withIntensity = [...maskElements, ...intensityElements];
  return [
    'diagnostics_Versions_nacre',
    ...named('Configuration', ['Settings', 'EnabledImageTypes', 'Hash']),
    ...named('Image-original', ['Hash', 'Dimensionality', ...imageElements, 'NonFinite']),
    ...named('Mask-original', ['Hash', ...maskElements]),
    ...(setting.correctMask ? named('Mask-corrected', withIntensity) : []),
    ...(interpolated ? named('Image-interpolated', imageElements) : []),
    ...(interpolated ? named('Mask-interpolated', withIntensity) : []),
    ...(setting.resegmentRange === null ? [] : named('Mask-resegmented', withIntensity)),
  ];
}

/** True where the diagnostic of that name is a plain number. */
export function isNumericDiagnostic(name: string): boolean {
  return /_(Mean|Minimum|Maximum|NonFinite|VoxelNum|VolumeNum)$/.test(name);
}

/** A diagnostic as PyRadiomics prints it: tuples in parentheses. */
export function diagnosticText(value: Diagnostic): string {
  return typeof value === 'object' ? `(${value.join(', ')})` : String(value);
}

function named(values: Record<string, Diagnostic>, prefix: string): Diagnostics {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}_${name}`, value]),
  );
}

/** Bytes of numbers as unsigned 32-bit ones, piece by piece in the same memory. */
function* asUnsigned(labels: VoxelArray): Generator<Uint8Array> {
  const piece = new Uint32Array(Math.min(labels.length, 2 ** 14));
  const bytes = new Uint8Array(piece.buffer);
  for (let at = 0; at < labels.length; at += piece.length) {
    const part = labels.subarray(at, at + piece.length);
    piece.set(part);
    yield bytes.subarray(0, part.length * piece.BYTES_PER_ELEMENT);
  }
}

function hashOfVoxels({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return sha1(new Uint8Array(buffer, byteOffset, byteLength));
}
