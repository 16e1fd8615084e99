import type { Assumption } from '../runtime/assumptions.ts';
import { canonicalJson } from '../runtime/hash.ts';
import { textureClasses } from './aggregation.ts';
import type { ImageType } from './image-type-names.ts';
import type { RadiomicsSettings } from './parameter-file.ts';
import { defaultSettings, type Settings } from './settings.ts';

/** A setting that differs from its default and changes no number. */
export interface IdleSetting {
  /** As in a parameter file: `setting.binWidth`, `imageType.LoG.wavelet`. */
  setting: string;
  value: string;
  /** The condition that is missing, or the setting that overrides this one. */
  why: string;
  /** Features without the effect, where other features have it. Absent: the setting changes nothing. */
  missed?: string | undefined;
}

type Reason = (settings: Settings, asked: Asked) => string | undefined;

interface Asked {
  images: ReadonlySet<string>;
  classes: ReadonlySet<string>;
}

const needsClass =
  (...names: string[]): Reason =>
  (_, { classes }) =>
    names.some((name) => classes.has(name))
      ? undefined
      : `none of the classes ${names.join(', ')} is asked for`;

const needsImage =
  (...names: ImageType[]): Reason =>
  (_, { images }) => {
    if (names.some((name) => images.has(name))) return undefined;
    return names.length === 1
      ? `the image type ${names[0]} is not asked for`
      : `none of the image types ${names.join(', ')} is asked for`;
  };

/** Settings of filters, by the image type that they belong to. */
const ofFilter: Partial<Record<keyof Settings, readonly ImageType[]>> = {
  sigma: ['LoG'],
  wavelet: ['Wavelet'],
  level: ['Wavelet', 'Simoncelli'],
  start_level: ['Wavelet', 'Simoncelli'],
  gradientUseSpacing: ['Gradient'],
  lbp3DLevels: ['LBP3D'],
  lbp3DIcosphereRadius: ['LBP3D'],
  lbp3DIcosphereSubdivision: ['LBP3D'],
  boundary: ['LoG', 'Wavelet', 'Mean', 'Laws', 'Gabor', 'Simoncelli'],
  rotationInvariance: ['Wavelet', 'Laws', 'Gabor'],
  meanSize: ['Mean'],
  lawsKernel: ['Laws'],
  lawsEnergy: ['Laws'],
  gaborSigma: ['Gabor'],
  gaborLambda: ['Gabor'],
  gaborGamma: ['Gabor'],
  gaborTheta: ['Gabor'],
  gaborThetaStep: ['Gabor'],
  gaborPlanes: ['Gabor'],
  waveletDecimated: ['Wavelet'],
  lbp2DRadius: ['LBP2D'],
  lbp2DSamples: ['LBP2D'],
  lbp2DMethod: ['LBP2D'],
};

/**
 * Why a setting may have no effect, by setting. Of settings of filters only those that need more than their image type are listed;
 * others that are not listed always have one.
 */
