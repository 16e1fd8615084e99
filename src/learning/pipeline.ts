import { NacreError } from '../runtime/errors.ts';
import type { RandomStream } from '../runtime/random-stream.ts';
import {
  type FittedSelection,
  type SelectionTrail,
  selectFeatures,
  selectShared,
  selectStored,
} from './feature-selection.ts';
import type { ColumnEliminator, FittedClassifier } from './fitted-classifier.ts';
import type { Learned, Learner } from './learner.ts';
import { logisticLearner } from './logistic/logistic-learner.ts';
import type { LogisticChoice } from './logistic/logistic-settings.ts';
import {
  isLogistic,
  type PipelineConfig,
  type PipelineSettings,
  pipelineConfig,
} from './pipeline-config.ts';
import { prepareGroups } from './prepare-columns.ts';
import type { HeldOutRows, TrainingRows } from './rows.ts';
import type { SharedColumns } from './shared-columns.ts';
import type { Booster } from './xgboost/booster.ts';
import { boosterLearner } from './xgboost/booster-learner.ts';
import { loadBooster } from './xgboost/load-booster.ts';

export type { PipelineConfig, PipelineSettings } from './pipeline-config.ts';

/** A feature that the final classifier was fitted on. */
export interface PickedFeature {
  feature: string;
  /** 1 is the best: by importance, then by column order. */
  rank: number;
  /** Its importance: mean gain of its splits in the final trees, or |coefficient|; 0 where it plays no part. */
  gain: number;
  /** Of a logistic regression: change of the log-odds per standard deviation of the training rows. */
  coefficient?: number;
}

/**
 * Impute, drop constants, scale, drop twins, mRMR, RFE, then XGBoost or a logistic regression: one protocol from training rows to a classifier.
 * The constructor checks and stores settings; `fit` takes `TrainingRows` and nothing else, by type.
 */
export class Pipeline {
  readonly config: PipelineConfig;
  readonly #booster: Booster | undefined;

  /** @param booster the engine; default the one that the settings name, ml-xgboost where they name none. @throws NacreError `unknown-key`, `bad-config` */
  constructor(settings: PipelineSettings = {}, booster?: Booster) {
    this.config = pipelineConfig(settings);
    this.#booster = booster;
  }

  /**
   * Learns every step from these rows alone.
   * @param stream draws inner folds and the booster's seed; the same stream gives the same fit
   * @throws NacreError `no-features`, `missing-values`, `too-few-of-a-class`, `out-of-float32`, `booster-unavailable`,
   *   `no-convergence`
   */
  async fit(train: TrainingRows, stream: RandomStream): Promise<FittedPipeline> {
    return this.#fit(train, stream, (eliminator) => selectFeatures(train, this.config, eliminator));
  }

  /**
   * The same fit from training rows that come a group of columns at a time, from a file that is larger than memory
   * should be: the same numbers as `fit` on the whole, to the last bit. The fitted pipeline asks for no more columns than
   * the final ones.
   *
   * @param groups the same training rows with other columns each time, in the order of the table
   * @throws NacreError `needs-whole-table` with `innerSelection: each-fold`, `table-shape`, and what `fit` throws
   */
  async fitGroups(
    groups: AsyncIterable<TrainingRows>,
    stream: RandomStream,
  ): Promise<FittedPipeline> {
    const { config } = this;
    if (config.innerSelection === 'each-fold') {
      throw new NacreError('needs-whole-table', 'features cannot be picked in each inner fold', {
        column: 'innerSelection',
        found: 'each-fold, with columns that come in groups',
        expected: 'once',
        todo: 'set innerSelection: once, or fit on a table in memory',
      });
    }
    if (config.harmonise !== undefined) {
      throw new NacreError('needs-whole-table', 'sites are harmonised over all columns together', {
        column: 'harmonise',
        found: 'columns that come in groups',
        expected: 'a table in memory',
        todo: 'fit on a table in memory, or leave harmonise out',
      });
    }
    const prepared = await prepareGroups(groups, config);
    return this.#fit(prepared.train, stream, (eliminator) =>
      selectStored(prepared, config, eliminator),
    );
  }

  /**
   * The same fit on some columns of training rows that other pipelines take, too: the same numbers as `fit` on rows with these columns,
   * to the last bit.
   *
   * @throws NacreError `bad-config` where the columns were prepared otherwise, and what `fit` throws
   */
  async fitShared(
    shared: SharedColumns,
    names: readonly string[],
    stream: RandomStream,
  ): Promise<FittedPipeline> {
    const part = shared.part(names, this.config);
    return this.#fit(part.rows, stream, (eliminator) =>
      selectShared(part, this.config, eliminator),
    );
  }

  async #fit(
    train: TrainingRows,
    stream: RandomStream,
    select: (eliminator: ColumnEliminator) => FittedSelection,
  ): Promise<FittedPipeline> {
    const { config } = this;
    const learner = await this.#learner(train, stream);
    const selection = select(learner);
    const learned = learner.learn(train, selection, stream.derive('inner-folds'));
    return new FittedPipeline({ config, selection, learned, engine: learner.engine });
  }

  async #learner(train: TrainingRows, stream: RandomStream): Promise<Learner> {
    const { config } = this;
    if (isLogistic(config)) return logisticLearner(config, train.labels);
    const booster = this.#booster ?? (await loadBooster(config.booster.implementation));
    const seed = stream.derive('booster').integer(0, 2 ** 31 - 1);
    return boosterLearner(booster, config, train.labels, seed);
  }
}

