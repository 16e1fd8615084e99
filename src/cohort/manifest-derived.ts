import { z } from 'zod';

/** Short names of a manifest: columns, blocks, tables. */
export const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'a short name: a letter, then letters, digits, _ or -');

export const regex = z
  .string()
  .refine(compiles, 'a regular expression')
  .describe('Anchored on both ends');

const common = { meaning: z.string().min(1), note: z.string().optional() };

const derivedColumn = z.discriminatedUnion('rule', [
  z.strictObject({
    rule: z.literal('product'),
    ...common,
    unit: z.string().min(1).describe('UCUM where there is one: mL, mm, 1'),
    of: z.array(name).min(1).describe('Number columns; one that stands twice is squared'),
    factor: z.number().default(1).describe('Multiplies the product: 0.001 from mm3 to mL'),
  }),
  z.strictObject({
    rule: z.literal('log'),
    ...common,
    of: name.describe('A number column above 0; the natural logarithm is taken'),
  }),
  z.strictObject({
    rule: z.literal('match'),
    ...common,
    of: name.optional().describe('An id, text or category column. Absent: the patient id'),
    match: regex.describe('Must match the whole text; its first group is the code'),
    coding: z.record(z.string(), z.string().min(1)).describe('First group: its meaning'),
  }),
  z.strictObject({
    rule: z.literal('cases'),
    ...common,
    cases: z
      .array(
        z.strictObject({
          is: z.string().min(1).describe('The meaning where all columns hold their codes'),
          where: z.record(name, z.string()).describe('Codes of binary or category columns'),
        }),
      )
      .min(1)
      .describe('The first case that holds counts'),
  }),
]);

/** Columns that are computed from described ones, by short name; later ones may use earlier ones. */
export const derivedSchema = z
  .record(name, derivedColumn)
  .default({})
  .describe(
    'Columns computed from described ones. Measured when the latest of their parts was: no way around `measured`',
  );

/** The rule of one derived column. */
export type DerivedColumn = z.output<typeof derivedColumn>;

/** Short names of the columns that a derived one is made of; empty where it is made of the patient id. */
export function partsOf(rule: DerivedColumn): string[] {
  switch (rule.rule) {
    case 'product':
      return [...new Set(rule.of)];
    case 'log':
      return [rule.of];
    case 'match':
      return rule.of === undefined ? [] : [rule.of];
    case 'cases':
      return [...new Set(rule.cases.flatMap(({ where }) => Object.keys(where)))];
  }
}

function compiles(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
