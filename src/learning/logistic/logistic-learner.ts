import { NacreError } from '../../runtime/errors.ts';
import type { RandomStream } from '../../runtime/random-stream.ts';
import type { FittedSelection } from '../feature-selection.ts';
import type { ColumnEliminator, FittedClassifier } from '../fitted-classifier.ts';
import { innerFolds, outOfFoldThreshold } from '../inner-folds.ts';
import type { Learned, Learner } from '../learner.ts';
import { logisticOf, type PipelineConfig } from '../pipeline-config.ts';
import { eliminateColumns } from '../rfe.ts';
import type { HeldOutRows, TrainingRows } from '../rows.ts';
import { logLoss, rankAuc } from '../scores.ts';
import { positiveWeight } from '../tune.ts';
import { fitLasso } from './lasso-logistic.ts';
import { type LinearModel, marginsOf, sigmoid } from './logistic-loss.ts';
import type { LogisticChoice } from './logistic-settings.ts';
import { fitRidge } from './ridge-logistic.ts';

/** Name of the solver in provenance and model files. */
export const logisticEngine = 'logistic regression';

/**
 * Logistic regression with a ridge or lasso penalty. Penalty and strength are chosen by inner folds of the training rows; where
 * there is one of each and no Youden threshold, no fold is fitted.
 *
 * @param labels of the training rows; class 1 weighs as the pipeline's `classWeight` says
 */
export function logisticLearner(config: PipelineConfig, labels: Uint8Array): Learner {
  const { penalty, c, metric } = logisticOf(config);
  const first: LogisticChoice = { penalty: penalty[0], c: c[0] };
  const eliminator = eliminatorWith(config, first);
  return {
    engine: logisticEngine,
    ...eliminator,
    learn(rows: TrainingRows, selection: FittedSelection, stream: RandomStream): Learned {
      const youden = config.threshold === 'youden';
      const choices = penalty.flatMap((kind) => c.map((one) => ({ penalty: kind, c: one })));
      let best: { choice: LogisticChoice; score: number; models: LinearModel[] } | undefined;
      const folds =
        choices.length > 1 || youden ? innerFolds(rows, selection, config, eliminator, stream) : [];
      if (folds.length > 0) {
        const weight = positiveWeight(labels, config);
        const paths = folds.map(({ train }) => fitAll(train, config, choices));
        choices.forEach((choice, at) => {
          const models = paths.map((path) => path[at]);
          let score = 0;
          folds.forEach(({ heldOut, heldOutLabels }, i) => {
            const margins = marginsOfRows(heldOut, models[i]);
            score +=
              metric === 'auc'
                ? rankAuc(heldOutLabels, margins)
                : -logLoss(heldOutLabels, margins, weight);
          });
          score /= folds.length;
          if (best === undefined || score > best.score + 1e-12) best = { choice, score, models };
        });
      }
      const { choice = first, models = [] } = best ?? {};
      const same =
        selection.fitted !== undefined && choice.penalty === first.penalty && choice.c === first.c;
      const classifier =
        same && selection.fitted !== undefined
          ? selection.fitted
          : linearClassifier(fitAll(selection.train, config, [choice])[0]);
      const threshold = youden
        ? outOfFoldThreshold(rows.labels, folds, (fold) =>
            marginsOfRows(folds[fold].heldOut, models[fold]).map(sigmoid),
          )
        : 0.5;
      return { classifier, threshold, settings: { ...choice } };
    },
  };
}

/** Recursive elimination by the size of the coefficients: the columns are on one scale. */
function eliminatorWith(config: PipelineConfig, choice: LogisticChoice): ColumnEliminator {
  return {
    check: requireColumns,
    eliminate(train, options) {
      const { model, ...ranked } = eliminateColumns<LinearModel>(
        {
          columns: train.columns.length,
          fit: (columns) => fitAll(train, config, [choice], columns)[0],
          importances: ({ coefficients }) => coefficients.map(Math.abs),
          // Without columns of coefficient 0 the minimum is the same.
          without: ({ intercept, coefficients }, stay) => ({
            intercept,
            coefficients: Float64Array.from(stay, (j) => coefficients[j]),
          }),
        },
        options,
      );
      return { ...ranked, fitted: linearClassifier(model) };
    },
  };
}

/** One model per choice, in their order; lasso strengths are fitted from the strongest penalty on, each from the one before. */
function fitAll(
  train: TrainingRows,
  config: PipelineConfig,
  choices: readonly LogisticChoice[],
  numbers?: readonly number[],
): LinearModel[] {
  const columns = (numbers ?? train.columns.map((_, j) => j)).map((j) => train.columns[j].values);
  const { labels } = train;
  const task = { columns, labels, positiveWeight: positiveWeight(labels, config) };
  const models = new Map<LogisticChoice, LinearModel>();
  let before: LinearModel | undefined;
  for (const choice of [...choices].sort((a, b) => a.c - b.c)) {
    const { c } = choice;
    if (choice.penalty === 'ridge') models.set(choice, fitRidge({ ...task, c }));
    else {
      before = fitLasso({ ...task, c }, before);
      models.set(choice, before);
    }
  }
  return choices.map((choice) => models.get(choice) as LinearModel);
}

/** A linear model as a classifier of rows. */
function linearClassifier(model: LinearModel): FittedClassifier {
  return {
    coefficients: model.coefficients,
    importances: () => model.coefficients.map(Math.abs),
    probabilities: (rows) => marginsOfRows(rows, model).map(sigmoid),
    contributions: (rows) => termsOf(rows, model),
    toJSON: () => ({
      linear: { intercept: model.intercept, coefficients: Array.from(model.coefficients) },
    }),
  };
}

/** The terms of the straight line. Standardised columns have the training mean 0, so that a term is its Shapley value. */
function termsOf({ columns, patients }: HeldOutRows, { intercept, coefficients }: LinearModel) {
  const contributions = new Float64Array(patients.length * columns.length);
  columns.forEach(({ values }, c) => {
    for (let row = 0; row < values.length; row++) {
      contributions[row * columns.length + c] = coefficients[c] * values[row];
    }
  });
  return { base: intercept, contributions };
}

function marginsOfRows({ columns, patients }: TrainingRows | HeldOutRows, model: LinearModel) {
  const values = columns.map((column) => column.values);
  return marginsOf(values, model, patients.length);
}

function requireColumns({ columns, patients }: TrainingRows): void {
  if (columns.length > 0) return;
  throw new NacreError('no-features', 'nothing is left to fit the logistic regression on', {
    found: `${patients.length} rows, 0 columns`,
    expected: 'at least one column',
    todo: 'loosen the filters or check the features',
  });
}
