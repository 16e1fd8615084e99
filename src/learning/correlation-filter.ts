import { ColumnSelection } from './column-selection.ts';
import { dot, unitColumns } from './moments.ts';
import { byRelevance, type RelevanceOptions, relevances } from './relevance.ts';
import { requireComplete } from './require-complete.ts';
import type { TrainingRows } from './rows.ts';
import type { Transformer } from './transformer.ts';

/** Directions along which two columns are compared before the whole of them is. */
const HEAD = 16;

/** Margin for rounding: a pair this close to the threshold is computed in full. */
const MARGIN = 1e-9;

/**
 * Drops each column whose |Pearson r| with a more relevant kept column is above the threshold: of two twins the one more
 * relevant for the training labels stays; of two equally relevant (to a share of 1e-12), the earlier. Relevance is mRMR's:
 * the F statistic, or mutual information with the methods `mid` and `miq`. Threshold in (0, 1]; 1 keeps every column. Needs
 * complete columns; kept columns stay in their order.
 *
 * A dot product is the sum over a few directions along which the columns vary most, plus at most the product of the lengths
 * of the two rests (Cauchy and Schwarz), so that these directions decide most pairs; the result equals that of the whole product.
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
    const { heads, rests, head } = headsOf(unit, n, columns.length);
    const kept: number[] = [];
    // Heads and rests of the kept columns side by side.
    const keptHeads = new Float64Array(columns.length * head);
    const keptRests = new Float64Array(columns.length);
    for (const c of byRelevance(relevances(columns, train.labels, this.relevance))) {
      let twin = false;
      for (let k = 0; k < kept.length && !twin; k++) {
        const begun = dot(heads, c * head, keptHeads, k * head, head);
        if (Math.abs(begun) + rests[c] * keptRests[k] < this.threshold - MARGIN) continue;
        twin = Math.abs(dot(unit, c * n, unit, kept[k] * n, n)) > this.threshold;
      }
      if (twin) continue;
      keptHeads.set(heads.subarray(c * head, (c + 1) * head), kept.length * head);
      keptRests[kept.length] = rests[c];
      kept.push(c);
    }
    kept.sort((a, b) => a - b);
    return new ColumnSelection(kept.map((c) => columns[c].name));
  }
}

/** Each column along the main directions, and the length of what is left of it. */
function headsOf(unit: Float64Array, n: number, columns: number) {
  const directions = mainDirections(unit, n, columns);
  const head = directions.length;
  const heads = new Float64Array(columns * head);
  const rests = new Float64Array(columns);
  for (let c = 0; c < columns; c++) {
    let left = 1;
    for (let d = 0; d < head; d++) {
      const along = dot(unit, c * n, directions[d], 0, n);
      heads[c * head + d] = along;
      left -= along * along;
    }
    // Rounding may only make a rest longer: then the pair is computed in full.
    rests[c] = Math.sqrt(Math.max(0, left) + ROUNDING);
  }
  return { heads, rests, head };
}

/** More than rounding takes from the square of a rest. */
const ROUNDING = 1e-13;

/** Columns from which the directions are learned, and rounds of the iteration: any orthonormal directions give the same result. */
const SAMPLE = 512;
const ROUNDS = 3;

/** Orthonormal directions along which the columns vary most, by orthogonal iteration over a sample of the columns. */
function mainDirections(unit: Float64Array, n: number, columns: number): Float64Array[] {
  const second = new Float64Array(n * n);
  const step = Math.max(1, Math.floor(columns / SAMPLE));
  for (let c = 0; c < columns; c += step) {
    for (let i = 0; i < n; i++) {
      const value = unit[c * n + i];
      for (let j = 0; j < n; j++) second[i * n + j] += value * unit[c * n + j];
    }
  }
  const row = (i: number) => second.slice(i * n, (i + 1) * n);
  let directions = orthonormal(Array.from({ length: Math.min(HEAD, n) }, (_, i) => row(i)));
  for (let round = 0; round < ROUNDS; round++) {
    const turned = directions.map((direction) =>
      Float64Array.from({ length: n }, (_, i) => dot(second, i * n, direction, 0, n)),
    );
    directions = orthonormal(turned);
  }
  return directions;
}

/** Gram and Schmidt, twice over for rounding; what depends on those before is left out. */
function orthonormal(vectors: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const vector of vectors) {
    const before = Math.sqrt(dot(vector, 0, vector, 0, vector.length));
    const rest = vector.slice();
    for (const other of [...basis, ...basis]) {
      const along = dot(rest, 0, other, 0, rest.length);
      for (let i = 0; i < rest.length; i++) rest[i] -= along * other[i];
    }
    const length = Math.sqrt(dot(rest, 0, rest, 0, rest.length));
    if (length > 1e-6 * before) basis.push(rest.map((value) => value / length));
  }
  return basis;
}
