import { z } from 'zod';
import { parseWithSchema } from '../../runtime/parse-with-schema.ts';

/** The knobs of the phantom cohort. */
export const phantomSchema = z.strictObject({
  /** Number of patients. */
  patients: z.int().min(6).max(10_000).default(96),
  /** Same seed, same bytes. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  /** Strength s of the link between latent response and outcome (`latent-response.ts`); 0 gives a null cohort. */
  signal: z.number().min(0).max(10).default(1),
  /** Share of patients who lack one of the scans. */
  missingScans: z.number().min(0).max(0.5).default(0.04),
  /** Share of values that are missing in clinical variables that clinics often lack. */
  missingValues: z.number().min(0).max(0.5).default(0.05),
});

export type PhantomOptions = z.output<typeof phantomSchema>;
export type PhantomChoice = z.input<typeof phantomSchema>;

/**
 * Completed with the defaults.
 * @throws NacreError `unknown-key`, `bad-config`
 */
export function phantomOptions(choice: PhantomChoice = {}): PhantomOptions {
  return parseWithSchema(phantomSchema, choice, 'the phantom cohort');
}
