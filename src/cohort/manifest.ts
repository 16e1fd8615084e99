import { z } from 'zod';
import { separators } from '../table/separators.ts';
import { dataPath } from './data-path.ts';
import { archivesSchema } from './manifest-archives.ts';
import { derivedSchema, name, regex } from './manifest-derived.ts';

const codes = z
  .array(z.string())
  .describe('Cell texts that mean missing; an empty cell always does');

const source = z.strictObject({
  id: name,
  address: z.url({ protocol: /^https$/ }).describe('Public address (https)'),
  path: dataPath.describe('File name in the data folder, and in a mirror'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits'),
  bytes: z.int().positive(),
  licence: z.string().optional(),
  note: z.string().optional(),
});

/** How rows find their patient: the column, and the part of its text that is the id. */
const patientRule = z.strictObject({
  column: z.string().min(1),
  match: regex.default('(.+)').describe('Must match the whole cell; its first group is the id'),
  as: z
    .string()
    .refine((text) => text.includes('$1'), 'text with $1, the first group')
    .default('$1')
    .describe('Patient id made of the group: ISPY1_$1'),
});

const column = {
  name: name.describe('Short name: the feature is clinical.<name>'),
  meaning: z.string().min(1),
  measured: z
    .enum(['baseline', 'treatment', 'during', 'after', 'assigned'])
    .describe(
      'Against the start of treatment; only baseline columns may be predictors. treatment: which one was given, neither baseline nor outcome. assigned: given by people, not measured (a split, a site)',
    ),
  also: z
    .array(z.string().min(1))
    .optional()
    .describe('Other titles that versions of the file give this column'),
  missing: codes.default([]),
  note: z.string().optional(),
};
const coding = z.record(z.string(), z.string().min(1)).describe('Code in the file: its meaning');

const columnSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...column,
    type: z.literal('number'),
    unit: z.string().min(1).describe('UCUM where there is one: mm, a, 1'),
    minimum: z.number().optional().describe('A smaller value is refused'),
    maximum: z.number().optional().describe('A larger value is refused'),
  }),
  z.strictObject({
    ...column,
    type: z.literal('binary'),
    coding: coding
      .optional()
      .describe(
        'Code in the file: its meaning. Absent: inferred where the cells are plain (neg and pos, no and yes, 0 and 1), else asked for',
      ),
    one: z
      .string()
      .optional()
      .describe('The code that becomes 1. Default: 1, else the plain one (pos, yes, positive)'),
  }),
  z.strictObject({ ...column, type: z.literal('category'), coding }),
  z.strictObject({ ...column, type: z.literal('id') }),
  z.strictObject({ ...column, type: z.literal('text') }),
]);

const file = {
  file: dataPath,
  format: z.enum(['csv', 'csv.gz', 'xlsx', 'parquet']),
  sheet: z.string().optional().describe('Sheet of an Excel file. Default: the first'),
  separator: z
    .enum(separators)
    .optional()
    .describe('Between the cells of a CSV file. Default: recognised, and reported'),
  patient: patientRule,
};

const table = z.strictObject({
  id: name,
  ...file,
  columns: z.record(z.string(), columnSchema).describe('By title in the file'),
});

const featureFile = z.strictObject({
  block: name.describe('Feature block: radiomics, resnet34'),
  ...file,
  modality: z.string().optional().describe('Scan: ceT1, T2, ct'),
  region: z.enum(['intra', 'peri']).optional(),
  ignore: z.array(z.string()).default([]).describe('Columns that are not features'),
  keep: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Columns that take part although they look like a row number or an id, or separate an endpoint nearly perfectly',
    ),
  missing: codes.default([]),
  note: z.string().optional(),
});

const sides = {
  title: z.string().min(1),
  positiveName: z.string().min(1),
  negativeName: z.string().min(1),
};

