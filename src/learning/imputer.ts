import type { FeatureColumn } from '../table/feature-table.ts';
import { moments } from './moments.ts';
import { type HeldOutRows, selectColumns, type TrainingRows, withColumns } from './rows.ts';
import type { FittedTransformer, Transformer } from './transformer.ts';

export type ImputeStrategy = 'median' | 'mean' | 'most-frequent' | 'none';

/**
 * Fills missing values with a number learned from the training rows, as scikit-learn's SimpleImputer:
 * the median, the mean, or the most frequent value (the smallest among equals). `none` fills nothing.
 * Columns without any training value are dropped, whatever the strategy.
 */
export class Imputer implements Transformer {
  readonly strategy: ImputeStrategy;

  constructor(strategy: ImputeStrategy = 'median') {
    this.strategy = strategy;
  }

  fit(train: TrainingRows): FittedImputer {
    const fills = new Map<string, number>();
    const dropped: string[] = [];
    const scratch = new Float64Array(train.patients.length);
    for (const { name, values } of train.columns) {
      const present = scratch.subarray(0, copyPresent(values, scratch));
      if (present.length === 0) dropped.push(name);
      else fills.set(name, fillValue(present, this.strategy));
    }
    return new FittedImputer(this.strategy, fills, dropped);
  }
}

export class FittedImputer implements FittedTransformer {
  readonly strategy: ImputeStrategy;
  /** A kept column's fill value; NaN for strategy `none`. */
  readonly fills: ReadonlyMap<string, number>;
  /** Columns without any training value. */
  readonly dropped: readonly string[];

  constructor(
    strategy: ImputeStrategy,
    fills: ReadonlyMap<string, number>,
    dropped: readonly string[],
  ) {
    this.strategy = strategy;
    this.fills = fills;
    this.dropped = dropped;
  }

  transform<R extends TrainingRows | HeldOutRows>(rows: R): R {
    const kept = selectColumns(rows, [...this.fills.keys()]);
    if (this.strategy === 'none') return kept;
    return withColumns(
      rows,
      kept.columns.map((column) => filled(column, this.fills.get(column.name) as number)),
    );
  }

  toJSON(): object {
    return {
      strategy: this.strategy,
      fills: Object.fromEntries(this.fills),
      dropped: this.dropped,
    };
  }
}

function fillValue(present: Float64Array, strategy: ImputeStrategy): number {
  if (strategy === 'none') return Number.NaN;
  if (strategy === 'mean') return moments(present).mean;
  const sorted = present.sort();
  if (strategy === 'most-frequent') return mostFrequent(sorted);
  return medianOf(sorted);
}

/** Median of ascending values, at least one. */
export function medianOf(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle];
  const sum = sorted[middle - 1] + sorted[middle];
  // Two values near the end of the range: their sum is too large for a number.
  return Number.isFinite(sum) ? sum / 2 : sorted[middle - 1] / 2 + sorted[middle] / 2;
}

function mostFrequent(sorted: Float64Array): number {
  let best = sorted[0];
  let bestRun = 0;
  let run = 0;
  for (let i = 0; i < sorted.length; i++) {
    run = i > 0 && sorted[i] === sorted[i - 1] ? run + 1 : 1;
    if (run > bestRun) {
      bestRun = run;
      best = sorted[i];
    }
  }
  return best;
}

/** Copies the values that are not missing to the front of `into`; returns their number. */
function copyPresent(values: Float64Array, into: Float64Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) into[count++] = values[i];
  return count;
}

/** Columns without gaps are shared, not copied: rows are never changed in place. */
function filled(column: FeatureColumn, fill: number): FeatureColumn {
  let values: Float64Array | undefined;
  for (let i = 0; i < column.values.length; i++) {
    if (!Number.isNaN(column.values[i])) continue;
    values ??= column.values.slice();
    values[i] = fill;
  }
  return values === undefined ? column : { ...column, values };
}
