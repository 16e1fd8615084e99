import { z } from 'zod';
import { NacreError, nearestName } from '../runtime/errors.ts';
import { parseWithSchema } from '../runtime/parse-with-schema.ts';
import { parseYaml } from '../runtime/read-yaml.ts';
import { classNames, defaultClasses, featureNames } from './feature-classes.ts';
import { filterFields } from './filter-fields.ts';
import { lawsKernelsOf } from './filter-settings.ts';
import { waveletNames, waveletRanges } from './filters/wavelet-filters.ts';
import { type ImageType, imageTypes } from './image-type-names.ts';
import { defaultSettings, interpolators, type Settings, settingFields } from './settings.ts';
import { voxelFields, voxelSettings } from './voxel-fields.ts';
import type { VoxelSettings } from './voxel-settings.ts';

function named<Name extends string, S extends z.ZodType>(names: readonly Name[], schema: S) {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, S>;
}

/** Settings that an image type may override: those that act on or after its filter. */
const ofImageType = settingFields
  .pick({
    binWidth: true,
    binCount: true,
    ivhBinWidth: true,
    ivhBinCount: true,
    voxelArrayShift: true,
    symmetricalGLCM: true,
    weightingNorm: true,
    aggregation: true,
    distances: true,
    gldm_a: true,
    force2D: true,
    force2Ddimension: true,
    sigma: true,
    wavelet: true,
    level: true,
    start_level: true,
    gradientUseSpacing: true,
    lbp3DLevels: true,
    lbp3DIcosphereRadius: true,
    lbp3DIcosphereSubdivision: true,
  })
  .extend(filterFields)
  .partial();

export const parameterFileSchema = z.strictObject({
  imageType: z.strictObject(named(imageTypes, ofImageType.optional())).default({ Original: {} }),
  featureClass: z.record(z.string(), z.array(z.string())).default({}),
  setting: settingFields.partial().default({}),
  voxelSetting: voxelFields.partial().optional(),
});

/**
 * The groups of a parameter file within a study, to be checked as they are written (`asWritten`): a name with nothing after it
 * means no overrides or all features, and SimpleITK's numbers of interpolators count, as in PyRadiomics.
 */
export const parameterGroups = z
  .strictObject({
    imageType: z
      .strictObject(named(imageTypes, ofImageType.nullable().optional()))
      .nullable()
      .describe('Image types to measure, each with the settings that it overrides'),
    featureClass: z
      .strictObject(named(classNames(), z.array(z.string()).nullable().optional()))
      .nullable()
      .describe('Feature classes, each with the features wanted; an empty list means all'),
    setting: settingFields
      .extend({ interpolator: z.union([z.enum(interpolators), z.int().min(1).max(3)]) })
      .partial()
      .nullable()
      .describe("PyRadiomics' settings, and nacre's own"),
  })
  .partial();

/** A parameter file as it may be written: every group and key may be left out. */
export type ParameterFile = z.input<typeof parameterFileSchema>;

/** Settings of an extraction: plain data, so that it can be hashed and sent to a worker. */
export interface RadiomicsSettings {
  /** Enabled image types in the file's order, with the settings each overrides. */
  readonly imageType: Readonly<Partial<Record<ImageType, Partial<Settings>>>>;
  /** Enabled feature classes in the file's order, with the features asked for. */
  readonly featureClass: Readonly<Record<string, readonly string[]>>;
  readonly setting: Settings;
  /** Settings of voxel maps (`voxelSetting`), where the file has them. */
  readonly voxelSetting?: VoxelSettings;
}

/**
 * Settings from the text of a PyRadiomics parameter file (YAML or JSON), as it is: groups `imageType`, `featureClass` and `setting`.
 *
 * @throws NacreError `bad-yaml`, `unknown-key` with the nearest known one (also an image type), `bad-config`
 */
export function parseParameterText(
  text: string,
  { file, overrides }: { file?: string; overrides?: Partial<Settings> } = {},
): RadiomicsSettings {
  const raw = parseYaml(text, {
    what: 'the parameter file',
    file,
    todo: 'compare it with a PyRadiomics parameter file',
    intAsBigInt: true,
    asPython: true,
  });
  if (raw !== null && (typeof raw !== 'object' || Array.isArray(raw))) {
    throw new NacreError('bad-config', 'the parameter file has no groups', {
      file,
      found: Array.isArray(raw) ? 'a list' : `the text ${String(raw).slice(0, 40)}`,
      expected: 'groups imageType, featureClass, setting',
      todo: 'check that it is a PyRadiomics parameter file',
    });
  }
  return radiomicsSettings(plainNumbers(raw ?? {}) as ParameterFile, { file, overrides });
}

