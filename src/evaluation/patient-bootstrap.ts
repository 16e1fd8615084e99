import type { RandomStream } from '../runtime/random-stream.ts';
import { quantile } from '../table/quantile.ts';

/** A number with its interval. */
export interface Estimate {
  value: number;
  /** Ends of the 95% interval; NaN where it cannot be computed. */
  low: number;
  high: number;
}

export interface PatientBootstrapOptions {
  stream: RandomStream;
  /** Samples drawn. Default 2000. */
  resamples?: number | undefined;
}

/** The numbers of a statistic with their intervals, and how many samples each interval rests on. */
export interface BootstrapEstimates<Name extends string> {
  estimates: Record<Name, Estimate>;
  /** Samples in which the number had a value. */
  samples: Record<Name, number>;
  /** Samples that were drawn again because they lacked a class. */
  redrawn: number;
}

/** Below this share of samples with a value, an interval is not given. */
const leastShare = 0.9;

/**
 * Percentile intervals (Efron 1979) by a bootstrap over patients: each sample draws as many patients as there are, with
 * replacement, and computes every number anew. A sample that lacks a class is drawn again, since most numbers have no value there.
 *
 * @param labels 0 or 1 per patient, both present
 * @param statistic numbers of some patients, given by their rows (with repeats); NaN where one has no value
 */
export function bootstrapPatients<Name extends string>(
  labels: ArrayLike<number>,
  statistic: (rows: Int32Array) => Record<Name, number>,
  { stream, resamples = 2000 }: PatientBootstrapOptions,
): BootstrapEstimates<Name> {
  const n = labels.length;
  const value = statistic(Int32Array.from({ length: n }, (_, row) => row));
  const names = Object.keys(value) as Name[];
  const drawn = new Map(names.map((name) => [name, [] as number[]]));
  let redrawn = 0;
  const rows = new Int32Array(n);
  for (let sample = 0; sample < resamples; sample++) {
    for (let tries = 0; ; tries++) {
      let positives = 0;
      for (let i = 0; i < n; i++) {
        rows[i] = stream.integer(0, n - 1);
        positives += labels[rows[i]];
      }
      if (positives > 0 && positives < n) break;
      redrawn++;
      // With both classes present a thousand draws in a row cannot lack one, unless n is 2 or so.
      if (tries > 1000) break;
    }
    const numbers = statistic(rows);
    for (const name of names) {
      if (Number.isFinite(numbers[name])) (drawn.get(name) as number[]).push(numbers[name]);
    }
  }
  const estimates = {} as Record<Name, Estimate>;
  const samples = {} as Record<Name, number>;
  for (const name of names) {
    const sorted = Float64Array.from(drawn.get(name) as number[]).sort();
    samples[name] = sorted.length;
    const known = sorted.length >= leastShare * resamples && Number.isFinite(value[name]);
    estimates[name] = {
      value: value[name],
      low: known ? quantile(sorted, 0.025) : Number.NaN,
      high: known ? quantile(sorted, 0.975) : Number.NaN,
    };
  }
  return { estimates, samples, redrawn };
}
