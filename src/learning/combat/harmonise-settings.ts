import { z } from 'zod';

const names = z.array(z.string().min(1)).min(1);

const settings = z.strictObject({
  method: z.literal('combat'),
  /** Column of the site; absent: the manifest's `group`. */
  by: z.string().min(1).optional(),
  /** Baseline columns whose effect is preserved: numbers as they are, others level by level. */
  covariates: names.optional(),
  /** Blocks whose columns are harmonised. Absent: all but `clinical`. */
  blocks: names.optional(),
  /** Preserves the effect of the outcome, which only training rows have: held-out rows get its training mean. Off unless asked. */
  outcome: z.boolean().default(false),
  /** Rows of a site without two training rows, or without a site: `refuse` ends the study, `pass` leaves them as they are and lists them. */
  unknownSite: z.enum(['refuse', 'pass']).default('refuse'),
  /** Sites of fewer training rows are named in a warning. */
  smallSite: z.int().min(2).default(10),
});

/** `harmonise: combat`, or the settings of it. */
export const harmoniseSchema = z.union([
  z.literal('combat').transform(() => settings.parse({ method: 'combat' })),
  settings,
]);

export type HarmoniseSettings = z.output<typeof settings>;

/** Whether a column is harmonised: one of the named blocks, else any but clinical variables. */
export function takes(
  { blocks }: Pick<HarmoniseSettings, 'blocks'>,
  { block }: { block: string },
): boolean {
  return blocks?.includes(block) ?? block !== 'clinical';
}