/**
 * Checks settings and fills in PyRadiomics' defaults: the original image, all its default feature classes.
 *
 * @param overrides settings that win over those given
 * @throws as `parseParameterText`
 */
export function radiomicsSettings(
  given: ParameterFile = {},
  {
    file,
    overrides = {},
  }: { file?: string | undefined; overrides?: Partial<Settings> | undefined } = {},
): RadiomicsSettings {
  nameInterpolator(given);
  const what = file === undefined ? 'the radiomics settings' : 'the parameter file';
  const filled = emptyForNull(given);
  const parsed = parseWithSchema(parameterFileSchema, filled, what, file);
  const checkedOverrides = parseWithSchema(settingFields.partial(), overrides, 'the settings');
  const setting = { ...defaultSettings, ...defined(parsed.setting), ...defined(checkedOverrides) };
  // The schema puts types in its own order; columns come in the file's.
  const order = Object.keys(filled.imageType ?? parsed.imageType) as ImageType[];
  const imageType = Object.fromEntries(
    order.map((name) => [name, defined(parsed.imageType[name] ?? {})]),
  );
  const settings: RadiomicsSettings = {
    imageType,
    featureClass: classesOf(parsed.featureClass, file),
    setting,
    ...(parsed.voxelSetting === undefined
      ? {}
      : { voxelSetting: voxelSettings(parsed.voxelSetting) }),
  };
  requireWorkable(settings, file);
  return settings;
}

/** Settings from texts `key=value`, the value as YAML: `binWidth=10`, `resampledPixelSpacing=[1, 1, 1]`. */
export function overridesFrom(texts: readonly string[]): Partial<Settings> {
  const group: Record<string, unknown> = {};
  for (const text of texts) {
    const at = text.indexOf('=');
    const key = text.slice(0, at).trim();
    group[key] = plainNumbers(
      parseYaml(text.slice(at + 1), { what: `the setting ${key}`, intAsBigInt: true }),
      key,
    );
  }
  return defined(
    parseWithSchema(settingFields.partial(), group, 'the command line'),
  ) as Partial<Settings>;
}

/** Settings that PyRadiomics' schema takes as a number in quotes, too. */
const quotable: ReadonlySet<string> = new Set([
  'binWidth',
  'normalizeScale',
  'removeOutliers',
  'geometryTolerance',
  'resampledPixelSpacing',
  'resegmentRange',
  'lbp2DRadius',
  'lbp3DIcosphereRadius',
]);

/** Integers come as bigint so that `sigma: [3]` can keep its spelling: PyRadiomics names that image log-sigma-3-mm-3D. */
function plainNumbers(value: unknown, key = ''): unknown {
  if (
    typeof value === 'string' &&
    quotable.has(key) &&
    /^[-+]?[0-9.]+(e[-+]?[0-9]+)?$/i.test(value)
  ) {
    return Number(value);
  }
  if (value === Number.POSITIVE_INFINITY && key === 'geometryTolerance') return Number.MAX_VALUE;
  if (typeof value === 'bigint') return key === 'sigma' ? String(value) : Number(value);
  if (Array.isArray(value)) return value.map((item) => plainNumbers(item, key));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plainNumbers(v, k)]));
}

/** `Original:` and `shape:` with nothing after them mean no overrides, all features. */
function emptyForNull(given: ParameterFile): Record<string, unknown> {
  const filled: Record<string, unknown> = { ...given };
  const groups: [string, unknown][] = [
    ['imageType', {}],
    ['featureClass', []],
  ];
  for (const [group, empty] of groups) {
    const entries = filled[group];
    if (entries === null) delete filled[group];
    if (entries === null || typeof entries !== 'object') continue;
    filled[group] = Object.fromEntries(
      Object.entries(entries).map(([name, value]) => [name, value ?? empty]),
    );
  }
  if (filled.setting === null) delete filled.setting;
  if (filled.voxelSetting === null) delete filled.voxelSetting;
  const imageType = filled.imageType;
  if (typeof imageType === 'object' && Object.keys(imageType as object).length === 0) {
    delete filled.imageType;
  }
  return filled;
}

