import { z } from 'zod';
import { NacreError } from '../runtime/errors.ts';
import { parseWithSchema } from '../runtime/parse-with-schema.ts';
import { harmoniseSchema } from './combat/harmonise-settings.ts';
import { iccForms } from './icc.ts';
import {
  classifiers,
  type LogisticSettings,
  logisticDefaults,
  logisticSchema,
  type Penalty,
} from './logistic/logistic-settings.ts';
import { boosterGrid } from './xgboost/booster-settings.ts';
import { boosterImplementations } from './xgboost/load-booster.ts';

/** The engine, and values to try: the cartesian product in the order of the keys; RFE runs with the first of each. Names as in XGBoost's own documentation, in camel case. */
const boosterGridSchema = z.strictObject({
  /**
   * `ml-xgboost` (where absent) is the same on every machine; `exact` grows its trees, to the last bit, in a fraction of the time;
   * `native` is the machine's libxgboost; `auto` that where there is one.
   */
  implementation: z.enum(boosterImplementations).optional(),
  /** Several values of `rounds` cost no more than the largest. */
  ...boosterGrid,
});

const mrmrSchema = z.strictObject({
  /** `mid` and `miq`: difference and quotient on mutual information; `fcd` and `fcq`: on F statistic and correlation. */
  method: z.enum(['mid', 'miq', 'fcd', 'fcq']).default('fcq'),
  /** Columns to pick; all that can be picked where there are fewer. */
  features: z.int().min(1).default(50),
  /** How `mid` and `miq` cut reals into levels (see `discretise`). */
  discretisation: z.enum(['mean-sd', 'quantile']).default('mean-sd'),
  /** `mean-sd`: cuts at mean ± this many sd. */
  sdFactor: z.number().gt(0).default(0.5),
  /** `quantile`: number of levels. */
  bins: z.int().min(2).max(64).default(4),
});

const rfeSchema = z.strictObject({
  /** Columns to keep. */
  features: z.int().min(1).default(10),
  /** Columns dropped a step: a whole number, or a share (0, 1) of the count that RFE starts with, as in scikit-learn. */
  step: z.number().gt(0).default(1),
  /** `gain` is the mean gain of a column's splits (XGBClassifier's default), `total-gain` their sum. */
  importance: z.enum(['gain', 'total-gain']).default('gain'),
});

const stabilitySchema = z.strictObject({
  /** `1,1` counts every disagreement between redraws, `3,1` none that all patients share. */
  icc: z.enum(iccForms).default('1,1'),
  /** Columns whose intraclass correlation over the redraws of training patients is below it are dropped. */
  atLeast: z.number().min(-1).max(1).default(0.75),
});

