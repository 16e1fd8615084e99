import { NacreError } from '../runtime/errors.ts';
import type { FeatureColumn } from '../table/feature-table.ts';
import { ColumnMeasures } from './column-measures.ts';
import { ColumnSelection } from './column-selection.ts';
import { FittedImputer } from './imputer.ts';
import type { PipelineConfig } from './pipeline-config.ts';
import { type PreparedColumns, prepareColumns } from './prepare-columns.ts';
import { selectColumns, type TrainingRows, withColumns } from './rows.ts';
import { FittedScaler } from './scaler.ts';

type ColumnScale = FittedScaler['scales'][number];

/** Some of the shared columns, ready for one pipeline. */
export interface SharedPart {
  /** The training rows as they came, with these columns. */
  rows: TrainingRows;
  /** What `prepareColumns` gives for those rows, to the last bit. */
  prepared: PreparedColumns;
  /** Of the prepared columns, and of those of other parts. */
  measures: ColumnMeasures;
}

/**
 * Columns of the same training rows that several pipelines take some of: what each single column teaches (fill, variance, mean,
 * sd, F, unit vector) is learned once. Made from `TrainingRows` and nothing else, so that it knows no other row.
 */
export class SharedColumns {
  readonly #rows: TrainingRows;
  readonly #preparation: string;
  readonly #prepared: PreparedColumns;
  readonly #measures: ColumnMeasures;
  readonly #byName: ReadonlyMap<string, FeatureColumn>;
  readonly #scales: ReadonlyMap<string, ColumnScale>;

  /** @param config decides the preparation; pipelines may differ in their classifiers */
  constructor(rows: TrainingRows, config: PipelineConfig) {
    if (!isShareable(config)) {
      throw new NacreError('needs-whole-table', 'what columns teach depends on other columns', {
        column: config.harmonise === undefined ? 'stability' : 'harmonise',
        found: 'columns that several pipelines share',
        expected: 'a table per pipeline',
      });
    }
    this.#rows = rows;
    this.#preparation = preparationOf(config);
    this.#prepared = prepareColumns(rows, config);
    this.#measures = new ColumnMeasures(this.#prepared.train, config.mrmr);
    this.#byName = new Map(this.#prepared.train.columns.map((column) => [column.name, column]));
    this.#scales = new Map(this.#prepared.scale?.scales.map((scale) => [scale.name, scale]));
  }

  /**
   * The columns of these names, in this order.
   *
   * @throws NacreError `missing-column`, `bad-config` for a pipeline that prepares otherwise
   */
  part(names: readonly string[], config: PipelineConfig): SharedPart {
    const preparation = preparationOf(config);
    if (preparation !== this.#preparation) {
      throw new NacreError('bad-config', 'shared columns were prepared for another pipeline', {
        found: this.#preparation,
        expected: preparation,
      });
    }
    return {
      rows: selectColumns(this.#rows, names),
      prepared: this.#preparedOf(names),
      measures: this.#measures,
    };
  }

  #preparedOf(names: readonly string[]): PreparedColumns {
    const { impute, scale, train } = this.#prepared;
    const filled = names.filter((name) => impute.fills.has(name));
    const varying = filled.filter((name) => this.#byName.has(name));
    const counts = [
      ['candidates', names.length],
      ['impute', filled.length],
      ['variance', varying.length],
      ['scale', varying.length],
    ] as const;
    return {
      stability: undefined,
      impute: new FittedImputer(
        impute.strategy,
        new Map(filled.map((name) => [name, impute.fills.get(name) as number])),
        names.filter((name) => !impute.fills.has(name)),
      ),
      variance: new ColumnSelection(varying),
      scale:
        scale && new FittedScaler(varying.map((name) => this.#scales.get(name) as ColumnScale)),
      left: counts
        .filter(([name]) => name !== 'scale' || scale !== undefined)
        .map(([name, columns]) => ({ name, columns })),
      train: withColumns(
        train,
        varying.map((name) => this.#byName.get(name) as FeatureColumn),
      ),
    };
  }
}

/** Whether each column is prepared by itself and from these rows alone: harmonisation looks at all columns, the stability filter at redraws. */
export function isShareable({ harmonise, stability }: PipelineConfig): boolean {
  return harmonise === undefined && stability === undefined;
}

/** The settings on which the prepared columns and their measures depend. */
function preparationOf({ impute, varianceThreshold, scale, mrmr }: PipelineConfig): string {
  return JSON.stringify({ impute, varianceThreshold, scale, mrmr });
}
