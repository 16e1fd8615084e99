import { NacreError } from '../runtime/errors.ts';
import { ColumnSelection } from './column-selection.ts';
import { CorrelationFilter } from './correlation-filter.ts';
import { Mrmr } from './mrmr.ts';
import type { PipelineConfig } from './pipeline-config.ts';
import { onlyPrepared, type PreparedColumns, prepareColumns } from './prepare-columns.ts';
import { eliminate } from './rfe.ts';
import type { HeldOutRows, TrainingRows } from './rows.ts';
import type { FittedTransformer } from './transformer.ts';
import type { Booster } from './xgboost/booster.ts';
import { type BoosterMatrix, boosterMatrix } from './xgboost/booster-matrix.ts';
import type { BoosterParams } from './xgboost/booster-settings.ts';
import type { TreeEnsemble } from './xgboost/trees.ts';

/** Number of columns left after each step, in the order of the steps. */
export interface SelectionTrail {
  /** Columns after each step, the candidates first. */
  steps: { name: string; columns: number }[];
  /** mRMR's picks in the order of picking; empty without mRMR. */
  mrmr: {
    feature: string;
    /** F, or mutual information in nats. */
    relevance: number;
    /** Relevance held against redundancy with the picks before; the first one's relevance. */
    score: number;
  }[];
  /** Columns in the order in which RFE dropped them, those of one step together; empty without RFE. */
  eliminated: string[][];
}

/** Everything before the final booster, fitted on training rows. */
export interface FittedSelection {
  steps: { name: string; fitted: FittedTransformer }[];
  /** The training rows after all steps. */
  train: TrainingRows;
  matrix: BoosterMatrix;
  mrmrRanking: string[];
  trail: SelectionTrail;
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
  return selectPrepared(prepareColumns(rows, config), config, booster, params);
}

/** The same from columns that were prepared a group at a time; then rows need no more than the final columns to be transformed. */
export function selectStored(
  prepared: PreparedColumns,
  config: PipelineConfig,
  booster: Booster,
  params: BoosterParams,
): FittedSelection {
  const selection = selectPrepared(prepared, config, booster, params);
  const { names } = selection.matrix;
  const steps = [
    ...onlyPrepared(prepared, names),
    { name: 'columns', fitted: new ColumnSelection(names) },
  ];
  return { ...selection, steps, transform: transformBy(steps) };
}

/** The steps that look across columns, on what is left of them. */
function selectPrepared(
  { impute, variance, scale, left: prepared, train: rows }: PreparedColumns,
  config: PipelineConfig,
  booster: Booster,
  params: BoosterParams,
): FittedSelection {
  const steps: { name: string; fitted: FittedTransformer }[] = [
    { name: 'impute', fitted: impute },
    { name: 'variance', fitted: variance },
    ...(scale === undefined ? [] : [{ name: 'scale', fitted: scale }]),
  ];
  const left = [...prepared];
  let eliminated: string[][] = [];
  let train = rows;
  const add = <F extends FittedTransformer>(name: string, fitted: F): F => {
    steps.push({ name, fitted });
    train = fitted.transform(train);
    left.push({ name, columns: train.columns.length });
    return fitted;
  };
  if (config.correlationThreshold < 1) {
    add('correlation', new CorrelationFilter(config.correlationThreshold, config.mrmr).fit(train));
  }
  const ranking =
    config.mrmr === undefined ? undefined : add('mrmr', new Mrmr(config.mrmr).fit(train));
  let matrix = boosterMatrix(train);
  requireFloat32Variation(train, matrix);
  let trees: TreeEnsemble | undefined;
  if (config.rfe !== undefined) {
    const result = eliminate(booster, matrix, train.labels, params, config.rfe);
    eliminated = dropOrder(
      result.ranking,
      train.columns.map(({ name }) => name),
    );
    add('rfe', new ColumnSelection(result.kept.map((c) => train.columns[c].name)));
    matrix = boosterMatrix(train);
    trees = result.trees;
  }
  return {
    steps,
    train,
    matrix,
    mrmrRanking: [...(ranking?.kept ?? [])],
    trail: {
      steps: left,
      mrmr: (ranking?.kept ?? []).map((feature, i) => ({
        feature,
        relevance: ranking?.relevance[i] ?? Number.NaN,
        score: ranking?.scores[i] ?? Number.NaN,
      })),
      eliminated,
    },
    trees,
    transform: transformBy(steps),
  };
}

/**
 * A column that varies but not as float32 could win no split, and would leave the selection in silence. Only columns
 * that are not scaled can do that: values of 1e-60, or 1e9 with differences below 64.
 */
function requireFloat32Variation({ columns }: TrainingRows, { values, rows }: BoosterMatrix): void {
  columns.forEach(({ name, values: exact }, c) => {
    const p = columns.length;
    for (let row = 0; row < rows; row++) {
      const same = Object.is(values[row * p + c], values[c]);
      if (!same) return;
    }
    if (exact.every((value) => Object.is(value, exact[0]))) return;
    throw new NacreError(
      'out-of-float32',
      'a feature does not vary in float32, the type that the booster holds',
      {
        column: name,
        found: `values from ${exact.reduce((low, value) => Math.min(low, value))} to ${exact.reduce((high, value) => Math.max(high, value))}`,
        expected: 'differences that float32 can hold',
        todo: 'scale the column (scale: zscore) or leave it out',
      },
    );
  });
}

function transformBy(steps: FittedSelection['steps']): FittedSelection['transform'] {
  return (from) => steps.reduce((at, { fitted }) => fitted.transform(at), from);
}

/** Names by the step that dropped them, from RFE's ranking: the highest rank went first, rank 1 stayed. */
function dropOrder(ranking: Int32Array, names: readonly string[]): string[][] {
  const last = ranking.reduce((most, rank) => Math.max(most, rank), 1);
  return Array.from({ length: last - 1 }, (_, step) =>
    names.filter((_, column) => ranking[column] === last - step),
  );
}
