import type { FeatureColumn } from '../table/feature-table.ts';
import { ColumnMeasures } from './column-measures.ts';
import { ColumnSelection } from './column-selection.ts';
import { type DiscretiseOptions, discretise } from './discretise.ts';
import { dot } from './moments.ts';
import { informationOf, logarithms } from './mutual-information.ts';
import { byInformation, type RelevanceOptions, TIE } from './relevance.ts';
import { requireComplete } from './require-complete.ts';
import type { TrainingRows } from './rows.ts';
import type { Transformer } from './transformer.ts';

export type { MrmrMethod } from './relevance.ts';

export interface MrmrOptions extends RelevanceOptions {
  /** Columns to pick. Default 50. */
  features?: number;
}

/** A quotient divides by the redundancy, or by this where the redundancy is smaller. */
const LEAST_REDUNDANCY = 1e-3;

/**
 * Minimum redundancy, maximum relevance (Peng, Long and Ding 2005; Ding and Peng 2005). The first pick has the
 * highest relevance; each further one the highest relevance minus (`mid`, `fcd`) or over (`miq`, `fcq`) its mean
 * redundancy with the columns picked so far. The order is therefore that of picking, not of relevance.
 *
 * - `mid`, `miq`: mutual information in nats, reals discretised (see `discretise`).
 * - `fcd`, `fcq`: F statistic with the labels, |Pearson r| between columns.
 *
 * Ties (to a share of 1e-12 of the largest number that a score was made from: a share of the score itself would not do,
 * since a difference of two near numbers may be tiny) go to the earlier column. A perfect separator, whose classes are
 * constants, has an infinite F: it comes before all others, of several the one with the least redundancy. Constant columns are never picked, so fewer than
 * `features` come back where fewer can be picked. Missing values are refused, except that an all-missing column
 * counts as a constant.
 */
export class Mrmr implements Transformer {
  readonly options: MrmrOptions;

  constructor(options: MrmrOptions = {}) {
    this.options = options;
  }

  /**
   * @param measured of rows that hold these columns, by the same relevance; default: of these rows
   * @throws NacreError `missing-values`
   */
  fit(train: TrainingRows, measured = new ColumnMeasures(train, this.options)): MrmrRanking {
    const { method = 'fcq', features = 50 } = this.options;
    const candidates = train.columns.filter(({ values }) => !values.every(Number.isNaN));
    requireComplete({ patients: train.patients, columns: candidates }, 'mRMR');
    const measures = byInformation(method)
      ? informationMeasures(candidates, train.labels, this.options)
      : correlationMeasures(candidates, measured);
    const quotient = method === 'miq' || method === 'fcq';
    const picks = pick(measures, candidates.length, features, quotient);
    return new MrmrRanking(
      picks.map(({ column }) => candidates[column].name),
      picks.map(({ score }) => score),
      picks.map(({ column }) => measures.relevance[column]),
    );
  }
}

/** The picked columns, in the order of picking. */
class MrmrRanking extends ColumnSelection {
  /** Score of each column when it was picked; for the first one its relevance. */
  readonly scores: readonly number[];
  /** Relevance of each pick: F, or mutual information in nats. */
  readonly relevance: readonly number[];

  constructor(kept: readonly string[], scores: readonly number[], relevance: readonly number[]) {
    super(kept);
    this.scores = scores;
    this.relevance = relevance;
  }

  override toJSON(): object {
    return { kept: this.kept, scores: this.scores, relevance: this.relevance };
  }
}

interface Measures {
  relevance: Float64Array;
  /** 1 where a column varies. */
  varies: Uint8Array;
  /** Adds the redundancy of every column with column `picked` to `sums`. */
  addRedundancy(picked: number, sums: Float64Array): void;
}

function pick(
  { relevance, varies, addRedundancy }: Measures,
  count: number,
  features: number,
  quotient: boolean,
): { column: number; score: number }[] {
  const open = varies.slice();
  const sums = new Float64Array(count);
  const picks: { column: number; score: number }[] = [];
  while (picks.length < features) {
    let best: Candidate | undefined;
    for (let c = 0; c < count; c++) {
      if (open[c] === 0) continue;
      let score = relevance[c];
      let size = score;
      let redundancy = 0;
      if (picks.length > 0) {
        redundancy = sums[c] / picks.length;
        score = quotient ? score / Math.max(redundancy, LEAST_REDUNDANCY) : score - redundancy;
        size = quotient ? score : Math.max(size, redundancy);
      }
      if (best === undefined || isBetter(score, size, redundancy, best)) {
        best = { column: c, score, size, redundancy };
      }
    }
    if (best === undefined) break;
    open[best.column] = 0;
    picks.push({ column: best.column, score: best.score });
    if (picks.length < features) addRedundancy(best.column, sums);
  }
  return picks;
}

interface Candidate {
  column: number;
  score: number;
  /** The largest number that the score was made from. */
  size: number;
  redundancy: number;
}

/** Whether a score beats the best of the earlier columns by more than rounding. */
function isBetter(score: number, size: number, redundancy: number, best: Candidate): boolean {
  const infinite = score === Number.POSITIVE_INFINITY;
  if (best.score === Number.POSITIVE_INFINITY) {
    return infinite && redundancy < best.redundancy - TIE;
  }
  return infinite || score > best.score + TIE * Math.max(size, best.size);
}

function correlationMeasures(
  columns: readonly FeatureColumn[],
  measured: ColumnMeasures,
): Measures {
  const n = measured.rows;
  const places = measured.placesOf(columns);
  const unit = measured.unit(places);
  const varies = Uint8Array.from(places, (place) => {
    for (let at = place * n; at < (place + 1) * n; at++) if (unit[at] !== 0) return 1;
    return 0;
  });
  return {
    relevance: measured.relevance(places),
    varies,
    addRedundancy(picked, sums) {
      const start = places[picked] * n;
      const other = unit.slice(start, start + n);
      for (let c = 0; c < sums.length; c++) {
        sums[c] += Math.abs(dot(unit, places[c] * n, other, 0, n));
      }
    },
  };
}

function informationMeasures(
  columns: readonly FeatureColumn[],
  labels: Uint8Array,
  options: DiscretiseOptions,
): Measures {
  const n = labels.length;
  const table = new Uint8Array(columns.length * n);
  const varies = new Uint8Array(columns.length);
  let levels = 2;
  columns.forEach(({ values }, c) => {
    const discrete = discretise(values, options);
    table.set(discrete, c * n);
    for (const level of discrete) {
      levels = Math.max(levels, level + 1);
      if (level !== discrete[0]) varies[c] = 1;
    }
  });
  const joint = new Int32Array(levels * levels);
  const kLogK = logarithms(n);
  const relevance = new Float64Array(columns.length);
  for (let c = 0; c < columns.length; c++) {
    relevance[c] = informationOf(table, c * n, labels, 0, n, levels, joint, kLogK);
  }
  return {
    relevance,
    varies,
    addRedundancy(picked, sums) {
      for (let c = 0; c < sums.length; c++) {
        sums[c] += informationOf(table, c * n, table, picked * n, n, levels, joint, kLogK);
      }
    },
  };
}
