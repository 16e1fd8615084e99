import type { Booster, BoosterParams } from './booster.ts';
import { type BoosterMatrix, boosterMatrix } from './booster-matrix.ts';
import { ColumnSelection } from './column-selection.ts';
import { CorrelationFilter } from './correlation-filter.ts';
import { Imputer } from './imputer.ts';
import { Mrmr } from './mrmr.ts';
import type { PipelineConfig } from './pipeline-config.ts';
import { eliminate } from './rfe.ts';
import type { HeldOutRows, TrainingRows } from './rows.ts';
import { Scaler } from './scaler.ts';
import type { FittedTransformer } from './transformer.ts';
import type { TreeEnsemble } from './trees.ts';
import { VarianceFilter } from './variance-filter.ts';

/** Everything before the final booster, fitted on training rows. */
export interface FittedSelection {
  steps: { name: string; fitted: FittedTransformer }[];
  /** The training rows after all steps. */
  train: TrainingRows;
  matrix: BoosterMatrix;
  mrmrRanking: string[];
  /** Trees over `train` with the parameters handed in, where RFE grew them already. */
  trees: TreeEnsemble | undefined;
  transform<R extends TrainingRows | HeldOutRows>(rows: R): R;
}

/** Imputes, filters, scales, ranks and eliminates, each step fitted on what the one before gives. */
export function selectFeatures(
  rows: TrainingRows,
  config: PipelineConfig,
  booster: Booster,
  params: BoosterParams,
): FittedSelection {
  const steps: { name: string; fitted: FittedTransformer }[] = [];
  let train = rows;
  const add = <F extends FittedTransformer>(name: string, fitted: F): F => {
    steps.push({ name, fitted });
    train = fitted.transform(train);
    return fitted;
  };
  add('impute', new Imputer(config.impute).fit(train));
  add('variance', new VarianceFilter(config.varianceThreshold).fit(train));
  if (config.scale === 'zscore') add('scale', new Scaler().fit(train));
  if (config.correlationThreshold < 1) {
    add('correlation', new CorrelationFilter(config.correlationThreshold).fit(train));
  }
  const ranking =
    config.mrmr === undefined ? undefined : add('mrmr', new Mrmr(config.mrmr).fit(train));
  let matrix = boosterMatrix(train);
  let trees: TreeEnsemble | undefined;
  if (config.rfe !== undefined) {
    const result = eliminate(booster, matrix, train.labels, params, config.rfe);
    add('rfe', new ColumnSelection(result.kept.map((c) => train.columns[c].name)));
    matrix = boosterMatrix(train);
    trees = result.trees;
  }
  return {
    steps,
    train,
    matrix,
    mrmrRanking: [...(ranking?.kept ?? [])],
    trees,
    transform: (from) => steps.reduce((at, { fitted }) => fitted.transform(at), from),
  };
}
