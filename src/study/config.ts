import { z } from 'zod';
import { phantomSchema } from '../cohort/phantom/phantom-options.ts';
import { designSchema } from '../evaluation/design.ts';
import { extractionSchema } from '../features/extraction.ts';
import { perturbationSchema } from '../features/perturbation-settings.ts';
import { classifiers } from '../learning/logistic/logistic-settings.ts';
import {
  checkClassifier,
  type PipelineConfig,
  pipelineConfigSchema,
} from '../learning/pipeline-config.ts';
import { NacreError, unknownName } from '../runtime/errors.ts';
import { canonicalJson, sha256 } from '../runtime/hash.ts';
import { isListedOnce, listedOnce } from '../runtime/listed-once.ts';
import { parseWithSchema } from '../runtime/parse-with-schema.ts';
import { readText } from '../runtime/read-text.ts';
import { parseYaml } from '../runtime/read-yaml.ts';
import { withClassifier } from './with-classifier.ts';

const share = z.number().min(0).max(1);

const publishedSchema = z.strictObject({
  /** Label of the number: `ResNet34`, `handcrafted`. */
  label: z.string().min(1),
  /** Source: authors, journal, year, doi. */
  source: z.string().min(1),
  /** Id of the set that the number belongs to; the number is then shown in the column `published` of that row. */
  set: z.string().min(1).optional(),
  balancedAccuracy: share.optional(),
  auc: share.optional(),
});

const setId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9+._-]*$/, 'letters, digits, + . _ - only');
const isAscending = (list: readonly number[]) =>
  list.every((end, i) => i === 0 || end > list[i - 1]);
const names = z.array(z.string().min(1)).min(1).refine(isListedOnce, listedOnce);

/** Classifier of this set, in place of the pipeline's: `logistic`, `ridge`, `lasso` or `xgboost`. Absent: the pipeline's. */
const setClassifier = z.enum(classifiers).optional();

const featureSetSchema = z.strictObject({
  /** Short name in tables and files: `radiomics+clinical`. */
  id: setId,
  title: z.string().optional(),
  /** Blocks of the cohort that are put side by side: `clinical`, `radiomics`, `resnet34`. */
  blocks: names,
  /** Columns kept, by full name: `clinical.hr`, or `clinical.subtype` for all meanings of a category. Absent: all. */
  columns: names.optional(),
  classifier: setClassifier,
});

/** A set by what is in it: one or several extractors, the clinical variables, scans and regions to keep. */
const composedSetSchema = z.strictObject({
  /** Absent: made of the parts, `ResNet34 + clinical, MRI`. */
  title: z.string().min(1).optional(),
  /** `handcrafted`, `resnet34` …: any block of the cohort that holds image features. */
  extractor: z.union([z.string().min(1), names]).optional(),
  /** Adds the clinical variables. */
  clinical: z.boolean().default(false),
  /** Scans kept, by name or by a name of `scanGroups`. Absent: all that the extractor saw. */
  scans: names.optional(),
  /** Regions kept. Absent: all. */
  regions: names.optional(),
  classifier: setClassifier,
});

export type ComposedSet = z.output<typeof composedSetSchema>;