const endpoint = z.discriminatedUnion('rule', [
  z.strictObject({
    rule: z.literal('column'),
    ...sides,
    column: name,
    positive: z.array(z.string()).min(1).describe('Codes of class 1'),
    negative: z.array(z.string()).min(1).describe('Codes of class 0'),
  }),
  z.strictObject({
    rule: z.literal('shrinkage'),
    ...sides,
    before: name,
    after: name,
    threshold: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.3)
      .describe('Class 1 where (before - after) / before is at least this'),
  }),
]);

const pattern = dataPath.refine((path) => path.includes('{patient}'), 'a path with {patient}');

/** A cohort as data: which patients, which files, from where, under what licence, and what each column means. */
export const manifestSchema = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal('nacre-cohort-1'),
  id: name,
  title: z.string().min(1),
  citation: z.string().min(1),
  licence: z.string().min(1),
  synthetic: z.boolean().describe('True where the patients were made by code'),
  pseudonymise: z
    .boolean()
    .default(false)
    .describe(
      'No patient id is used as it is: a key is needed (--pseudonym-key, NACRE_PSEUDONYM_KEY)',
    ),
  notices: z.array(z.string()).default([]).describe('Shown in every table and report'),
  sources: z.array(source).default([]),
  archives: archivesSchema,
  modalities: z
    .record(name, z.strictObject({ title: z.string().min(1), note: z.string().optional() }))
    .default({}),
  patients: z.array(z.string().min(1)).optional().describe('Needed only where no table names them'),
  tables: z.array(table).default([]),
  features: z.array(featureFile).default([]),
  images: z
    .record(
      name,
      z.strictObject({
        image: pattern,
        mask: pattern,
        maskThreshold: z
          .number()
          .gt(0)
          .optional()
          .describe('Masks of probabilities or shares: from this value on a voxel is tumour'),
        roi: z
          .string()
          .min(1)
          .optional()
          .describe('RTSTRUCT or SEG: name or number of the region; * for any characters'),
        series: z
          .string()
          .min(1)
          .optional()
          .describe('DICOM folder of several series: number or description; * for any characters'),
        phase: z
          .int()
          .positive()
          .optional()
          .describe('DICOM series of several volumes: which one, from 1'),
        deskew: z
          .boolean()
          .optional()
          .describe('DICOM: resample a series whose slices are stacked at an angle'),
      }),
    )
    .default({})
    .describe('By modality: where the scan and the tumour mask of {patient} lie'),
  qc: dataPath
    .optional()
    .describe(
      'Decisions on the masks (nacre cohort qc), beside the manifest: excluded patients, edited masks',
    ),
  derived: derivedSchema,
  treatmentPredictors: z
    .array(name)
    .default([])
    .describe('Columns of treatment that may be predictors: on purpose, and said in every report'),
  predictors: z.array(name).default([]).describe('Columns that may enter the block clinical'),
  blocks: z
    .record(name, z.array(name).min(1))
    .default({})
    .describe('Further blocks made of described columns: volume: [log_tumour_volume]'),
  group: name
    .optional()
    .describe('Column of the site, cohort or scanner of a patient, for harmonise and for designs'),
  subgroups: z
    .array(name)
    .default([])
    .describe('Columns by which every metric of a study is broken down, beside the group'),
  endpoints: z.record(name, endpoint).default({}),
  reachable: z
    .record(name, z.record(name, z.number().min(0).max(1)))
    .optional()
    .describe(
      'Made cohorts only: balanced accuracy of the Bayes rule, by endpoint, by what the rule knows (clinical, scans)',
    ),
});

export type Manifest = z.output<typeof manifestSchema>;
export type ManifestColumn = Manifest['tables'][number]['columns'][string];
export type EndpointRule = Manifest['endpoints'][string];
export type PatientRule = Manifest['tables'][number]['patient'];

/** JSON Schema of a manifest (draft 2020-12), for editors: `data-manifests/manifest.schema.json`. */
export function manifestJsonSchema(): object {
  return z.toJSONSchema(manifestSchema, { io: 'input' });
}
