import type { BoosterMatrix } from './booster-matrix.ts';
import type { TreeArrays } from './trees.ts';

/** One feature on the way from the root to a leaf. */
interface Step {
  /** Column; −1 for the root's own entry. */
  feature: number;
  /** Share of training rows that flow on where the feature is not known. */
  zero: number;
  /** 1 where the row itself flows on, else 0. */
  one: number;
  /** Weight of the subsets of this size. */
  weight: number;
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
  let base = trees.baseMargin;
  for (const root of trees.roots) {
    base += meanOf(trees, root);
    descend(trees, row, root, [], { feature: -1, zero: 1, one: 1 }, values);
  }
  return { base, values };
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
  let base = Number.NaN;
  for (let row = 0; row < rows; row++) {
    const one = treeShap(trees, values.subarray(row * columns, (row + 1) * columns));
    contributions.set(one.values, row * columns);
    base = one.base;
  }
  return { base, contributions };
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

function descend(
  trees: TreeArrays,
  row: Float32Array,
  node: number,
  above: readonly Step[],
  step: Omit<Step, 'weight'>,
  values: Float64Array,
): void {
  let path = extended(above, step);
  const { left, right, feature, missingLeft, value } = trees;
  if (left[node] < 0) {
    for (let i = 1; i < path.length; i++) {
      const weight = unwound(path, i).reduce((sum, one) => sum + one.weight, 0);
      values[path[i].feature] += weight * (path[i].one - path[i].zero) * value[node];
    }
    return;
  }
  const column = feature[node];
  const x = row[column];
  const goesLeft = x < value[node] || (Number.isNaN(x) && missingLeft[node] === 1);
  const [hot, cold] = goesLeft ? [left[node], right[node]] : [right[node], left[node]];
  let { zero, one } = { zero: 1, one: 1 };
  const before = path.findIndex((earlier) => earlier.feature === column);
  if (before >= 0) {
    ({ zero, one } = path[before]);
    path = unwound(path, before);
  }
  const next = (child: number, flows: number) =>
    descend(
      trees,
      row,
      child,
      path,
      { feature: column, zero: zero * shareOf(trees, node, child), one: flows },
      values,
    );
  next(hot, one);
  next(cold, 0);
}

/** The path with one more step; the weights count subsets by their size. */
function extended(path: readonly Step[], step: Omit<Step, 'weight'>): Step[] {
  const length = path.length;
  const out = path.map((one) => ({ ...one }));
  out.push({ ...step, weight: length === 0 ? 1 : 0 });
  for (let i = length - 1; i >= 0; i--) {
    out[i + 1].weight += (step.one * out[i].weight * (i + 1)) / (length + 1);
    out[i].weight = (step.zero * out[i].weight * (length - i)) / (length + 1);
  }
  return out;
}

/** The path as if one of its steps had never been taken. */
function unwound(path: readonly Step[], at: number): Step[] {
  const last = path.length - 1;
  const out = path.map((one) => ({ ...one }));
  const { one, zero } = path[at];
  let carried = out[last].weight;
  for (let j = last - 1; j >= 0; j--) {
    if (one !== 0) {
      const weight = out[j].weight;
      out[j].weight = (carried * (last + 1)) / ((j + 1) * one);
      carried = weight - (out[j].weight * zero * (last - j)) / (last + 1);
    } else {
      out[j].weight = (out[j].weight * (last + 1)) / (zero * (last - j));
    }
  }
  for (let j = at; j < last; j++) {
    out[j] = { ...out[j + 1], weight: out[j].weight };
  }
  out.pop();
  return out;
}
