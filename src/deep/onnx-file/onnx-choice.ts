import { z } from 'zod';
import { poolings } from './poolings.ts';

const voxels = z.int().min(1).max(1024);
const millimetres = z.number().gt(0).max(1000);
const pair = z.tuple([z.number(), z.number()]).readonly();

/**
 * How intensities become what the network was trained on. `window`: clipped, then scaled to `to` (0 to 1); `linear`: scaled
 * and shifted; `zscore`: mean 0 and standard deviation 1 over the body, the region, the input, or its positive voxels;
 * `percentiles`: clipped to those of the scan, then scaled to `to`; `none`: as they are.
 */
const intensitySchema = z.union([
  z.literal('none'),
  z.strictObject({ window: pair, to: pair.optional() }),
  z.strictObject({ linear: z.strictObject({ scale: z.number(), shift: z.number() }) }),
  z.strictObject({ zscore: z.enum(['body', 'region', 'input', 'positive']) }),
  z.strictObject({ percentiles: pair, to: pair.optional() }),
]);

export type Intensity = z.output<typeof intensitySchema>;

/** Input that a network expects. `nacre models inspect FILE` proposes every value. */
const inputSchema = z.strictObject({
  /** Name in the file. Default: the only one. */
  name: z.string().min(1).optional(),
  /**
   * Order of the tensor's axes: N (batch), C (channels) and X, Y, Z (to the left, to the back, up). Default `NCZYX`, as
   * torch's depth × height × width; MONAI's networks take `NCXYZ`. Without one of X, Y, Z the network is two-dimensional and
   * sees slice by slice.
   */
  axes: z
    .string()
    .regex(
      /^(?!.*(.).*\1)(?=.*N)(?=.*C)[NCXYZ]{4,5}$/,
      'N, C and two or three of X, Y, Z, each once',
    )
    .optional(),
  /** Voxels along x, y, z; one number for all. Two numbers or one for a two-dimensional network. */
  size: z.union([voxels, z.array(voxels).min(2).max(3).readonly()]).optional(),
  /** Millimetres along x, y, z; one number for all. `null`: follows from the crop and `size`. */
  spacing: z
    .union([millimetres, z.tuple([millimetres, millimetres, millimetres]).readonly()])
    .nullable()
    .optional(),
  /** A number repeats one scan in that many channels; names are scans of the study, each a channel. Default 1. */
  channels: z.union([z.int().min(1).max(64), z.array(z.string().min(1)).min(1)]).optional(),
  /** As `Preprocessing.orientation`. Default `lps`; MONAI's pipelines usually have `ras`. */
  orientation: z.enum(['lps', 'ras', 'scan', 'first-axis-depth']).optional(),
});

/** Everything that decides the features of an ONNX network, beside the file. */
export const onnxSettingsSchema = z.strictObject({
  input: inputSchema.default({}),
  intensity: intensitySchema.optional(),
  /** Name of the output. Default: the only one. */
  output: z.string().min(1).optional(),
  /** Over the axes of space (and over slices). `none`: every value is a feature. Default `mean`. */
  pool: z.enum(poolings).default('mean'),
});

/** Any ONNX file as an extractor of a study. */
export const onnxChoiceSchema = z.strictObject({
  /** Path from the study file, or a file name in the model store. */
  onnx: z.string().min(1),
  /**
   * SHA-256 of the file, as `nacre models inspect` prints it (with external data: of all of it). Without it the file is
   * trusted on first use, and refused when it changes later.
   */
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits')
    .optional(),
  /** Title in tables and figures. Default: the name of the extractor. */
  title: z.string().min(1).optional(),
  ...onnxSettingsSchema.shape,
  /** Fields of `extraction.deep` that differ for this network: `{ region: boxed, marginMm: 10 }`. */
  deep: z.record(z.string(), z.unknown()).default({}),
});

export type OnnxSettings = z.output<typeof onnxSettingsSchema>;
export type OnnxSettingsChoice = z.input<typeof onnxSettingsSchema>;
export type OnnxChoice = z.output<typeof onnxChoiceSchema>;
