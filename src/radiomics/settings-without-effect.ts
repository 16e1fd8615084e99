import type { Assumption } from '../runtime/assumptions.ts';
import { canonicalJson } from '../runtime/hash.ts';
import type { RadiomicsSettings } from './parameter-file.ts';
import { defaultSettings, type ImageType, type Settings } from './settings.ts';

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
  (name: ImageType): Reason =>
  (_, { images }) =>
    images.has(name) ? undefined : `the image type ${name} is not asked for`;

const textures = ['glcm', 'glrlm', 'glszm', 'gldm', 'ngtdm', 'gldzm', 'ngldm'];

/** Why a setting may have no effect, by setting. Settings that are not listed always have one. */
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
  resegmentShape: ({ resegmentRange }) =>
    resegmentRange === null ? 'resegmentRange is not set' : undefined,
  binWidth: ({ binCount }) => (binCount === null ? undefined : 'binCount overrules it'),
  ivhBinWidth: (settings, asked) =>
    settings.ivhBinCount === null
      ? needsClass('intensityvolumehistogram')(settings, asked)
      : 'ivhBinCount overrules it',
  ivhBinCount: needsClass('intensityvolumehistogram'),
  voxelArrayShift: needsClass('firstorder'),
  symmetricalGLCM: needsClass('glcm'),
  weightingNorm: needsClass('glcm', 'glrlm'),
  distances: needsClass('glcm', 'gldm', 'ngldm', 'ngtdm'),
  gldm_a: needsClass('gldm', 'ngldm'),
  force2D: (settings, asked) => {
    const filtered =
      asked.images.has('Wavelet') || (asked.images.has('LoG') && settings.conventions === 'ibsi');
    return filtered ? undefined : needsClass(...textures, 'shape2D')(settings, asked);
  },
  force2Ddimension: ({ force2D }) => (force2D ? undefined : 'force2D is false'),
  sigma: needsImage('LoG'),
  wavelet: needsImage('Wavelet'),
  level: needsImage('Wavelet'),
  start_level: needsImage('Wavelet'),
  gradientUseSpacing: needsImage('Gradient'),
  lbp3DLevels: needsImage('LBP3D'),
  lbp3DIcosphereRadius: needsImage('LBP3D'),
  lbp3DIcosphereSubdivision: needsImage('LBP3D'),
};

/** Filters that ignore `force2D` and work in three dimensions; the sampled LoG of IBSI works slice by slice. */
function isAlways3d(type: string, { conventions }: Settings): boolean {
  return type === 'Gradient' || type === 'LBP3D' || (type === 'LoG' && conventions !== 'ibsi');
}

/** Settings of filters, by the image type that they belong to. */
const ofFilter: Partial<Record<keyof Settings, ImageType>> = {
  sigma: 'LoG',
  wavelet: 'Wavelet',
  level: 'Wavelet',
  start_level: 'Wavelet',
  gradientUseSpacing: 'Gradient',
  lbp3DLevels: 'LBP3D',
  lbp3DIcosphereRadius: 'LBP3D',
  lbp3DIcosphereSubdivision: 'LBP3D',
};

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
      const stray = type !== undefined && filter !== undefined && filter !== type;
      const why = stray ? `it is a setting of ${filter}` : reasons[key]?.(all, asked);
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
