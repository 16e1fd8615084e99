import { ColumnSelection } from './column-selection.ts';
import { dot, unitColumns } from './moments.ts';
import { byRelevance, type RelevanceOptions, relevances } from './relevance.ts';
import { requireComplete } from './require-complete.ts';
import type { TrainingRows } from './rows.ts';
import type { Transformer } from './transformer.ts';

/** Values of a column that are compared before the whole of it is. */
const HEAD = 16;

/** Margin for rounding: a pair this close to the threshold is computed in full. */
const MARGIN = 1e-12;

/**
 * Drops each column whose |Pearson r| with a more relevant kept column is above the threshold: of two twins the one more
 * relevant for the training labels stays; of two equally relevant (to a share of 1e-12), the earlier. Relevance is mRMR's:
 * the F statistic, or mutual information with the methods `mid` and `miq`. Threshold in (0, 1]; 1 keeps every column. Needs
 * complete columns; kept columns stay in their order.
 *
 * The rest of a dot product adds at most the product of the two rests' lengths (Cauchy and Schwarz), so
 * the first values decide most pairs; the result equals that of the whole product.
 */
export class CorrelationFilter implements Transformer {
  readonly threshold: number;
  readonly relevance: RelevanceOptions;

  constructor(threshold: number, relevance: RelevanceOptions = {}) {
    this.threshold = threshold;
    this.relevance = relevance;
  }

  /** @throws NacreError `missing-values` */
  fit(train: TrainingRows): ColumnSelection {
    const { columns } = train;
    if (this.threshold >= 1) return new ColumnSelection(columns.map(({ name }) => name));
    requireComplete(train, 'the correlation filter');
    const n = train.patients.length;
    const unit = unitColumns(columns);
    const head = Math.min(HEAD, n);
    const kept: number[] = [];
    // First values of the kept columns side by side, and the length of the rest of each: they decide most pairs.
    const heads = new Float64Array(columns.length * head);
    const rests = new Float64Array(columns.length);
    for (const c of byRelevance(relevances(columns, train.labels, this.relevance))) {
      const start = c * n;
      const firstValues = unit.slice(start, start + head);
      const rest = Math.sqrt(dot(unit, start + head, unit, start + head, n - head));
      let twin = false;
      for (let k = 0; k < kept.length && !twin; k++) {
        const begun = dot(firstValues, 0, heads, k * head, head);
        if (Math.abs(begun) + rest * rests[k] < this.threshold - MARGIN) continue;
        twin = Math.abs(dot(unit, start, unit, kept[k] * n, n)) > this.threshold;
      }
      if (twin) continue;
      heads.set(firstValues, kept.length * head);
      rests[kept.length] = rest;
      kept.push(c);
    }
    kept.sort((a, b) => a - b);
    return new ColumnSelection(kept.map((c) => columns[c].name));
  }
}
