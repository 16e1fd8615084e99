import { quantile } from '../table/quantile.ts';
import { moments } from './moments.ts';

export interface DiscretiseOptions {
  /**
   * `mean-sd` (Ding and Peng 2005): three levels, cut at mean ± `sdFactor` · sd (sd divided by N).
   * `quantile`: `bins` levels of about equal size, cut at linearly interpolated quantiles. Default `mean-sd`.
   */
  discretisation?: 'mean-sd' | 'quantile';
  /** Default 0.5, as Ding and Peng's μ ± σ/2. */
  sdFactor?: number;
  /** Default 4. */
  bins?: number;
}

/**
 * Reals as levels 0, 1, 2 … for mutual information. A value's level is the number of cuts below it, a value at a
 * cut going to the lower side. A column with no more distinct values than there would be levels keeps them as
 * they are, so that indicators and grades lose nothing.
 *
 * @param values complete
 */
export function discretise(
  values: Float64Array,
  { discretisation = 'mean-sd', sdFactor = 0.5, bins = 4 }: DiscretiseOptions = {},
): Uint8Array {
  const most = discretisation === 'mean-sd' ? 3 : bins;
  const distinct = distinctValues(values, most);
  // The cuts between k distinct values are the k − 1 lower ones.
  const cuts =
    distinct !== undefined
      ? distinct.slice(0, -1)
      : discretisation === 'mean-sd'
        ? meanSdCuts(values, sdFactor)
        : quantileCuts(values, bins);
  const levels = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    let level = 0;
    for (let c = 0; c < cuts.length; c++) if (values[i] > cuts[c]) level++;
    levels[i] = level;
  }
  return levels;
}

/** The distinct values, ascending, or undefined where there are more than `most`. */
function distinctValues(values: Float64Array, most: number): number[] | undefined {
  const seen = new Set<number>();
  for (const value of values) {
    seen.add(value);
    if (seen.size > most) return undefined;
  }
  return [...seen].sort((a, b) => a - b);
}

function meanSdCuts(values: Float64Array, sdFactor: number): number[] {
  const { mean, sd } = moments(values);
  const reach = sdFactor * sd;
  return [mean - reach, mean + reach];
}

function quantileCuts(values: Float64Array, bins: number): number[] {
  const sorted = values.slice().sort();
  return Array.from({ length: bins - 1 }, (_, k) => quantile(sorted, (k + 1) / bins));
}