/** SimpleITK's own numbers of interpolators: 1 nearest neighbour, 2 linear, 3 B-spline. */
function nameInterpolator(given: unknown): void {
  if (given === null || typeof given !== 'object') return;
  const { setting } = given as Record<string, Record<string, unknown>>;
  const interpolator = setting?.interpolator;
  if (typeof interpolator === 'number' && setting !== undefined) {
    setting.interpolator = interpolators[interpolator - 1] ?? interpolator;
  }
}

/** Classes asked for with their features; nothing asked for means all of the default ones. */
function classesOf(
  asked: Readonly<Record<string, readonly string[]>>,
  file: string | undefined,
): Record<string, readonly string[]> {
  const names = Object.keys(asked).length === 0 ? defaultClasses : Object.keys(asked);
  return Object.fromEntries(
    names.map((name) => {
      const known = featureNames(name);
      if (known === undefined) throw unknownName('feature class', name, classNames(), file);
      const wanted = asked[name] ?? [];
      for (const feature of wanted) {
        if (!known.all.includes(feature))
          throw unknownName(`feature of ${name}`, feature, known.all, file);
      }
      return [name, wanted.length === 0 ? known.standard : [...new Set(wanted)]];
    }),
  );
}

/** Refuses settings that can never give a value. */
function requireWorkable({ imageType, setting }: RadiomicsSettings, file: string | undefined) {
  const refuse = (column: string, what: string, found: string, expected: string, todo?: string) => {
    throw new NacreError('bad-config', what, { file, column, found, expected, todo });
  };
  const { resegmentRange: range } = setting;
  if (range !== null && range.length === 2 && range[0] > range[1]) {
    refuse(
      'setting.resegmentRange',
      'no intensity lies in the range',
      `[${range.join(', ')}]`,
      'the lower bound first',
      `take [${range[1]}, ${range[0]}]`,
    );
  }
  for (const [type, typeSettings] of Object.entries(imageType)) {
    const where = (key: keyof Settings) =>
      typeSettings[key] === undefined ? `setting.${key}` : `imageType.${type}.${key}`;
    if (type === 'LoG') {
      const sigma = typeSettings.sigma ?? setting.sigma;
      if (sigma.length === 0) {
        refuse(
          'imageType.LoG.sigma',
          'the image type LoG needs sigma',
          'nothing',
          'widths in mm, such as [1.0, 3.0, 5.0]',
        );
      }
      const zero = sigma.find((width) => !(Number(width) > 0));
      if (zero !== undefined) {
        refuse(where('sigma'), 'sigma is not a width', String(zero), 'millimetres above 0');
      }
      const names = sigma.map(String);
      const twice = names.find((name, i) => names.indexOf(name) < i);
      if (twice !== undefined) {
        refuse(where('sigma'), 'two images would have one name', `${twice} twice`, 'each once');
      }
    }
    if (type === 'Wavelet') {
      const name = typeSettings.wavelet ?? setting.wavelet;
      if (waveletNames.includes(name)) continue;
      const near = nearestName(name, waveletNames) ?? 'coif1';
      refuse(
        where('wavelet'),
        'nacre has no such wavelet',
        name,
        `a discrete one: ${waveletRanges}`,
        `did you mean ${near}?`,
      );
    }
    if (type === 'Laws') {
      const all = { ...setting, ...typeSettings };
      const axes = all.force2D ? 2 : 3;
      const unfit = lawsKernelsOf(all).find((name) => name.length !== 2 * axes);
      if (unfit === undefined) continue;
      refuse(
        where('lawsKernel'),
        all.force2D ? 'slice by slice a filter has two kernels' : 'a filter has a kernel per axis',
        unfit,
        all.force2D ? 'two, such as L5E5' : 'three, such as L5E5E5',
        all.force2D ? 'leave force2D out' : 'add a kernel, or set force2D: true',
      );
    }
  }
}

function unknownName(
  what: string,
  name: string,
  known: readonly string[],
  file: string | undefined,
) {
  const near = nearestName(name, known);
  return new NacreError('unknown-key', `no ${what} of that name`, {
    file,
    column: `featureClass.${name}`,
    found: name,
    expected: `one of ${known.join(', ')}`,
    todo: near === undefined ? 'remove it' : `did you mean ${near}?`,
  });
}

function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
