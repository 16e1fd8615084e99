import { NacreError } from '../runtime/errors.ts';
import type { RandomStream } from '../runtime/random-stream.ts';
import {
  type FittedSelection,
  type SelectionTrail,
  selectFeatures,
  selectStored,
} from './feature-selection.ts';
import { type PipelineConfig, type PipelineSettings, pipelineConfig } from './pipeline-config.ts';
import { prepareGroups } from './prepare-columns.ts';
import type { HeldOutRows, TrainingRows } from './rows.ts';
import { gridPoints, positiveWeight, tune } from './tune.ts';
import type { Booster } from './xgboost/booster.ts';
import { boosterMatrix } from './xgboost/booster-matrix.ts';
import { type BoosterParams, defaultBoosterParams } from './xgboost/booster-settings.ts';
import { loadBooster } from './xgboost/load-booster.ts';
import type { TreeEnsemble } from './xgboost/trees.ts';

export type { PipelineConfig, PipelineSettings } from './pipeline-config.ts';

/** A feature that the final booster was fitted on. */
export interface PickedFeature {
  feature: string;
  /** 1 is the best: by gain, then by column order. */
  rank: number;
  /** Mean gain of its splits in the final trees; 0 where none uses it. */
  gain: number;
}

/**
 * Impute, drop constants, scale, drop twins, mRMR, RFE, XGBoost: one protocol from training rows to a classifier.
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
   * @throws NacreError `no-features`, `missing-values`, `too-few-of-a-class`, `out-of-float32`, `booster-unavailable`
   */
  async fit(train: TrainingRows, stream: RandomStream): Promise<FittedPipeline> {
    return this.#fit(train, stream, (booster, first) =>
      selectFeatures(train, this.config, booster, first),
    );
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
    const prepared = await prepareGroups(groups, config);
    return this.#fit(prepared.train, stream, (booster, first) =>
      selectStored(prepared, config, booster, first),
    );
  }

  async #fit(
    train: TrainingRows,
    stream: RandomStream,
    select: (booster: Booster, first: BoosterParams) => FittedSelection,
  ): Promise<FittedPipeline> {
    const { config } = this;
    const booster = this.#booster ?? (await loadBooster(config.booster.implementation));
    const seed = stream.derive('booster').integer(0, 2 ** 31 - 1);
    const points = gridPoints(config, positiveWeight(train.labels, config), seed);
    const first = { ...points[0], rounds: config.booster.rounds[0] };
    const selection = select(booster, first);
    const folds = stream.derive('inner-folds');
    const { params, threshold } = tune({ rows: train, selection, config, booster }, points, folds);
    const trees =
      selection.trees !== undefined && sameParams(params, first)
        ? selection.trees
        : booster.fit(selection.matrix, train.labels, params);
    return new FittedPipeline({
      config,
      selection,
      trees,
      params,
      threshold,
      engine: booster.name,
    });
  }
}

/** Result of `Pipeline.fit`. */
interface FittedParts {
  config: PipelineConfig;
  selection: FittedSelection;
  trees: TreeEnsemble;
  params: BoosterParams;
  threshold: number;
  engine: string;
}

/** A pipeline that has learned. Holds fitted steps and trees, none of the rows. */
export class FittedPipeline {
  readonly config: PipelineConfig;
  /** Class 1 is predicted at and above it; chosen on training rows. */
  readonly threshold: number;
  /** Final features, best first. */
  readonly selected: readonly PickedFeature[];
  /** The same features in the order of the trees' columns. */
  readonly columns: readonly string[];
  /** Columns in the order in which mRMR picked them; empty without mRMR. */
  readonly mrmrRanking: readonly string[];
  /** How the candidates became the final features. */
  readonly trail: SelectionTrail;
  /** Parameters of the final booster. */
  readonly booster: Record<string, number>;
  /** Engine and version. */
  readonly engine: string;
  readonly #steps: FittedSelection['steps'];
  readonly #trees: TreeEnsemble;

  constructor({ config, selection, trees, params, threshold, engine }: FittedParts) {
    this.config = config;
    this.threshold = threshold;
    this.mrmrRanking = selection.mrmrRanking;
    this.trail = selection.trail;
    const { seed, ...shown } = params;
    this.booster = params.subsample < 1 || params.columnSample < 1 ? { ...shown, seed } : shown;
    this.engine = engine;
    this.#steps = selection.steps;
    this.#trees = trees;
    this.columns = selection.matrix.names;
    const gains = trees.importances('gain');
    this.selected = selection.matrix.names
      .map((feature, column) => ({ feature, column, gain: gains[column] }))
      .sort((a, b) => b.gain - a.gain || a.column - b.column)
      .map(({ feature, gain }, i) => ({ feature, rank: i + 1, gain }));
  }

  /**
   * Probability of class 1, in [0, 1], one per row, in the order of `rows.patients`.
   * @throws NacreError `missing-column`, `out-of-float32`
   */
  predictProbability(rows: HeldOutRows): Float64Array {
    const transformed = this.#steps.reduce((at, { fitted }) => fitted.transform(at), rows);
    return this.#trees.probabilities(boosterMatrix(transformed));
  }

  /** Everything that was learned, as plain data. */
  toJSON(): object {
    return {
      config: this.config,
      engine: this.engine,
      threshold: this.threshold,
      booster: this.booster,
      selected: this.selected,
      steps: this.#steps.map(({ name, fitted }) => ({ name, ...fitted.toJSON() })),
      trees: this.#trees.toJSON(),
    };
  }
}

function sameParams(a: BoosterParams, b: BoosterParams): boolean {
  return (Object.keys(defaultBoosterParams) as (keyof BoosterParams)[]).every(
    (key) => a[key] === b[key],
  );
}
