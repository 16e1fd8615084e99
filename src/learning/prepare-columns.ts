import { NacreError } from '../runtime/errors.ts';
import { ColumnSelection } from './column-selection.ts';
import { Combat, type FittedCombat } from './combat/combat.ts';
import { FittedImputer, Imputer } from './imputer.ts';
import type { PipelineConfig } from './pipeline-config.ts';
import { joinTrainingColumns, type TrainingRows } from './rows.ts';
import { FittedScaler, Scaler } from './scaler.ts';
import { StabilityFilter } from './stability-filter.ts';
import type { FittedTransformer } from './transformer.ts';
import { VarianceFilter } from './variance-filter.ts';

/** Values learned for each single column: its fill, whether it varies, its mean and sd. */
export interface PreparedColumns {
  /** Absent where the settings ask for no stability under redrawn outlines. */
  stability: ColumnSelection | undefined;
  impute: FittedImputer;
  variance: ColumnSelection;
  /** Absent where nothing is harmonised. */
  harmonise?: FittedCombat | undefined;
  /** Absent where the settings scale nothing. */
  scale: FittedScaler | undefined;
  /** Columns after each of these steps, the candidates first. */
  left: { name: string; columns: number }[];
  /** The training rows after these steps. */
  train: TrainingRows;
}

/**
 * Drops what changes with the outline, imputes, drops constants, harmonises and scales. But for the harmonisation each column is treated by itself, so that a group of
 * columns gives what the whole table would.
 */
export function prepareColumns(rows: TrainingRows, config: PipelineConfig): PreparedColumns {
  const left = [{ name: 'candidates', columns: rows.columns.length }];
  let train = rows;
  const add = <F extends FittedTransformer>(name: string, fitted: F): F => {
    train = fitted.transform(train);
    left.push({ name, columns: train.columns.length });
    return fitted;
  };
  const stability =
    config.stability && add('stability', new StabilityFilter(config.stability).fit(train));
  const impute = add('impute', new Imputer(config.impute).fit(train));
  const variance = add('variance', new VarianceFilter(config.varianceThreshold).fit(train));
  const harmonise = config.harmonise && add('harmonise', new Combat(config.harmonise).fit(train));
  const scale = config.scale === 'zscore' ? add('scale', new Scaler().fit(train)) : undefined;
  return { stability, impute, variance, harmonise, scale, left, train };
}

/**
 * The same over a table that comes a group of columns at a time: no more is kept than the prepared training rows, in
 * typed arrays outside the JavaScript heap.
 *
 * @param groups the same training rows with other columns each time
 * @throws NacreError `no-features` where no group comes
 */
export async function prepareGroups(
  groups: AsyncIterable<TrainingRows>,
  config: PipelineConfig,
): Promise<PreparedColumns> {
  const parts: PreparedColumns[] = [];
  for await (const rows of groups) parts.push(prepareColumns(rows, config));
  if (parts.length === 0) {
    throw new NacreError('no-features', 'the table has no feature', {
      expected: 'a column or more',
    });
  }
  const fills = new Map(parts.flatMap(({ impute }) => [...impute.fills]));
  const dropped = parts.flatMap(({ impute }) => impute.dropped);
  const stable = parts.flatMap(({ stability }) => stability?.kept ?? []);
  return {
    stability: config.stability && new ColumnSelection(stable),
    impute: new FittedImputer(config.impute, fills, dropped),
    variance: new ColumnSelection(parts.flatMap(({ variance }) => variance.kept)),
    scale:
      config.scale === 'zscore'
        ? new FittedScaler(parts.flatMap(({ scale }) => scale?.scales ?? []))
        : undefined,
    left: parts[0].left.map(({ name }, step) => ({
      name,
      columns: parts.reduce((sum, { left }) => sum + left[step].columns, 0),
    })),
    train: joinTrainingColumns(parts.map(({ train }) => train)),
  };
}

/** The learned values of the named columns only: enough to transform rows that hold no others. */
export function onlyPrepared(
  { impute, scale }: Pick<PreparedColumns, 'impute' | 'scale'>,
  names: readonly string[],
): { name: string; fitted: FittedTransformer }[] {
  const fills = new Map(names.map((name) => [name, impute.fills.get(name) as number]));
  const scales = new Map(scale?.scales.map((column) => [column.name, column]));
  const columnScales = names.flatMap((name) => scales.get(name) ?? []);
  return [
    { name: 'impute', fitted: new FittedImputer(impute.strategy, fills, []) },
    ...(scale === undefined ? [] : [{ name: 'scale', fitted: new FittedScaler(columnScales) }]),
  ];
}
