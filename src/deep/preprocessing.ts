import { z } from 'zod';
import { NacreError, nearestName } from '../runtime/errors.ts';
import { checkedValue } from '../runtime/schema-fault.ts';

const millimetres = z.number().min(0).max(1000);
const positive = z.number().gt(0).max(1000);
const voxels = z.int().min(1).max(1024);
/** Smallest edge of an input of the networks that nacre builds, which shrink it by 8; ONNX files have sizes of their own (`input.size`). */
export const smallestEdge = 8;
const chosenVoxels = z.int().min(smallestEdge).max(1024);
const triple = <T extends z.ZodType>(item: T) => z.tuple([item, item, item]).readonly();

const pair = z.tuple([z.number(), z.number()]).readonly();

/** Intensities by rule instead of by statistics of the body; each field describes how it clips and scales. */
const intensityRule = z.union([
  /** Clipped to `window`, then `window` becomes `to`: HU of a CT. */
  z.strictObject({ window: pair, to: pair.default([0, 1]) }),
  /** `value * scale + shift`, nothing clipped. */
  z.strictObject({ linear: z.strictObject({ scale: z.number(), shift: z.number() }) }),
  /** Clipped to these percentiles of the whole scan (0 to 100), which then become `to`. */
  z.strictObject({
    percentiles: z.tuple([z.number().min(0).max(100), z.number().min(0).max(100)]).readonly(),
    to: pair.default([0, 1]),
  }),
]);

export type IntensityRule = z.output<typeof intensityRule>;

/** How a region becomes the input of a network. Every field can be set; the presets below are starting points. */
export const preprocessingSchema = z.strictObject({
  /** `region`: a box around the region; `image`: the whole scan. */
  crop: z.enum(['region', 'image']),
  /** Added on every side of the region's bounding box, mm, 0 to 1000. */
  marginMm: millimetres,
  /** Spacing of the input's voxels, mm, one number or along x, y, z. `null`: follows from the crop and `size`. */
  spacing: z.union([positive, triple(positive)]).nullable(),
  /**
   * Voxels along x, y, z (the tensor is then z × y × x). `null`: as many as the crop needs, a multiple of 8; `null` for one
   * of the three: as many along that axis as the crop needs, 1 or more (slices of a two-dimensional network).
   */
  size: z.union([voxels, triple(voxels.nullable())]).nullable(),
  /**
   * With `spacing` and `size` both set, for a crop that is larger than they allow. `shrink`: spacing grows, alike
   * along all axes, until it fits; `cut`: only the middle is seen.
   */
  tooLarge: z.enum(['shrink', 'cut']),
  /**
   * Axes turned, never interpolated. `lps`: to run left, posterior, superior; `ras`: right, anterior, superior, as MONAI's
   * Orientationd; `scan`: as the scan stores them; `first-axis-depth`: as the scan stores them, and read as MedicalNet's
   * `brains18.py` does, which takes the first axis of the array for depth where nacre takes the third.
   */
  orientation: z.enum(['lps', 'ras', 'scan', 'first-axis-depth']),
  interpolation: z.enum(['linear', 'nearest']),
  /**
   * Voxels whose mean and standard deviation (N) the intensities are standardised with. `body`: of the whole scan,
   * brighter than `bodyThreshold`; `region`: of the region; `positive`: of the input, above 0; `input`: all of the input
   * within the scan; `none`: left as they are. Or a rule: `{ window: [-160, 240] }`, `{ linear: { scale, shift } }`,
   * `{ percentiles: [1, 99] }`.
   */
  normalise: z.union([z.enum(['body', 'region', 'positive', 'input', 'none']), intensityRule]),
  /** Threshold of the body: `otsu` finds the threshold between air and tissue (`airThreshold`), a number names it in the scan's units. */
  bodyThreshold: z.union([z.literal('otsu'), z.number()]),
  /** `masked`: voxels outside the region are filled; `boxed`: they are kept. */
  region: z.enum(['masked', 'boxed']),
  /**
   * Fill of voxels outside the region (`masked`), beyond the edge of the scan, and, with `normalise: positive`,
   * those that are exactly 0: `zero` (the mean of the body, after standardising) or `noise` (N(0, 1), seeded).
   */
  fill: z.enum(['zero', 'noise']),
  /** Seed of the noise. Default 0. */
  seed: z.int().min(0).default(0),
});

export type Preprocessing = z.output<typeof preprocessingSchema>;

/**
 * `roi`, the default: 64³ voxels of 1.5 mm (96 mm) around the region, coarser where it is larger, standardised over the
 * body, zero outside the region, so that tumour and ring give different inputs.
 *
 * `medicalnet`: as MedicalNet's authors fed their networks (`datasets/brains18.py`): the whole scan stretched to
 * 56 × 448 × 448 (depth, height, width) by nearest neighbour, standardised over positive voxels, zeros replaced by
 * N(0, 1) noise. Theirs is not seeded, ours is. Axes as stored: depth is the third index of the file.
 */
export const preprocessingPresets: Record<'roi' | 'medicalnet', Preprocessing> = {
  roi: {
    crop: 'region',
    marginMm: 5,
    spacing: 1.5,
    size: 64,
    tooLarge: 'shrink',
    orientation: 'lps',
    interpolation: 'linear',
    normalise: 'body',
    bodyThreshold: 'otsu',
    region: 'masked',
    fill: 'zero',
    seed: 0,
  },
  medicalnet: {
    crop: 'image',
    marginMm: 0,
    spacing: null,
    size: [448, 448, 56],
    tooLarge: 'shrink',
    orientation: 'scan',
    interpolation: 'nearest',
    normalise: 'positive',
    bodyThreshold: 'otsu',
    region: 'boxed',
    fill: 'noise',
    seed: 0,
  },
};

export type PreprocessingPreset = keyof typeof preprocessingPresets;

/** A preset by name, changes to it, or both. */
export const preprocessingChoiceSchema = preprocessingSchema
  .extend({
    preset: z.enum(['roi', 'medicalnet']),
    size: z.union([chosenVoxels, triple(chosenVoxels.nullable())]).nullable(),
  })
  .partial();

export type PreprocessingChoice = z.input<typeof preprocessingChoiceSchema>;

/**
 * The full settings behind a choice.
 *
 * @throws NacreError `unknown-name`, `bad-option` naming the field
 * @example
 * preprocessing({ preset: 'roi', region: 'boxed', size: 96 });
 */
export function preprocessing(choice: PreprocessingChoice = {}): Preprocessing {
  const { preset = 'roi', ...changes } = choice;
  const base = preprocessingPresets[preset];
  if (base === undefined) {
    throw new NacreError('unknown-name', 'no such preset of preprocessing', {
      found: preset,
      expected: Object.keys(preprocessingPresets).join(', '),
    });
  }
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const { data, fault } = checkedValue(preprocessingSchema, {
    ...base,
    ...Object.fromEntries(given),
  });
  if (fault === undefined) return data;
  const { unknownKey, path, found, expected } = fault;
  const near = unknownKey === undefined ? undefined : nearestName(unknownKey, Object.keys(base));
  throw new NacreError('bad-option', 'a setting of the preprocessing is wrong', {
    column: unknownKey ?? path.join('.'),
    found: unknownKey ?? found,
    expected: unknownKey === undefined ? expected : `one of ${Object.keys(base).join(', ')}`,
    todo: near === undefined ? undefined : `did you mean ${near}?`,
  });
}
