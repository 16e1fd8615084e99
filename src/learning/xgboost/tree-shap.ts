import type { BoosterMatrix } from './booster-matrix.ts';
import type { TreeArrays } from './trees.ts';

/**
 * The features on the way from the root to a node, one way behind the other in the same arrays: that of a child begins where
 * that of its parent ends, so that nothing is allocated on the way.
 */
interface Paths {
  /** Column; −1 for the root itself. */
  feature: Int32Array;
  /** Share of training rows that flow on where the feature is not known. */
  zero: Float64Array;
  /** 1 where the row itself flows on, else 0. */
  one: Float64Array;
  /** Weight of the subsets of this size. */
  weight: Float64Array;
  /** Weights of a path without one of its steps. */
  left: Float64Array;
}

/** Contribution of each column to the margin of one row. */
export interface Contributions {
  /** Margin that the trees give on average over their training rows, by cover. */
  base: number;
  /** One per column; with `base` they add up to the margin of the row. */
  values: Float64Array;
}

/**
 * Shapley values of one row: what each column moves the log-odds by, exactly, with what is not known flowing on by the
 * cover of the training rows. What XGBoost gives as `pred_contribs`.
 *
 * @param row float32 values, one per column, NaN where missing
 *
 * Reference: Lundberg et al. 2020, Nature Machine Intelligence 2, doi:10.1038/s42256-019-0138-9, algorithm 2.
 */
export function treeShap(trees: TreeArrays, row: Float32Array): Contributions {
  const values = new Float64Array(trees.features);
  addContributions(trees, row, values, pathsOf(trees));
  return { base: baseOf(trees), values };
}

/**
 * The same for all rows of a matrix.
 *
 * @returns `contributions[row * columns + column]`; the base, which is the same for every row
 */
export function shapOfRows(
  trees: TreeArrays,
  { rows, columns, values }: BoosterMatrix,
): { base: number; contributions: Float64Array } {
  const contributions = new Float64Array(rows * columns);
  const paths = pathsOf(trees);
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * columns, (row + 1) * columns];
    addContributions(trees, values.subarray(from, to), contributions.subarray(from, to), paths);
  }
  return { base: rows === 0 ? Number.NaN : baseOf(trees), contributions };
}

function addContributions(
  trees: TreeArrays,
  row: Float32Array,
  values: Float64Array,
  paths: Paths,
): void {
  const walk: Walk = { trees, row, values, paths };
  for (const root of trees.roots) descend(walk, root, 0, 0, -1, 1, 1);
}

function baseOf(trees: TreeArrays): number {
  let base = trees.baseMargin;
  for (const root of trees.roots) base += meanOf(trees, root);
  return base;
}

/** Room for the longest way and all that lead to it. */
function pathsOf(trees: TreeArrays): Paths {
  const longest = 1 + Math.max(0, ...Array.from(trees.roots, (root) => depthOf(trees, root)));
  const room = (longest * (longest + 1)) / 2;
  return {
    feature: new Int32Array(room),
    zero: new Float64Array(room),
    one: new Float64Array(room),
    weight: new Float64Array(room),
    left: new Float64Array(longest),
  };
}

function depthOf(trees: TreeArrays, node: number): number {
  const [left, right] = [trees.left[node], trees.right[node]];
  return left < 0 ? 0 : 1 + Math.max(depthOf(trees, left), depthOf(trees, right));
}

function meanOf(trees: TreeArrays, node: number): number {
  const [left, right] = [trees.left[node], trees.right[node]];
  if (left < 0) return trees.value[node];
  const share = shareOf(trees, node, left);
  return share * meanOf(trees, left) + (1 - share) * meanOf(trees, right);
}

/** Share of the training rows in a node that go to this child. */
function shareOf({ cover, left, right }: TreeArrays, node: number, child: number): number {
  const all = cover[left[node]] + cover[right[node]];
  return all > 0 ? cover[child] / all : 0.5;
}

/** One row on its way through the trees. */
interface Walk {
  trees: TreeArrays;
  row: Float32Array;
  values: Float64Array;
  paths: Paths;
}

