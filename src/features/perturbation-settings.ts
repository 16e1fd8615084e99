import { z } from 'zod';

/** The group `perturb` of a study file: how often, and how far, each outline is redrawn. */
export const perturbationSchema = z.strictObject({
  /** Redraws of each mask. Extraction takes as many times longer. */
  times: z.int().min(2).max(1000).default(5),
  /** Turn of the voxel grid in the plane of a slice, degrees, drawn within ± this; the scan is sampled anew. */
  rotate: z.number().min(0).max(180).default(5),
  /** Shift of the voxel grid along each axis, as a share of a voxel, drawn within ± this; with the scan. */
  translate: z.number().min(0).max(1).default(0.5),
  /** Growth or shrinkage, drawn within ± this: of the surface in mm, or of the volume in percent; `none` leaves it out. */
  volume: z
    .union([
      z.strictObject({ mm: z.number().gt(0).max(100) }),
      z.strictObject({ percent: z.number().gt(0).max(80) }),
      z.literal('none'),
    ])
    .default({ percent: 15 }),
  /** Contour randomisation by supervoxels (Zwanenburg et al. 2019). */
  contour: z.boolean().default(true),
  /** Mean volume of a supervoxel, mm³. */
  supervoxelMm3: z.number().gt(0).default(250),
  /** Same seed, same outlines; each patient, scan and redraw has a random stream of its own. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
});

export type Perturbation = z.output<typeof perturbationSchema>;
export type PerturbationChoice = z.input<typeof perturbationSchema>;
