import type { Booster } from '../../../src/learning/xgboost/booster.ts';
import { type BoosterMatrix, matrixColumns } from '../../../src/learning/xgboost/booster-matrix.ts';
import type { BoosterParams } from '../../../src/learning/xgboost/booster-settings.ts';
import type { TreeArrays, TreeEnsemble } from '../../../src/learning/xgboost/trees.ts';
import { RandomStream } from '../../../src/runtime/random-stream.ts';

/** What the values of a synthetic table are like. */
export const tableKinds = [
  'reals',
  'ties',
  'gaps',
  'ties and gaps',
  'neighbouring float32',
  'all sizes',
] as const;
export type TableKind = (typeof tableKinds)[number];

export interface RandomFit {
  kind: TableKind;
  matrix: BoosterMatrix;
  labels: Uint8Array;
  params: Partial<BoosterParams>;
}

/** A synthetic table with settings of a booster, every one of them drawn; the same for the same number. */
export function randomFit(number: number): RandomFit {
  const stream = RandomStream.of(number, 'random-tables');
  const pick = <T>(...choices: T[]) => choices[stream.integer(0, choices.length - 1)];
  const kind = tableKinds[number % tableKinds.length];
  const rows = stream.integer(4, 180);
  const columns = stream.integer(1, 24);
  const labels = Uint8Array.from({ length: rows }, () => (stream.integer(0, 99) < 35 ? 1 : 0));
  labels.set([0, 1]);
  const values = new Float32Array(rows * columns);
  for (let c = 0; c < columns; c++) {
    const gaps = kind.includes('gaps') ? pick(0, 5, 40, 95, 100) : 0;
    const levels = kind.includes('ties') ? pick(1, 2, 5, 0.1) : 0;
    const size = kind === 'all sizes' ? pick(1e-38, 1e-6, 1, 1e6, 1e37) : 1;
    for (let row = 0; row < rows; row++) {
      let value = stream.normal() + 0.6 * labels[row];
      if (levels > 0) value = Math.round(value * levels) / levels;
      if (kind === 'neighbouring float32') value = 1 + Math.round(value * 3) * 2 ** -23;
      const at = row * columns + c;
      values[at] = stream.integer(1, 100) <= gaps ? Number.NaN : value * size;
      // ml-xgboost takes −1 for missing; `boosterMatrix` replaces it.
      if (values[at] === -1) values[at] = -0.75;
    }
  }
  const params: Partial<BoosterParams> = {
    rounds: stream.integer(1, 50),
    maxDepth: stream.integer(1, 8),
    learningRate: pick(0.01, 0.1, 0.3, 1),
    minChildWeight: pick(0, 1e-12, 0.1, 1, 1, 3.7),
    gamma: pick(0, 0, 0.1, 1.3),
    lambda: pick(0, 1e-3, 1, 1, 5),
    alpha: pick(0, 0, 0.1, 0.5),
    positiveWeight: pick(1, 1, 2.3456, 0.3, 1e-20, 1e10),
    subsample: pick(1, 1, 1, 1, 1, 1, 1, 1, 1, 0.8),
    columnSample: pick(1, 1, 1, 1, 1, 1, 1, 1, 1, 0.6),
    seed: stream.integer(0, 1000),
  };
  const names = Array.from({ length: columns }, (_, c) => `f${c}`);
  return { kind, matrix: { rows, columns, values, names }, labels, params };
}

/** Columns that stay, step by step, as an elimination drops them at random. */
export function randomNarrowing({ matrix: { columns } }: RandomFit, number: number): number[][] {
  const stream = RandomStream.of(number, 'random-narrowing');
  let left = Array.from({ length: columns }, (_, c) => c);
  const steps = [left];
  while (left.length > 1 && steps.length < 4) {
    const dropped = left[stream.integer(0, left.length - 1)];
    left = left.filter((column) => column !== dropped);
    steps.push(left);
  }
  return steps;
}

/** The first array in which two ensembles differ, down to the sign of a zero; undefined where none does. */
export function firstDifference(a: TreeEnsemble, b: TreeEnsemble): string | undefined {
  for (const key of Object.keys(a.arrays) as (keyof TreeArrays)[]) {
    const [x, y] = [a.arrays[key], b.arrays[key]].map((one) =>
      typeof one === 'number' ? [one] : Array.from(one),
    );
    const at = x.length === y.length ? x.findIndex((value, i) => !Object.is(value, y[i])) : -1;
    if (x.length !== y.length) return `${key}: ${x.length} and ${y.length} entries`;
    if (at >= 0) return `${key}[${at}]: ${x[at]} and ${y[at]}`;
  }
  return undefined;
}

/** A booster that counts its fits. */
export function counting(booster: Booster): Booster & { fits: () => number } {
  let fits = 0;
  return {
    name: booster.name,
    fit: (...of) => {
      fits++;
      return booster.fit(...of);
    },
    fits: () => fits,
  };
}

/** The first fit of an elimination over a random table in which two boosters differ; undefined where none does. */
export function differenceOn(number: number, ours: Booster, arbiter: Booster): string | undefined {
  const fit = randomFit(number);
  const { matrix, labels, params } = fit;
  const narrowing = ours.narrowing!(matrix, labels, params);
  for (const columns of randomNarrowing(fit, number)) {
    const other = arbiter.fit(matrixColumns(matrix, columns), labels, params);
    const difference = firstDifference(narrowing.fit(columns), other);
    if (difference !== undefined) {
      return `table ${number}, ${columns.length} of ${matrix.columns} columns, ${JSON.stringify(params)}: ${difference}`;
    }
  }
  return undefined;
}
