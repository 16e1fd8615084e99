import { exp } from '../../runtime/elementary.ts';
import { NacreError } from '../../runtime/errors.ts';
import type { BoosterMatrix } from './booster-matrix.ts';

/** All trees of a model in flat arrays; a node's number runs through the whole ensemble. */
export interface TreeArrays {
  /** Margin before the first tree. */
  baseMargin: number;
  /** Columns that the model was fitted on. */
  features: number;
  /** Number of the root node of each tree. */
  roots: Int32Array;
  /** Children; −1 at a leaf. */
  left: Int32Array;
  right: Int32Array;
  /** Column split on; −1 at a leaf. */
  feature: Int32Array;
  /** 1 where a missing value goes left. */
  missingLeft: Uint8Array;
  /** Split value (left where x < value), or the leaf's weight. */
  value: Float32Array;
  /** Gain of the split (loss change); 0 at a leaf. */
  gain: Float32Array;
  /** Sum of hessians in the node. */
  cover: Float32Array;
}

/**
 * A fitted ensemble of regression trees with a logistic link: predicts and ranks columns without the engine that
 * grew it. Sums run in float32 in the order of the trees, as XGBoost's do.
 */
export class TreeEnsemble {
  readonly arrays: TreeArrays;

  constructor(arrays: TreeArrays) {
    this.arrays = arrays;
  }

  get rounds(): number {
    return this.arrays.roots.length;
  }

  /**
   * Log-odds of class 1, one per row.
   * @param rounds trees to sum, the first ones; default all
   * @throws NacreError `table-shape` where the matrix has other columns than the fitted one
   */
  margins(matrix: BoosterMatrix, rounds = this.rounds): Float64Array {
    return this.sums(matrix, rounds, new Float64Array(matrix.rows));
  }

  /** Probability of class 1, in [0, 1], one per row. */
  probabilities(matrix: BoosterMatrix, rounds = this.rounds): Float64Array {
    return this.margins(matrix, rounds).map((margin) => 1 / (1 + exp(-margin)));
  }

  /** Margins after 1, 2 … trees: `staged[round * rows + row]`. */
  stagedMargins(matrix: BoosterMatrix): Float64Array {
    const staged = new Float64Array(this.rounds * matrix.rows);
    this.sums(matrix, this.rounds, new Float64Array(matrix.rows), staged);
    return staged;
  }

  /**
   * Importance of every column, by the gain of the splits that use it.
   * @param kind `gain`: mean over its splits; `total-gain`: sum. Columns never used have 0.
   */
  importances(kind: 'gain' | 'total-gain' = 'gain'): Float64Array {
    const { feature, gain, features } = this.arrays;
    const total = new Float64Array(features);
    const splits = new Float64Array(features);
    for (let node = 0; node < feature.length; node++) {
      if (feature[node] < 0) continue;
      total[feature[node]] += gain[node];
      splits[feature[node]]++;
    }
    if (kind === 'gain') {
      for (let f = 0; f < features; f++) if (splits[f] > 0) total[f] /= splits[f];
    }
    return total;
  }

  /** The same trees over a wider or narrower matrix: column f is column `to[f]` there (−1 only where unused). */
  renumbered(to: ArrayLike<number>, features: number): TreeEnsemble {
    const feature = this.arrays.feature.map((f) => (f < 0 ? -1 : to[f]));
    return new TreeEnsemble({ ...this.arrays, feature, features });
  }

  toJSON(): object {
    const { baseMargin, features, ...nodes } = this.arrays;
    const plain = Object.entries(nodes).map(([key, array]) => [key, Array.from(array)]);
    return { baseMargin, features, ...Object.fromEntries(plain) };
  }

  private sums(
    { rows, columns, values }: BoosterMatrix,
    rounds: number,
    out: Float64Array,
    staged?: Float64Array,
  ): Float64Array {
    const { roots, left, right, feature, missingLeft, value, baseMargin, features } = this.arrays;
    if (columns !== features) {
      throw new NacreError('table-shape', 'the matrix has other columns than the model', {
        found: `${columns} columns`,
        expected: `${features}`,
        todo: 'predict with the columns that were fitted, in their order',
      });
    }
    for (let row = 0; row < rows; row++) {
      const start = row * columns;
      let sum = Math.fround(baseMargin);
      for (let tree = 0; tree < rounds; tree++) {
        let node = roots[tree];
        while (left[node] >= 0) {
          const x = values[start + feature[node]];
          const goesLeft = x < value[node] || (Number.isNaN(x) && missingLeft[node] === 1);
          node = goesLeft ? left[node] : right[node];
        }
        sum = Math.fround(sum + value[node]);
        if (staged !== undefined) staged[tree * rows + row] = sum;
      }
      out[row] = sum;
    }
    return out;
  }
}