/** One study: everything that decides a number, and nothing else. Read from YAML by `readStudyConfig`. */
export const studyConfigSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, . _ - only'),
  title: z.string().min(1),
  /**
   * Id of a manifest in `data-manifests/`, a path to one (from the study file), `synthetic-table` for patients made by code,
   * or `{ phantom: { patients: 96, seed: 1, signal: 1 } }` for scans made by code.
   */
  cohort: z.union([z.string().min(1), z.strictObject({ phantom: phantomSchema })]),
  /** Only these patients of the cohort: `{ column: trial, values: [ISPY2] }`; column `patient` is the id, `*` any characters. */
  only: z
    .strictObject({ column: z.string().min(1), values: z.array(z.string().min(1)).min(1) })
    .optional(),
  /** From scans to one block per extractor. Absent: the blocks of the manifest alone. */
  extraction: extractionSchema.optional(),
  /** Redraws each outline and measures every feature again: how stable features are, and what `pipeline.stability` drops. */
  perturb: perturbationSchema.optional(),
  /** Endpoints to predict. Without any, the study can only be extracted (`nacre extract`). */
  endpoints: z.array(z.string().min(1)).refine(isListedOnce, listedOnce),
  /** Sets as blocks of the cohort side by side. */
  featureSets: z.array(featureSetSchema).default([]),
  /** Sets by extractor, scan and region: `resnet34-mri-intra: { extractor: resnet34, scans: [MRI], regions: [intra] }`. */
  sets: z.record(setId, composedSetSchema).optional(),
  /** Names for several scans at once: `MRI: [ceT1, T2]`. */
  scanGroups: z.record(z.string().min(1), names).optional(),
  /** The paper's table: these sets as rows, the reference tested against each other. Then only pairs with it are tested. */
  comparison: z.strictObject({ reference: z.string().min(1), sets: names }).optional(),
  /** Absent: the defaults of every step, without mRMR and RFE. */
  pipeline: pipelineConfigSchema.prefault({}),
  /** How patients are divided into training and test rows. Absent: `partitions` independent hold-outs of `testShare`. */
  design: designSchema.optional(),
  /** Independent stratified partitions of a hold-out. */
  partitions: z.int().min(2).max(1000).default(10),
  testShare: z.number().gt(0).lt(1).default(0.2),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  /** Permuted-label audit; 0 leaves it out. */
  audit: z
    .strictObject({
      permutations: z.int().min(0).max(10_000),
      /** Sets that are audited. Absent: all. */
      sets: names.optional(),
    })
    .default({ permutations: 0 }),
  /**
   * Learning curve: every partition again with these shares of its training rows, of each class, and the same test rows. Each
   * share costs as much as the study without its audit.
   */
  learningCurve: z
    .strictObject({
      shares: z
        .array(z.number().gt(0).lt(1))
        .min(1)
        .refine((list) => new Set(list).size === list.length, listedOnce),
      /** Sets with a curve. Absent: all. */
      sets: names.optional(),
    })
    .optional(),
  /**
   * Columns by which every metric is broken down; numbers in bands by their upper ends: `{ column: age, bands: [40, 50, 60, 70] }`,
   * which are also the bands of an age where none are given. Absent: those of the manifest; `[]`: none.
   */
  subgroups: z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({
          column: z.string().min(1),
          bands: z.array(z.number()).min(1).refine(isAscending, 'ascending numbers').optional(),
        }),
      ]),
    )
    .optional(),
  /** Published numbers per endpoint, shown beside ours in columns of their own. */
  published: z.record(z.string(), z.array(publishedSchema)).default({}),
});

export type StudyConfig = z.output<typeof studyConfigSchema>;

/** JSON Schema of a study file (draft 2020-12), for editors: `studies/study.schema.json`. */
export function studyJsonSchema(): object {
  return z.toJSONSchema(studyConfigSchema, { io: 'input' });
}

/**
 * Checks that a study has an endpoint; a study without one can only extract.
 *
 * @throws NacreError `bad-config`
 */
export function requireEndpoints({ id, endpoints }: Pick<StudyConfig, 'id' | 'endpoints'>): void {
  if (endpoints.length > 0) return;
  throw new NacreError('bad-config', `the study ${id} names no endpoint`, {
    column: 'endpoints',
    expected: 'at least one that the manifest defines',
    todo: 'name one, or extract alone: nacre extract STUDY.yaml --tables FOLDER',
  });
}

/**
 * Reads a study file. Unknown keys are refused with the nearest known one; YAML aliases are not followed.
 *
 * @throws NacreError `file-missing`, `bad-yaml`, `unknown-key`, `bad-config`
 */
export function readStudyConfig(path: string): StudyConfig {
  const text = readText(
    path,
    'the study file',
    'a YAML file such as studies/ispy1.yaml',
    'check the path (nacre study --help shows examples)',
  );
  return parseStudyConfig(text, path);
}

/** The same from text; `file` names it in errors. */
export function parseStudyConfig(text: string, file: string): StudyConfig {
  const what = 'the study file';
  const config = parseWithSchema(studyConfigSchema, parseYaml(text, { what, file }), what, file);
  checkReferences(config, file);
  return config;
}

/** The hash that names a configuration: equal settings, equal hash, whatever the order of keys or the comments. */
export function configHash(config: StudyConfig): string {
  return sha256(canonicalJson(config));
}

