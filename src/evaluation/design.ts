import { z } from 'zod';

const column = z.string().min(1);
const together = column
  .optional()
  .describe(
    'Column whose equal values stay on one side of every split: two tumours or two visits of a person',
  );
const values = z.array(z.string().min(1)).min(1);

/** How the patients of a study are divided into training and test rows. Columns are short names of the manifest. */
export const designSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    /** Independent stratified partitions: `partitions` and `testShare` of the study. */
    kind: z.literal('hold-out'),
    keepTogether: together,
  }),
  z.strictObject({
    /** Stratified folds, each held out once, the whole repeated with other folds. */
    kind: z.literal('k-fold'),
    folds: z.int().min(2).max(100).default(5),
    repeats: z.int().min(1).max(200).default(10),
    keepTogether: together,
  }),
  z.strictObject({
    /** One split that a column gives; patients with another value, or none, take no part. */
    kind: z.literal('fixed-split'),
    column,
    train: values.describe('Meanings (or texts) of the training rows'),
    test: values.describe('Meanings (or texts) of the test rows'),
    keepTogether: together,
  }),
  z.strictObject({
    /** Each group is held out once, all others train: sites, cohorts, scanners. */
    kind: z.literal('leave-one-group-out'),
    column: column.optional().describe("Absent: the manifest's group"),
    fewest: z
      .int()
      .min(2)
      .default(10)
      .describe(
        'Groups of fewer labelled patients, or with fewer than two of a class, are never held out: they only train, and are listed',
      ),
    keepTogether: together,
  }),
]);

export type StudyDesign = z.output<typeof designSchema>;

/** The parts of a study file that decide its partitions. */
export interface DesignOptions {
  /** Absent: hold-out. */
  design?: StudyDesign | undefined;
  /** Number of independent hold-outs. */
  partitions: number;
  /** Share of rows that a hold-out tests on, in (0, 1). */
  testShare: number;
  seed: number;
}

/** The design of a study, the default one where it names none. */
export function designOf({ design }: Pick<DesignOptions, 'design'>): StudyDesign {
  return design ?? { kind: 'hold-out' };
}

/**
 * Whether test rows of different partitions overlap or share most training rows by resampling, so that the corrected resampled
 * t-test is the valid one. In the other designs each patient is tested once.
 */
export function isResampled({ kind }: Pick<StudyDesign, 'kind'>): boolean {
  return kind === 'hold-out' || kind === 'k-fold';
}
