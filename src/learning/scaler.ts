import { moments } from './moments.ts';
import { type HeldOutRows, selectColumns, type TrainingRows, withColumns } from './rows.ts';
import type { FittedTransformer, Transformer } from './transformer.ts';

/**
 * Subtracts the training mean and divides by the training sd (divided by N), as scikit-learn's StandardScaler.
 * Missing values stay missing and count for nothing; a constant column is centred only.
 */
export class Scaler implements Transformer {
  fit(train: TrainingRows): FittedScaler {
    return new FittedScaler(
      train.columns.map(({ name, values }) => {
        const { mean, sd } = moments(values);
        return { name, mean, sd: sd > 0 ? sd : 1 };
      }),
    );
  }
}

export class FittedScaler implements FittedTransformer {
  readonly scales: readonly { name: string; mean: number; sd: number }[];

  constructor(scales: readonly { name: string; mean: number; sd: number }[]) {
    this.scales = scales;
  }

  transform<R extends TrainingRows | HeldOutRows>(rows: R): R {
    const { columns } = selectColumns(
      rows,
      this.scales.map(({ name }) => name),
    );
    return withColumns(
      rows,
      columns.map((column, c) => {
        const { mean, sd } = this.scales[c];
        const values = new Float64Array(column.values.length);
        for (let i = 0; i < values.length; i++) values[i] = scaledValue(column.values[i], mean, sd);
        return { ...column, values };
      }),
    );
  }

  toJSON(): object {
    return { scales: this.scales };
  }
}

/** (value − mean) / sd, also where the difference itself is too large for a number. */
export function scaledValue(value: number, mean: number, sd: number): number {
  const difference = value - mean;
  return Math.abs(difference) === Number.POSITIVE_INFINITY
    ? value / sd - mean / sd
    : difference / sd;
}