const reasons: Partial<Record<keyof Settings, Reason>> = {
  normalizeScale: ({ normalize }) => (normalize ? undefined : 'normalize is false'),
  removeOutliers: ({ normalize }) => (normalize ? undefined : 'normalize is false'),
  interpolator: ({ resampledPixelSpacing }) =>
    resampledPixelSpacing === null ? 'resampledPixelSpacing is not set' : undefined,
  resampledPixelSpacing: ({ interpolator }) =>
    interpolator === null ? 'interpolator is null: nothing is resampled' : undefined,
  padDistance: ({ resampledPixelSpacing, interpolator, preCrop, conventions }) => {
    const resampled = resampledPixelSpacing !== null && interpolator !== null;
    if (resampled && conventions === 'ibsi') return 'IBSI resamples the whole image';
    return resampled || preCrop ? undefined : 'nothing is resampled or cropped before the filters';
  },
  preCrop: ({ resampledPixelSpacing, interpolator }) =>
    resampledPixelSpacing !== null && interpolator !== null
      ? 'resampling decides how far the image reaches'
      : undefined,
  resegmentMode: ({ resegmentRange }) =>
    resegmentRange === null ? 'resegmentRange is not set' : undefined,
  resegmentShape: ({ resegmentRange, resegmentSigma }) =>
    resegmentRange === null && resegmentSigma === null ? 'resegmentRange is not set' : undefined,
  binWidth: ({ binCount }) => (binCount === null ? undefined : 'binCount overrules it'),
  ivhBinWidth: (settings, asked) =>
    settings.ivhBinCount === null
      ? needsClass('intensityvolumehistogram')(settings, asked)
      : 'ivhBinCount overrules it',
  ivhBinCount: needsClass('intensityvolumehistogram'),
  voxelArrayShift: needsClass('firstorder'),
  symmetricalGLCM: needsClass('glcm'),
  weightingNorm: (settings, asked) =>
    settings.aggregation === null
      ? needsClass('glcm', 'glrlm')(settings, asked)
      : 'aggregation overrules it',
  aggregation: needsClass(...textureClasses),
  distances: needsClass('glcm', 'gldm', 'ngldm', 'ngtdm'),
  gldm_a: needsClass('gldm', 'ngldm'),
  force2D: (settings, asked) => {
    const filtered =
      ['Wavelet', 'Mean', 'Laws', 'Simoncelli'].some((name) => asked.images.has(name)) ||
      (asked.images.has('LoG') && settings.conventions === 'ibsi');
    if (filtered) return undefined;
    if (settings.aggregation === null)
      return needsClass(...textureClasses, 'shape2D')(settings, asked);
    return asked.classes.has('shape2D') ? undefined : 'aggregation overrules it';
  },
  force2Ddimension: ({ force2D, aggregation }, { images }) =>
    force2D || images.has('LBP2D') || aggregation?.startsWith('2') ? undefined : 'force2D is false',
  boundary: (settings, asked) =>
    asked.images.has('LoG') && settings.conventions === 'ibsi'
      ? undefined
      : needsImage('Wavelet', 'Mean', 'Laws', 'Gabor', 'Simoncelli')(settings, asked),
  rotationInvariance: (settings, asked) => {
    const { gaborThetaStep, gaborPlanes, waveletDecimated } = settings;
    if (asked.images.has('Laws')) return undefined;
    if (asked.images.has('Wavelet') && !waveletDecimated) return undefined;
    const several = gaborThetaStep !== null || gaborPlanes;
    if (asked.images.has('Gabor')) return several ? undefined : 'Gabor has one direction';
    if (asked.images.has('Wavelet')) return 'waveletDecimated: a decimated transform is not pooled';
    return needsImage('Wavelet', 'Laws', 'Gabor')(settings, asked);
  },
};

/** Filters that ignore `force2D` and work in three dimensions; the sampled LoG of IBSI works slice by slice. */
function isAlways3d(type: string, { conventions }: Settings): boolean {
  return type === 'Gradient' || type === 'LBP3D' || (type === 'LoG' && conventions !== 'ibsi');
}

/** An idle setting as an assumption, for one scan or for all. */
export function idleAssumption(
  { setting, value, why, missed }: IdleSetting,
  scan?: string,
): Assumption {
  return {
    kind: 'setting-without-effect',
    scan,
    found: `${setting} ${value}`,
    taken: missed ?? 'nothing: the setting changes no feature',
    why,
  };
}

/** The settings that were given another value than their default and change nothing, with the reason. */
export function settingsWithoutEffect({
  imageType,
  featureClass,
  setting,
}: RadiomicsSettings): IdleSetting[] {
  const asked: Asked = {
    images: new Set(Object.keys(imageType)),
    classes: new Set(Object.keys(featureClass)),
  };
  const found: IdleSetting[] = [];
  const look = (prefix: string, given: Partial<Settings>, all: Settings, type?: string) => {
    for (const [key, value] of Object.entries(given) as [keyof Settings, unknown][]) {
      if (type === undefined && canonicalJson(value) === canonicalJson(defaultSettings[key]))
        continue;
      const filter = ofFilter[key];
      const stray =
        type !== undefined && filter !== undefined && !filter.includes(type as ImageType);
      const reason = reasons[key] ?? (filter && needsImage(...filter));
      const why = stray ? `it is a setting of ${filter.join(', ')}` : reason?.(all, asked);
      if (why !== undefined)
        found.push({ setting: `${prefix}.${key}`, value: canonicalJson(value), why });
    }
  };
  look('setting', setting, setting);
  for (const [type, typeSettings] of Object.entries(imageType)) {
    const all = { ...setting, ...typeSettings };
    look(`imageType.${type}`, typeSettings, all, type);
    if (all.force2D && isAlways3d(type, all)) {
      found.push({
        setting:
          typeSettings.force2D === undefined ? 'setting.force2D' : `imageType.${type}.force2D`,
        value: 'true',
        missed: `${type} is filtered in 3D all the same; textures are measured slice by slice`,
        why:
          type === 'LoG'
            ? 'so does PyRadiomics; conventions: ibsi filters slice by slice'
            : 'so does PyRadiomics, and there is no filter of one slice here',
      });
    }
  }
  return found;
}