/** Everything that decides what a `Pipeline` learns, beside the rows and the random stream. Part of a study file. */
export const pipelineConfigSchema = z.strictObject({
  /** Drops features that change with the outline; needs `perturb` in the study. Absent: no such filter. */
  stability: stabilitySchema.optional(),
  /** Filled from training rows; columns without any training value are dropped. `none` leaves gaps to the booster and allows no mRMR. */
  impute: z.enum(['median', 'mean', 'most-frequent', 'none']).default('median'),
  /** Columns whose training variance (divided by N, before scaling) is not above it are dropped; 0 drops constants. */
  varianceThreshold: z.number().min(0).default(0),
  /**
   * `combat` takes the location and scale of each site out of the columns (Johnson et al. 2007), fitted on training rows; the site is
   * the manifest's `group`, or the column `by`. Absent: no harmonisation.
   */
  harmonise: harmoniseSchema.optional(),
  /** `zscore` subtracts the training mean and divides by the training sd (divided by N). */
  scale: z.enum(['zscore', 'none']).default('zscore'),
  /**
   * A column whose |Pearson r| with a more relevant kept one is above it is dropped; 1 switches the filter off. Relevance on
   * training rows as mRMR measures it: the F statistic, with `mid` and `miq` mutual information. Ties go to the earlier column.
   */
  correlationThreshold: z.number().gt(0).max(1).default(1),
  /** Absent: no mRMR. */
  mrmr: mrmrSchema.optional(),
  /** Absent: no recursive feature elimination. */
  rfe: rfeSchema.optional(),
  /**
   * `xgboost` (where absent): boosted trees. `logistic`: logistic regression with the penalties under `logistic`; `ridge` and
   * `lasso`: with that one. It needs `scale: zscore` and imputed columns. RFE then ranks by the size of the coefficients.
   */
  classifier: z.enum(classifiers).optional(),
  /** Penalties of a logistic regression that inner folds try; read by it alone. Absent: its defaults. */
  logistic: logisticSchema.optional(),
  booster: boosterGridSchema.prefault({}),
  /** `balanced` weighs class 1 by (rows of class 0) / (rows of class 1) (`scale_pos_weight`). */
  classWeight: z.enum(['balanced', 'none']).default('balanced'),
  /** Stratified folds of the training rows; used where a grid, early stopping or a Youden threshold asks for them. */
  innerFolds: z.int().min(2).max(50).default(5),
  /** `once`: inner folds share the features picked on all training rows (fast; fair to settings, a little kind to the threshold). `each-fold`: features are picked anew within each inner fold. */
  innerSelection: z.enum(['once', 'each-fold']).default('once'),
  /** Score by which inner folds compare settings: mean over folds of AUC (higher) or of log-loss (lower). */
  innerMetric: z.enum(['auc', 'logloss']).default('auc'),
  /** Number of trees by the mean log-loss over inner folds: the first minimum not bettered for `patience` trees, at most `rounds`. */
  earlyStopping: z.strictObject({ patience: z.int().min(1).default(20) }).optional(),
  /** Class 1 is predicted at and above it: 0.5, or the probability of largest Youden index over inner folds. */
  threshold: z.enum(['0.5', 'youden']).default('0.5'),
});

export type PipelineConfig = z.output<typeof pipelineConfigSchema>;
export type PipelineSettings = z.input<typeof pipelineConfigSchema>;

/**
 * Settings completed with the defaults.
 * @throws NacreError `unknown-key`, `bad-config`
 */
export function pipelineConfig(settings: PipelineSettings = {}): PipelineConfig {
  const config = parseWithSchema(pipelineConfigSchema, settings, 'the pipeline');
  checkClassifier(config);
  return config;
}

/** Whether the classifier is a logistic regression. */
export function isLogistic({ classifier }: Pick<PipelineConfig, 'classifier'>): boolean {
  return classifier !== undefined && classifier !== 'xgboost';
}

/** The settings of a logistic regression; `ridge` and `lasso` fix its penalty. */
export function logisticOf({
  classifier,
  logistic = logisticDefaults,
}: Pick<PipelineConfig, 'classifier' | 'logistic'>): LogisticSettings {
  const only = penaltyNamed(classifier);
  return only === undefined ? logistic : { ...logistic, penalty: [only] };
}

function penaltyNamed(classifier: PipelineConfig['classifier']): Penalty | undefined {
  return classifier === 'ridge' || classifier === 'lasso' ? classifier : undefined;
}

/**
 * Refuses a logistic regression on columns that are not on one scale or have gaps: its penalty would weigh them by their
 * units, and it cannot leave gaps to anything.
 *
 * @throws NacreError `bad-config`
 */
export function checkClassifier(
  config: PipelineConfig,
  where: { file?: string; column?: string } = {},
): void {
  if (!isLogistic(config) || (config.scale === 'zscore' && config.impute !== 'none')) return;
  throw new NacreError('bad-config', 'a logistic regression needs scaled columns without gaps', {
    ...where,
    found: `classifier: ${config.classifier} with scale: ${config.scale} and impute: ${config.impute}`,
    expected: 'scale: zscore and impute: median, mean or most-frequent',
  });
}
