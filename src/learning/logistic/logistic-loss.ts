import { exp, log1p } from '../../runtime/elementary.ts';

/** A weighted logistic regression to fit: complete columns, class labels, weights and penalty. */
export interface LogisticTask {
  /** Complete columns on one scale, one value per row. */
  columns: readonly Float64Array[];
  /** 0 or 1 per row. */
  labels: Uint8Array;
  /** Weight of the loss of class 1 rows; those of class 0 weigh 1. */
  positiveWeight: number;
  /** Inverse strength of the penalty, as scikit-learn's `C`: it multiplies the sum of losses. Above 0. */
  c: number;
}

/** Log-odds of class 1: intercept + Σ coefficient · column. */
export interface LinearModel {
  /** Never penalised. */
  intercept: number;
  /** One per column, in their order. */
  coefficients: Float64Array;
}

/** 1 / (1 + e^−margin), without overflow. */
export function sigmoid(margin: number): number {
  if (margin >= 0) return 1 / (1 + exp(-margin));
  const e = exp(margin);
  return e / (1 + e);
}

/** Log-odds of every row. */
export function marginsOf(
  columns: readonly Float64Array[],
  { intercept, coefficients }: LinearModel,
  rows: number,
): Float64Array {
  const margins = new Float64Array(rows).fill(intercept);
  for (let j = 0; j < columns.length; j++) {
    const [column, coefficient] = [columns[j], coefficients[j]];
    if (coefficient === 0) continue;
    for (let i = 0; i < rows; i++) margins[i] += coefficient * column[i];
  }
  return margins;
}

/** Σ weight · ln(1 + e^∓margin): the weighted loss, not divided by the rows. */
export function totalLoss(
  { labels, positiveWeight }: Pick<LogisticTask, 'labels' | 'positiveWeight'>,
  margins: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const towards = labels[i] === 1 ? margins[i] : -margins[i];
    const weight = labels[i] === 1 ? positiveWeight : 1;
    sum += weight * (Math.max(-towards, 0) + log1p(exp(-Math.abs(towards))));
  }
  return sum;
}

/** First and second derivative of each row's weighted loss by its margin. */
export function lossDerivatives(
  { labels, positiveWeight }: Pick<LogisticTask, 'labels' | 'positiveWeight'>,
  margins: Float64Array,
): { first: Float64Array; second: Float64Array } {
  const first = new Float64Array(labels.length);
  const second = new Float64Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const p = sigmoid(margins[i]);
    const weight = labels[i] === 1 ? positiveWeight : 1;
    first[i] = weight * (p - labels[i]);
    // p (1 − p) as σ(m) σ(−m): 1 − p alone would be 0 for a large margin.
    second[i] = weight * p * sigmoid(-margins[i]);
  }
  return { first, second };
}
