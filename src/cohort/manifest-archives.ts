import { z } from 'zod';
import { dataPath } from './data-path.ts';
import { name, regex } from './manifest-derived.ts';

const perPatient = dataPath.refine((path) => path.includes('{patient}'), 'a path with {patient}');

const common = {
  id: name,
  licence: z.string().min(1),
  note: z.string().optional(),
};

/** Series of a collection of NCI's Imaging Data Commons. */
const idc = z.strictObject({
  kind: z.literal('idc'),
  ...common,
  collection: z
    .string()
    .regex(/^[a-z0-9_]+$/, 'an id of a collection: small letters, digits, _')
    .describe('collection_id of the index: ispy2, acrin_6698'),
  path: perPatient.describe('Folder that the files of the series go to: dicom/{patient}/dce'),
  patient: z
    .strictObject({
      match: regex.default('(.+)').describe('Must match PatientID; its first group is the id'),
      as: z.string().default('$1'),
    })
    .prefault({})
    .describe('How PatientID of the archive becomes the id of the tables'),
  modality: z.array(z.string().min(1)).min(1).describe('DICOM modalities: MR, SEG, CT'),
  description: regex
    .optional()
    .describe('Must match the whole SeriesDescription, in any case. Absent: every series'),
  study: z
    .enum(['first', 'first-with', 'any'])
    .default('first')
    .describe(
      'first: of the earliest study date of the patient, which is before treatment. first-with: of the earliest that has such a series, which may be later',
    ),
  several: z
    .enum(['refuse', 'largest', 'all'])
    .default('refuse')
    .describe('Where the rule finds several series of a patient'),
});

/** Files below a folder of Synapse. */
const synapse = z.strictObject({
  kind: z.literal('synapse'),
  ...common,
  root: z
    .string()
    .regex(/^syn\d+$/, 'an id such as syn60868042')
    .describe('Project or folder'),
  files: z
    .array(dataPath)
    .min(1)
    .describe(
      'Paths from the root, which are also the paths in the data folder; {patient} is the id',
    ),
  token: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/, 'the name of an environment variable')
    .default('SYNAPSE_AUTH_TOKEN')
    .describe(
      'Environment variable that holds the personal token; the token itself is written nowhere',
    ),
});

/** Files by address, in a table of their own beside the manifest. */
const list = z.strictObject({
  kind: z.literal('list'),
  ...common,
  file: dataPath.describe(
    'CSV beside the manifest, columns path, address, bytes, sha256; a row per file, thousands if need be',
  ),
});

/** Archives of a manifest: what is too many or too large for `sources`, brought per patient. */
export const archivesSchema = z
  .array(z.discriminatedUnion('kind', [idc, synapse, list]))
  .default([])
  .describe('Scans in public archives: nacre cohort fetch --scans, or --then extract');

export type Archive = z.output<typeof archivesSchema>[number];
export type IdcArchive = Extract<Archive, { kind: 'idc' }>;
export type SynapseArchive = Extract<Archive, { kind: 'synapse' }>;
export type ListArchive = Extract<Archive, { kind: 'list' }>;
