import { betaQuantile } from '../runtime/distributions.ts';
import { NacreError } from '../runtime/errors.ts';

/** Forms of the intraclass correlation after Shrout and Fleiss. */
export const iccForms = ['1,1', '3,1'] as const;
export type IccForm = (typeof iccForms)[number];

/** An intraclass correlation of single measurements with its 95% interval. NaN where it is not defined. */
export interface IccEstimate {
  /** 1: measurements of one subject agree wholly; 0: they differ as those of different subjects do; can be negative. */
  icc: number;
  low: number;
  high: number;
}

export interface Icc {
  /** One-way random: every measurement has an error of its own, shifts between repetitions included. */
  '1,1': IccEstimate;
  /** Two-way mixed, consistency: a shift that all subjects share between repetitions does not count. */
  '3,1': IccEstimate;
  /** Subjects with all measurements; the others were left out. */
  subjects: number;
  /** Measurements per subject. */
  repetitions: number;
}

/**
 * Intraclass correlation: the share of the variance that lies between subjects, of repeated measurements of one feature.
 *
 * @param values subject after subject, each with its repetitions; a subject that lacks one (NaN) is left out
 * @param repetitions measurements per subject, 2 or more
 * @returns NaN with fewer than 2 complete subjects, and where all measurements are equal
 * @throws NacreError `bad-option`
 * @example
 * // Three subjects, measured twice.
 * icc([1, 1.2, 3, 2.9, 5, 5.1], 2)['1,1'].icc; // 0.996
 *
 * References: Shrout and Fleiss 1979, Psychol Bull 86:420; intervals by F, McGraw and Wong 1996, Psychol Methods 1:30.
 */
export function icc(values: ArrayLike<number>, repetitions: number): Icc {
  const k = repetitions;
  if (!Number.isInteger(k) || k < 2 || values.length % k !== 0) {
    throw new NacreError('bad-option', 'measurements do not fit the number of repetitions', {
      found: `${values.length} values, ${k} repetitions`,
      expected: 'at least 2 repetitions, as many for each subject',
    });
  }
  const rows = completeRows(values, k);
  const n = rows.length;
  const undefinedBoth = (): Icc => {
    const none = { icc: Number.NaN, low: Number.NaN, high: Number.NaN };
    return { '1,1': none, '3,1': { ...none }, subjects: n, repetitions: k };
  };
  if (n < 2) return undefinedBoth();
  const { between, within, repetition } = sumsOfSquares(values, rows, k);
  if (between + within === 0) return undefinedBoth();
  const subjectsMean = between / (n - 1);
  const estimate = (errorSquares: number, degrees: number): IccEstimate => {
    const error = errorSquares / degrees;
    const ratio = subjectsMean / error;
    const fromRatio = (f: number) => (f === Number.POSITIVE_INFINITY ? 1 : (f - 1) / (f + k - 1));
    return {
      icc: (subjectsMean - error) / (subjectsMean + (k - 1) * error),
      low: fromRatio(ratio / upperF(n - 1, degrees)),
      high: fromRatio(ratio * upperF(degrees, n - 1)),
    };
  };
  return {
    '1,1': estimate(within, n * (k - 1)),
    '3,1': estimate(Math.max(0, within - repetition), (n - 1) * (k - 1)),
    subjects: n,
    repetitions: k,
  };
}

/** First indices of the subjects that have all their measurements. */
function completeRows(values: ArrayLike<number>, k: number): number[] {
  const rows: number[] = [];
  for (let start = 0; start < values.length; start += k) {
    let complete = true;
    for (let j = 0; j < k; j++) if (!Number.isFinite(values[start + j])) complete = false;
    if (complete) rows.push(start);
  }
  return rows;
}

/** Sums of squares between subjects, within them, and between repetitions. */
function sumsOfSquares(values: ArrayLike<number>, rows: readonly number[], k: number) {
  const n = rows.length;
  let sum = 0;
  for (const start of rows) for (let j = 0; j < k; j++) sum += values[start + j];
  const grand = sum / (n * k);
  let between = 0;
  let within = 0;
  const shifts = new Float64Array(k);
  for (const start of rows) {
    let mean = 0;
    for (let j = 0; j < k; j++) mean += values[start + j] - grand;
    mean /= k;
    between += k * mean * mean;
    for (let j = 0; j < k; j++) {
      const centred = values[start + j] - grand;
      within += (centred - mean) * (centred - mean);
      shifts[j] += centred;
    }
  }
  let repetition = 0;
  for (let j = 0; j < k; j++) repetition += (shifts[j] * shifts[j]) / n;
  return { between, within, repetition };
}

/** 97.5% quantiles of F that were computed already: features of one study share their degrees of freedom. */
const quantiles = new Map<string, number>();

function upperF(numerator: number, denominator: number): number {
  const key = `${numerator} ${denominator}`;
  let quantile = quantiles.get(key);
  if (quantile === undefined) {
    // I⁻¹ of the regularised incomplete beta function gives x with F = d₂ x / (d₁ (1 - x)).
    const [x, rest] = betaQuantile(numerator / 2, denominator / 2, 0.975, 0.025);
    quantile = (denominator * x) / (numerator * rest);
    quantiles.set(key, quantile);
  }
  return quantile;
}
