import { z } from 'zod';
import { extractionSchema } from '../features/extraction.ts';
import { checkedClassifier, portablePipelineSchema } from '../learning/portable-pipeline.ts';
import { NacreError } from '../runtime/errors.ts';
import { parseWithSchema } from '../runtime/parse-with-schema.ts';
import { parseJson } from '../runtime/read-json.ts';
import { readText } from '../runtime/read-text.ts';

const range = z.strictObject({ low: z.number(), high: z.number() });
const interval = z.strictObject({
  mean: z.number(),
  /** Null where there is one partition. */
  sd: z.number().nullable(),
  low: z.number(),
  high: z.number(),
  /** Absent: corrected resampled t-test over the partitions. */
  method: z.enum(['delong', 'wilson', 'bootstrap']).optional(),
});

/** Settings by which new features are computed in the same way as the training features. */
const recipeSchema = z.strictObject({
  /** Settings of the extraction; absent where the cohort came with tables of features. */
  extraction: extractionSchema.optional(),
  /** Weights that made the features; a seed marks RANDOM weights. */
  networks: z.array(
    z.strictObject({
      extractor: z.string(),
      sha256: z.string(),
      randomSeed: z.int().optional(),
      /** Name of its columns, for weights of the user. */
      label: z.string().optional(),
    }),
  ),
  /** Scans that the final features come from, with the voxel spacings seen in training (mm, finest to coarsest). */
  scans: z.record(
    z.string(),
    z.strictObject({ patients: z.int(), spacing: z.tuple([range, range, range]) }),
  ),
  /** Final features that come from scans or from tables of features, by column name. Models before nacre 0.2 have none. */
  features: z
    .record(
      z.string(),
      z.strictObject({
        /** Its title in the table that the cohort came with: the column name without the name of scan and region, or of the block. */
        title: z.string(),
        /** Range in the training set. */
        range,
        /** True if training patients lacked the value; a missing value is then imputed. */
        mayBeMissing: z.boolean(),
      }),
    )
    .default({}),
  /** Clinical variables among the final features. */
  clinical: z.record(
    z.string(),
    z.strictObject({
      /** Meanings of a category, one column each. Absent for a number. */
      meanings: z.array(z.string()).optional(),
      /** Texts of the training table: of a binary variable 0 or 1, of a category its meaning. */
      codes: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
      /** Range in the training set. Absent for a category. */
      range: range.optional(),
      /** True if training patients lacked the value; a missing value is then imputed. */
      mayBeMissing: z.boolean(),
    }),
  ),
});

/** Model card: information to read before using the model (Mitchell et al. 2019). */
const cardSchema = z.strictObject({
  title: z.string(),
  intendedUse: z.string(),
  synthetic: z.boolean(),
  warnings: z.array(z.string()),
  cohort: z.strictObject({
    id: z.string(),
    title: z.string(),
    citation: z.string(),
    licence: z.string(),
    /** The choice of its patients, where not all were trained on. */
    only: z.strictObject({ column: z.string(), values: z.array(z.string()) }).optional(),
  }),
  patients: z.int(),
  positives: z.int(),
  leftOut: z.int(),
  /** Measured on the test patients of the partitions, never on patients that the model was trained on. */
  performance: z.strictObject({
    partitions: z.int(),
    testShare: z.number(),
    metrics: z.record(z.string(), interval),
  }),
});

/** A trained model: one file that holds recipe, pipeline and model card. Written by `trainModel`, read by `readTrainedModel`. */
export const modelSchema = z.strictObject({
  format: z.literal('nacre-model-1'),
  card: cardSchema,
  endpoint: z.strictObject({
    id: z.string(),
    title: z.string(),
    positiveName: z.string(),
    negativeName: z.string(),
  }),
  featureSet: z.strictObject({ id: z.string(), title: z.string(), candidates: z.int() }),
  recipe: recipeSchema,
  pipeline: portablePipelineSchema,
  /** Settings of the fit. */
  settings: z.record(z.string(), z.unknown()),
  booster: z.record(z.string(), z.number()),
  /** Penalty and strength, where the classifier is a logistic regression. */
  logistic: z.strictObject({ penalty: z.string(), c: z.number() }).optional(),
  provenance: z.strictObject({
    nacre: z.string(),
    node: z.string(),
    gitCommit: z.string().optional(),
    study: z.string(),
    configSha256: z.string(),
    seed: z.int(),
    /** SHA-256 over the sorted ids of the training patients. */
    patientsSha256: z.string(),
    /** SHA-256 over the hashes of all inputs. */
    inputsSha256: z.string(),
    inputs: z.int(),
  }),
});

export type TrainedModel = z.output<typeof modelSchema>;

/** Reads a trained model. @throws NacreError `file-missing`, `bad-json`, `bad-model`, `unknown-key`, `bad-config` */
export function readTrainedModel(path: string): TrainedModel {
  const text = readText(
    path,
    'the model',
    'a model file, as nacre train writes it',
    'check the path',
  );
  const json = parseJson(text, {
    what: 'the model',
    file: path,
    todo: 'train it again (nacre train)',
  });
  const format = (json as { format?: unknown } | null)?.format;
  if (format !== 'nacre-model-1') {
    throw new NacreError('bad-model', 'the file is not a model of nacre', {
      file: path,
      found: format === undefined ? 'no format' : String(format),
      expected: 'nacre-model-1',
      todo: 'name a file that nacre train wrote',
    });
  }
  const model = parseWithSchema(modelSchema, json, 'the model', path);
  checkedClassifier(model.pipeline, path);
  return model;
}