/** Result of `Pipeline.fit`. */
interface FittedParts {
  config: PipelineConfig;
  selection: FittedSelection;
  learned: Learned;
  engine: string;
}

/** A pipeline that has learned. Holds fitted steps and the classifier, none of the rows. */
export class FittedPipeline {
  readonly config: PipelineConfig;
  /** Class 1 is predicted at and above it; chosen on training rows. */
  readonly threshold: number;
  /** Final features, best first. */
  readonly selected: readonly PickedFeature[];
  /** The same features in the order of the classifier's columns. */
  readonly columns: readonly string[];
  /** Columns in the order in which mRMR picked them; empty without mRMR. */
  readonly mrmrRanking: readonly string[];
  /** How the candidates became the final features. */
  readonly trail: SelectionTrail;
  /** Parameters of the final booster; empty for a logistic regression. */
  readonly booster: Record<string, number>;
  /** Penalty and strength of the final logistic regression; undefined for trees. */
  readonly logistic: LogisticChoice | undefined;
  /** Engine and version. */
  readonly engine: string;
  readonly #steps: FittedSelection['steps'];
  readonly #transform: FittedSelection['transform'];
  readonly #classifier: FittedClassifier;

  constructor({ config, selection, learned, engine }: FittedParts) {
    const { classifier, threshold, settings } = learned;
    this.config = config;
    this.threshold = threshold;
    this.mrmrRanking = selection.mrmrRanking;
    this.trail = selection.trail;
    this.booster = isLogistic(config) ? {} : (settings as Record<string, number>);
    this.logistic = isLogistic(config) ? (settings as unknown as LogisticChoice) : undefined;
    this.engine = engine;
    this.#steps = selection.steps;
    this.#transform = selection.transform;
    this.#classifier = classifier;
    this.columns = selection.train.columns.map(({ name }) => name);
    const importances = classifier.importances();
    const { coefficients } = classifier;
    this.selected = this.columns
      .map((feature, column) => ({ feature, column, gain: importances[column] }))
      .sort((a, b) => b.gain - a.gain || a.column - b.column)
      .map(({ feature, gain, column }, i) => ({
        feature,
        rank: i + 1,
        gain,
        ...(coefficients === undefined ? {} : { coefficient: coefficients[column] }),
      }));
  }

  /**
   * Probability of class 1, in [0, 1], one per row, in the order of `rows.patients`.
   * @throws NacreError `missing-column`, `out-of-float32`
   */
  predictProbability(rows: HeldOutRows): Float64Array {
    return this.#classifier.probabilities(this.#transform(rows));
  }

  /**
   * What each final feature moves the log-odds of class 1 by, in each row: exact Shapley values of trees, terms of
   * a straight line about the mean of the training rows.
   * `contributions[row * columns + column]`; with `base` those of a row add up to its log-odds.
   */
  contributions(rows: HeldOutRows): { base: number; contributions: Float64Array } {
    return this.#classifier.contributions(this.#transform(rows));
  }

  /** Everything that was learned, as plain data. */
  toJSON(): object {
    return {
      config: this.config,
      engine: this.engine,
      threshold: this.threshold,
      booster: this.booster,
      ...(this.logistic === undefined ? {} : { logistic: this.logistic }),
      selected: this.selected,
      steps: this.#steps.map(({ name, fitted }) => ({ name, ...fitted.toJSON() })),
      ...this.#classifier.toJSON(),
    };
  }
}
