import { ColumnMeasures } from './column-measures.ts';
import { ColumnSelection } from './column-selection.ts';
import { CorrelationFilter } from './correlation-filter.ts';
import type { ColumnEliminator, FittedClassifier } from './fitted-classifier.ts';
import { Mrmr } from './mrmr.ts';
import type { PipelineConfig } from './pipeline-config.ts';
import { onlyPrepared, type PreparedColumns, prepareColumns } from './prepare-columns.ts';
import { type HeldOutRows, requireColumns, type TrainingRows } from './rows.ts';
import type { SharedPart } from './shared-columns.ts';
import type { FittedTransformer } from './transformer.ts';

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

/** Everything before the final classifier, fitted on training rows. */
export interface FittedSelection {
  steps: { name: string; fitted: FittedTransformer }[];
  /** The training rows after all steps. */
  train: TrainingRows;
  mrmrRanking: string[];
  trail: SelectionTrail;
  /** The classifier over `train` with the settings that RFE ran with, where it ran. */
  fitted: FittedClassifier | undefined;
  transform<R extends TrainingRows | HeldOutRows>(rows: R): R;
}

/** Imputes, filters, scales, ranks and eliminates, each step fitted on what the one before gives. */
export function selectFeatures(
  rows: TrainingRows,
  config: PipelineConfig,
  eliminator: ColumnEliminator,
): FittedSelection {
  return selectPrepared(prepareColumns(rows, config), config, eliminator);
}

/** The same from columns that other pipelines on the same training rows take, too. */
export function selectShared(
  { prepared, measures }: SharedPart,
  config: PipelineConfig,
  eliminator: ColumnEliminator,
): FittedSelection {
  return selectPrepared(prepared, config, eliminator, measures);
}

/** The same from columns that were prepared a group at a time; then rows need no more than the final columns to be transformed. */
export function selectStored(
  prepared: PreparedColumns,
  config: PipelineConfig,
  eliminator: ColumnEliminator,
): FittedSelection {
  const selection = selectPrepared(prepared, config, eliminator);
  const steps = stepsOfFinal(prepared, selection.train);
  return { ...selection, steps, transform: transformBy(steps) };
}

/** The steps that look across columns, on what is left of them. */
function selectPrepared(
  columns: PreparedColumns,
  config: PipelineConfig,
  eliminator: ColumnEliminator,
  measures = new ColumnMeasures(columns.train, config.mrmr),
): FittedSelection {
  const { stability, impute, variance, harmonise, scale, left: prepared, train: rows } = columns;
  const steps: { name: string; fitted: FittedTransformer }[] = [
    ...(stability === undefined ? [] : [{ name: 'stability', fitted: stability }]),
    { name: 'impute', fitted: impute },
    { name: 'variance', fitted: variance },
    ...(harmonise === undefined ? [] : [{ name: 'harmonise', fitted: harmonise }]),
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
    add(
      'correlation',
      new CorrelationFilter(config.correlationThreshold, config.mrmr).fit(train, measures),
    );
  }
  const ranking =
    config.mrmr === undefined ? undefined : add('mrmr', new Mrmr(config.mrmr).fit(train, measures));
  eliminator.check(train);
  let classifier: FittedClassifier | undefined;
  if (config.rfe !== undefined) {
    const result = eliminator.eliminate(train, config.rfe);
    eliminated = dropOrder(
      result.ranking,
      train.columns.map(({ name }) => name),
    );
    add('rfe', new ColumnSelection(result.kept.map((c) => train.columns[c].name)));
    classifier = result.fitted;
  }
  return {
    steps,
    train,
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
    fitted: classifier,
    transform: harmonise === undefined ? finalTransform(columns, train) : transformBy(steps),
  };
}

/** The steps for the final columns alone: what is learned of single columns, then the columns in their order. */
function stepsOfFinal(prepared: PreparedColumns, train: TrainingRows): FittedSelection['steps'] {
  const names = train.columns.map(({ name }) => name);
  return [
    ...onlyPrepared(prepared, names),
    { name: 'columns', fitted: new ColumnSelection(names) },
  ];
}

/** All steps at once: columns that are dropped later are not transformed, but the rows must hold them, as for the steps. */
function finalTransform(
  prepared: PreparedColumns,
  train: TrainingRows,
): FittedSelection['transform'] {
  const asked = prepared.stability?.kept ?? [...prepared.impute.fills.keys()];
  const transform = transformBy(stepsOfFinal(prepared, train));
  return (from) => {
    requireColumns(from, asked);
    return transform(from);
  };
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