/** Ids of all sets of a study, in the order of its tables. */
export function setIds(config: Pick<StudyConfig, 'featureSets' | 'sets'>): string[] {
  return [...config.featureSets.map(({ id }) => id), ...Object.keys(config.sets ?? {})];
}

/** The pipeline of one feature set: the study's, with the classifier that the set names. */
export function pipelineOfSet(
  config: Pick<StudyConfig, 'featureSets' | 'sets' | 'pipeline'>,
  id: string,
): PipelineConfig {
  const plain = config.featureSets.find((set) => set.id === id);
  return withClassifier(config.pipeline, (plain ?? config.sets?.[id])?.classifier);
}

function checkPerturbation({ extraction, perturb, pipeline }: StudyConfig, file: string): void {
  if (perturb !== undefined && extraction === undefined) {
    throw new NacreError('bad-config', 'outlines can be redrawn only where scans are extracted', {
      file,
      column: 'perturb',
      found: 'a study without a group extraction',
      expected: 'extraction, with scans and masks',
      todo: 'add extraction, or leave perturb out',
    });
  }
  if (pipeline.stability !== undefined && perturb === undefined) {
    throw new NacreError('bad-config', 'the stability filter needs redrawn outlines', {
      file,
      column: 'pipeline.stability',
      found: 'a study without perturb',
      expected: 'perturb: { times: 5 }',
      todo: 'add perturb, or leave stability out',
    });
  }
}

function checkReferences(config: StudyConfig, file: string): void {
  checkPerturbation(config, file);
  const ids = setIds(config);
  checkClassifier(config.pipeline, { file, column: 'pipeline.classifier' });
  for (const id of ids) {
    checkClassifier(pipelineOfSet(config, id), { file, column: `sets.${id}.classifier` });
  }
  if (ids.length === 0) {
    throw new NacreError('bad-config', 'the study has no feature set', {
      file,
      column: 'sets',
      found: 'none',
      expected: 'at least one, such as clinical: { clinical: true }',
    });
  }
  const twice = ids.findIndex((id, i) => ids.indexOf(id) < i);
  if (twice >= 0) {
    throw new NacreError('bad-config', 'two feature sets have one id', {
      file,
      column: twice < config.featureSets.length ? `featureSets.${twice}.id` : `sets.${ids[twice]}`,
      found: ids[twice],
      expected: 'an id of its own',
    });
  }
  for (const [id, { extractor, clinical, scans, regions }] of Object.entries(config.sets ?? {})) {
    if (extractor !== undefined || (clinical && scans === undefined && regions === undefined)) {
      continue;
    }
    throw new NacreError('bad-config', 'a set names no extractor', {
      file,
      column: `sets.${id}`,
      found: clinical
        ? 'clinical variables with scans or regions'
        : 'neither extractor nor clinical',
      expected: 'extractor: NAME, or clinical: true alone',
    });
  }
  const { comparison, audit } = config;
  const named = [
    ...(comparison === undefined
      ? []
      : [
          { column: 'comparison.reference', id: comparison.reference },
          ...comparison.sets.map((id, i) => ({ column: `comparison.sets.${i}`, id })),
        ]),
    ...(config.learningCurve?.sets ?? []).map((id, i) => ({
      column: `learningCurve.sets.${i}`,
      id,
    })),
    ...(audit.sets ?? []).map((id, i) => ({ column: `audit.sets.${i}`, id })),
    ...Object.entries(config.published).flatMap(([endpoint, rows]) =>
      rows.flatMap(({ set }, i) =>
        set === undefined ? [] : [{ column: `published.${endpoint}.${i}.set`, id: set }],
      ),
    ),
  ];
  for (const { column, id } of named) {
    if (ids.includes(id)) continue;
    throw unknownName('the study has no set of that name', id, ids, { file, column });
  }
  for (const endpoint of Object.keys(config.published)) {
    if (config.endpoints.includes(endpoint)) continue;
    throw new NacreError('bad-config', 'published numbers for an endpoint that the study lacks', {
      file,
      column: `published.${endpoint}`,
      found: endpoint,
      expected: config.endpoints.join(', '),
    });
  }
}