/**
 * @param from where the path of the parent begins
 * @param length steps of the path of the parent
 * @param feature column of this step, with `zero` and `one`
 */
function descend(
  walk: Walk,
  node: number,
  from: number,
  length: number,
  feature: number,
  zero: number,
  one: number,
): void {
  const { trees, row, values, paths } = walk;
  const start = from + length;
  extend(paths, from, length, feature, zero, one);
  let steps = length + 1;
  if (trees.left[node] < 0) {
    const value = trees.value[node];
    for (let i = 1; i < steps; i++) {
      const weight = sumWithout(paths, start, steps, i);
      values[paths.feature[start + i]] +=
        weight * (paths.one[start + i] - paths.zero[start + i]) * value;
    }
    return;
  }
  const column = trees.feature[node];
  const x = row[column];
  const split = trees.value[node];
  const goesLeft = x < split || (Number.isNaN(x) && trees.missingLeft[node] === 1);
  const hot = goesLeft ? trees.left[node] : trees.right[node];
  const cold = goesLeft ? trees.right[node] : trees.left[node];
  let zeroBefore = 1;
  let oneBefore = 1;
  for (let before = 0; before < steps; before++) {
    if (paths.feature[start + before] !== column) continue;
    zeroBefore = paths.zero[start + before];
    oneBefore = paths.one[start + before];
    takeOut(paths, start, steps--, before);
    break;
  }
  descend(walk, hot, start, steps, column, zeroBefore * shareOf(trees, node, hot), oneBefore);
  descend(walk, cold, start, steps, column, zeroBefore * shareOf(trees, node, cold), 0);
}

/** Copies the path behind itself, with one more step; the weights count subsets by their size. */
function extend(
  { feature: features, zero: zeros, one: ones, weight: weights }: Paths,
  from: number,
  length: number,
  feature: number,
  zero: number,
  one: number,
): void {
  const start = from + length;
  for (let i = 0; i < length; i++) {
    features[start + i] = features[from + i];
    zeros[start + i] = zeros[from + i];
    ones[start + i] = ones[from + i];
    weights[start + i] = weights[from + i];
  }
  features[start + length] = feature;
  zeros[start + length] = zero;
  ones[start + length] = one;
  weights[start + length] = length === 0 ? 1 : 0;
  for (let i = length - 1; i >= 0; i--) {
    weights[start + i + 1] += (one * weights[start + i] * (i + 1)) / (length + 1);
    weights[start + i] = (zero * weights[start + i] * (length - i)) / (length + 1);
  }
}

/** Weights of a path as if one of its steps had never been taken, in `left`. */
function unwind(
  { zero, one, weight, left }: Paths,
  start: number,
  steps: number,
  at: number,
): void {
  const last = steps - 1;
  const [oneAt, zeroAt] = [one[start + at], zero[start + at]];
  let carried = weight[start + last];
  for (let j = last - 1; j >= 0; j--) {
    const before = weight[start + j];
    if (oneAt !== 0) {
      left[j] = (carried * (last + 1)) / ((j + 1) * oneAt);
      carried = before - (left[j] * zeroAt * (last - j)) / (last + 1);
    } else {
      left[j] = (before * (last + 1)) / (zeroAt * (last - j));
    }
  }
}

function sumWithout(paths: Paths, start: number, steps: number, at: number): number {
  unwind(paths, start, steps, at);
  let sum = 0;
  for (let j = 0; j < steps - 1; j++) sum += paths.left[j];
  return sum;
}

/** Takes a step out of the path. */
function takeOut(paths: Paths, start: number, steps: number, at: number): void {
  unwind(paths, start, steps, at);
  const { feature, zero, one, weight, left } = paths;
  for (let j = 0; j < steps - 1; j++) {
    weight[start + j] = left[j];
    if (j < at) continue;
    feature[start + j] = feature[start + j + 1];
    zero[start + j] = zero[start + j + 1];
    one[start + j] = one[start + j + 1];
  }
}
