import { type DiscretiseOptions, discretise } from './discretise.ts';
import { fStatistic } from './f-statistic.ts';
import { mutualInformation } from './mutual-information.ts';

export type MrmrMethod = 'mid' | 'miq' | 'fcd' | 'fcq';

export interface RelevanceOptions extends DiscretiseOptions {
  /** `mid` and `miq` measure relevance by mutual information in nats, `fcd` and `fcq` by the F statistic. Default `fcq`. */
  method?: MrmrMethod;
}

/** Relevances and scores nearer than this share are ties: the same number, rounded on another path. */
export const TIE = 1e-12;

/** True where mRMR by this method discretises and counts, false where it compares means. */
export function byInformation(method: MrmrMethod): boolean {
  return method === 'mid' || method === 'miq';
}

/**
 * Relevance of a single column for the labels, as mRMR measures it.
 *
 * @param values complete, finite
 * @param labels 0 or 1 a row, both present
 */
export function relevanceOf(
  values: Float64Array,
  labels: Uint8Array,
  { method = 'fcq', ...options }: RelevanceOptions = {},
): number {
  return byInformation(method)
    ? mutualInformation(discretise(values, options), labels)
    : fStatistic(values, labels);
}

/** Column numbers, the most relevant first, ties in column order. */
export function byRelevance(relevance: Float64Array): number[] {
  const order = Array.from(relevance.keys()).sort(
    (a, b) => compareDescending(relevance[a], relevance[b]) || a - b,
  );
  for (let start = 0; start < order.length; ) {
    const first = relevance[order[start]];
    let end = start + 1;
    while (end < order.length && relevance[order[end]] >= first * (1 - TIE)) end++;
    const tied = order.slice(start, end).sort((a, b) => a - b);
    for (const column of tied) order[start++] = column;
  }
  return order;
}

/** Also for infinite relevances, whose difference is not a number. */
function compareDescending(a: number, b: number): number {
  return a > b ? -1 : a < b ? 1 : 0;
}
