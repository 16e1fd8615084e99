import { readFileSync } from 'node:fs';
import type { Partition, TrainingRows } from '../../src/learning/rows.ts';
import { splitRows } from '../../src/learning/rows.ts';
import { type FeatureTable, featureTable } from '../../src/table/feature-table.ts';

/** The fixed synthetic table of bench/peers/lcg_table.py, to the bit: 120 rows, 62 columns, gaps, a constant, a twin. */
export function lcgTable({ rows = 120, columns = 60, seed = 7 } = {}): {
  table: FeatureTable;
  labels: Uint8Array;
} {
  // 1103515245 · x passes 2^53, so the product is taken in whole numbers.
  let state = BigInt(seed);
  const draw = () => {
    state = (1103515245n * state + 12345n) % 2147483648n;
    return Number(state) / 2147483648;
  };
  const drawColumn = () => Float64Array.from({ length: rows }, draw);
  const shared = drawColumn();
  const values: Float64Array[] = [];
  for (let j = 0; j < columns; j++) {
    const u = drawColumn();
    for (let i = 0; i < rows; i++) {
      if (j % 3 === 1) u[i] += 0.5 * shared[i];
      if (j % 7 === 0 && u[i] < 0.05) u[i] = Number.NaN;
    }
    values.push(u);
  }
  values.push(new Float64Array(rows).fill(2), values[3].slice());
  const noise = drawColumn();
  const filled = (j: number, i: number) => (Number.isNaN(values[j][i]) ? 0.5 : values[j][i]);
  const labels = Uint8Array.from(noise, (u, i) =>
    filled(0, i) + filled(3, i) - filled(6, i) + 0.8 * u > 0.9 ? 1 : 0,
  );
  const names = [...Array.from({ length: columns }, (_, j) => `c${j}`), 'constant', 'twin'];
  const table = featureTable(
    Array.from({ length: rows }, (_, i) => `P${String(i).padStart(3, '0')}`),
    names.map((name, j) => ({ name, block: 'synthetic', values: values[j] })),
  );
  return { table, labels };
}

/** Partition k of the reference: rows with (row + k) % 5 = 0 are held out. */
export function everyFifth(rows: number, k: number): Partition {
  const all = Array.from({ length: rows }, (_, i) => i);
  return {
    index: k,
    seed: k,
    train: all.filter((i) => (i + k) % 5 !== 0),
    test: all.filter((i) => (i + k) % 5 === 0),
  };
}

/** Every row of a table as training rows. */
export function allTraining(table: FeatureTable, labels: Uint8Array): TrainingRows {
  const train = table.patients.map((_, i) => i);
  return splitRows(table, labels, { index: 0, seed: 0, train, test: [] }).train;
}

/** Training rows from plain columns, for small cases. */
export function trainingRows(
  columns: Record<string, ArrayLike<number>>,
  labels: ArrayLike<number>,
): TrainingRows {
  const patients = Array.from({ length: labels.length }, (_, i) => `P${i}`);
  const table = featureTable(
    patients,
    Object.entries(columns).map(([name, values]) => ({
      name,
      block: 'synthetic',
      values: Float64Array.from(values),
    })),
  );
  return allTraining(table, Uint8Array.from(labels));
}

export interface LearningGolden {
  versions: Record<string, string>;
  table: {
    rows: number;
    columns: number;
    positives: number;
    missing: number;
    columnMeans: number[];
  };
  imputer: Record<'median' | 'mean' | 'most-frequent', number[]>;
  scaled: number[][];
  columnsAfterVariance: string[];
  mrmr: Record<string, { picks: string[]; relevance: number[] }>;
  rfe: Record<string, number[]>;
  boosters: Record<string, { probabilities: number[]; gain: number[]; totalGain: number[] }>;
  config: object;
  partitions: {
    mrmr: string[];
    selected: string[];
    probabilities: number[];
    metrics: Record<string, number>;
  }[];
}

/** What scikit-learn and XGBoost made of the fixed table; `command` in it tells how. */
export function learningGolden(): LearningGolden {
  const path = new URL('../goldens/learning.json', import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as LearningGolden;
}
