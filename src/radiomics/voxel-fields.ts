import { z } from 'zod';
import { defaultVoxelSettings, type VoxelSettings } from './voxel-settings.ts';

const notFinite = /^[-+]?\.?(nan|inf|infinity)$/i;

/** The group `voxelSetting` of a parameter file. */
export const voxelFields = z.strictObject({
  /** The kernel reaches so many voxels to each side. */
  kernelRadius: z.int().min(1),
  /** Only voxels of the region count, in kernels and in the bins; else all of the box around it. */
  maskedKernel: z.boolean(),
  /** Value of voxels outside the region. `nan` and `inf` are Python's spellings. */
  initValue: z.union([z.number(), z.nan(), z.string().regex(notFinite, 'a number, or nan')]),
  /** Voxels measured in one piece. null: some thousands. */
  voxelBatch: z.int().min(1).nullable(),
});

/** Fills in the defaults. */
export function voxelSettings(
  given: {
    [K in keyof z.output<typeof voxelFields>]?: z.output<typeof voxelFields>[K] | undefined;
  },
): VoxelSettings {
  const { initValue, ...rest } = given;
  const known = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...defaultVoxelSettings,
    ...known,
    initValue: initValue === undefined ? defaultVoxelSettings.initValue : numberOf(initValue),
  };
}

function numberOf(value: number | string): number {
  if (typeof value === 'number') return value;
  if (/nan/i.test(value)) return Number.NaN;
  return value.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
