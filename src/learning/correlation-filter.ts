import { ColumnMeasures } from './column-measures.ts';
import { ColumnSelection } from './column-selection.ts';
import { dot } from './moments.ts';
import { nearColumns } from './near-columns.ts';
import { byRelevance, type RelevanceOptions } from './relevance.ts';
import { requireComplete } from './require-complete.ts';
import type { TrainingRows } from './rows.ts';
import type { Transformer } from './transformer.ts';

/**
 * Drops each column whose |Pearson r| with a more relevant kept column is above the threshold: of two twins the one more
 * relevant for the training labels stays; of two equally relevant (to a share of 1e-12), the earlier. Relevance is mRMR's:
 * the F statistic, or mutual information with the methods `mid` and `miq`. Threshold in (0, 1]; 1 keeps every column. Needs
 * complete columns; kept columns stay in their order.
 *
 * A dot product is the sum over a few directions along which the columns vary most, plus at most the product of the lengths
 * of the two rests (Cauchy and Schwarz), so that these directions decide most pairs; the result equals that of the whole product.
 *
 * Of columns that another filter on the same rows has seen, it looks at no pair again that this one kept, and at a twin that it found first.
 */
export class CorrelationFilter implements Transformer {
  readonly threshold: number;
  readonly relevance: RelevanceOptions;

  constructor(threshold: number, relevance: RelevanceOptions = {}) {
    this.threshold = threshold;
    this.relevance = relevance;
  }

  /**
   * @param measures of rows that hold these columns, by the same relevance; default: of these rows
   * @throws NacreError `missing-values`
   */
  fit(train: TrainingRows, measures = new ColumnMeasures(train, this.relevance)): ColumnSelection {
    const { columns } = train;
    if (this.threshold >= 1) return new ColumnSelection(columns.map(({ name }) => name));
    requireComplete(train, 'the correlation filter');
    const n = measures.rows;
    const places = measures.placesOf(columns);
    const unit = measures.unit(places);
    const { heads, rests, head } = measures.heads(places);
    const near = nearColumns(heads, head, rests, this.threshold);
    const isTwin = (a: number, b: number) =>
      Math.abs(dot(unit, places[a] * n, unit, places[b] * n, n)) > this.threshold;
    const { twin: twins, apart } = measures.pairs(this.threshold);
    const isFirst = !apart.includes(1);
    const kept: number[] = [];
    const isKept = new Uint8Array(twins.length);
    /** Kept now, although no filter before had them among those that are apart. */
    const added: number[] = [];
    for (const c of byRelevance(measures.relevance(places))) {
      const place = places[c];
      if (twins[place] >= 0 && isKept[twins[place]] === 1) continue;
      let twin: number | undefined;
      if (apart[place] === 1) twin = added.find((k) => isTwin(c, k));
      else {
        for (let k = near.next(c, 0); k >= 0; k = twin === undefined ? near.next(c, k + 1) : -1) {
          if (isTwin(c, kept[k])) twin = kept[k];
        }
      }
      if (twin !== undefined) {
        twins[place] = places[twin];
        continue;
      }
      near.keep(c);
      kept.push(c);
      isKept[place] = 1;
      if (apart[place] === 0) added.push(c);
    }
    if (isFirst) for (const c of kept) apart[places[c]] = 1;
    kept.sort((a, b) => a - b);
    return new ColumnSelection(kept.map((c) => columns[c].name));
  }
}
