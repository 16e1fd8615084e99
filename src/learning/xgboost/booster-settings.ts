import { z } from 'zod';
import { parseWithSchema } from '../../runtime/parse-with-schema.ts';

const penalty = z.number().min(0).max(1e30);
const share = z.number().gt(0).max(1);

/** The settings of one fit with range and default: XGBoost's, in camel case, with its defaults but for the number of trees. */
const boosterSettings = z.strictObject({
  /** Trees. */
  rounds: z.int().min(1).max(10_000).default(100),
  maxDepth: z.int().min(1).max(16).default(3),
  /** `eta`. */
  learningRate: share.default(0.1),
  /** Least sum of hessians in a leaf. */
  minChildWeight: penalty.default(1),
  /** Least gain of a split. */
  gamma: penalty.default(0),
  /** L2 penalty of leaf weights. */
  lambda: penalty.default(1),
  /** L1 penalty of leaf weights. */
  alpha: penalty.default(0),
  /** Share of rows per tree; below 1 the trees depend on the seed and match no other engine. */
  subsample: share.default(1),
  /** Share of columns per tree. */
  columnSample: share.default(1),
  /** Weight of class 1 rows. */
  positiveWeight: z.number().gt(0).max(1e30).default(1),
  /** Only read where a share is below 1. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(0),
});

export type BoosterParams = z.output<typeof boosterSettings>;

export const defaultBoosterParams: BoosterParams = boosterSettings.parse({});

/** Completes and checks settings. @throws NacreError `unknown-key`, `bad-config` */
export function boosterParams(params: Partial<BoosterParams> = {}): BoosterParams {
  return parseWithSchema(boosterSettings, params, 'the booster');
}

/** XGBoost's own name of each setting but the number of trees. */
export const xgboostNames: Record<Exclude<keyof BoosterParams, 'rounds'>, string> = {
  maxDepth: 'max_depth',
  learningRate: 'eta',
  minChildWeight: 'min_child_weight',
  gamma: 'gamma',
  lambda: 'lambda',
  alpha: 'alpha',
  subsample: 'subsample',
  columnSample: 'colsample_bytree',
  positiveWeight: 'scale_pos_weight',
  seed: 'seed',
};

const { shape } = boosterSettings;

/** Values to try of each setting that a study may choose: the default alone where none is named. */
export const boosterGrid = {
  rounds: valuesOf(shape.rounds),
  maxDepth: valuesOf(shape.maxDepth),
  learningRate: valuesOf(shape.learningRate),
  minChildWeight: valuesOf(shape.minChildWeight),
  gamma: valuesOf(shape.gamma),
  lambda: valuesOf(shape.lambda),
  alpha: valuesOf(shape.alpha),
  subsample: valuesOf(shape.subsample),
  columnSample: valuesOf(shape.columnSample),
};

function valuesOf(setting: z.ZodDefault<z.ZodNumber>) {
  return z
    .array(setting.unwrap())
    .min(1)
    .default([setting.parse(undefined)]);
}
