import { NacreError } from '../../../runtime/errors.ts';
import type { BoosterParams } from '../booster-settings.ts';
import type { TreeEnsemble } from '../trees.ts';
import { GrowingTrees } from './growing-trees.ts';
import type { SortedColumns } from './sorted-columns.ts';
import { type TreeKernel, treeKernel } from './tree-kernel.ts';

const f = Math.fround;

/** A split must gain more than this (XGBoost's `rt_eps`). */
const LEAST_GAIN = f(1e-6);

/** The table that lies in this thread's kernel. */
let loaded: TreeGrower | undefined;

/**
 * Grows trees over some columns of one table, greedily and exactly as XGBoost's `grow_colmaker` and `prune` do, in the same
 * arithmetic. A node's rows stay contiguous in the order of each column, so that a search reads the node's rows and no others.
 */
export class TreeGrower {
  readonly #sorted: SortedColumns;
  readonly #labels: Uint8Array;
  readonly #params: BoosterParams;
  readonly #kernel: TreeKernel = treeKernel();
  readonly #trees = new GrowingTrees();
  #active: number[];

  /** @param params without sampling; penalties are rounded to float32, as XGBoost holds them */
  constructor(sorted: SortedColumns, labels: Uint8Array, params: BoosterParams) {
    this.#sorted = sorted;
    this.#labels = labels;
    const { minChildWeight, gamma, lambda, alpha, learningRate, positiveWeight } = params;
    this.#params = {
      ...params,
      minChildWeight: f(minChildWeight),
      gamma: f(gamma),
      lambda: f(lambda),
      alpha: f(alpha),
      learningRate: f(learningRate),
      // XGBoost's way to weigh a row, which loses the last bits of a small weight.
      positiveWeight: f(1 + f(f(positiveWeight) - 1)),
    };
    this.#active = Array.from({ length: sorted.columns }, (_, column) => column);
  }

  /**
   * Fits on these columns alone. Trees of the fit before are kept up to the first in which a column that is left out now won a
   * split, even one that was pruned: a greedy tree owes nothing to the other columns, so they would grow the same again.
   *
   * @param columns of those of the fit before, ascending
   * @returns undefined where the order of equal values could decide the last bit of a sum, which another engine may order otherwise
   * @throws NacreError `out-of-memory`
   */
  fit(columns: readonly number[]): TreeEnsemble | undefined {
    const kept = new Set(columns);
    this.#trees.cutFrom(this.#active.filter((column) => !kept.has(column)));
    this.#active = [...columns];
    if (loaded !== this) this.#load();
    this.#activate();
    const anyTied = columns.some((column) => this.#sorted.tied[column] === 1);
    while (this.#trees.count < this.#params.rounds) {
      const exact = this.#kernel.derive() === 1;
      if (anyTied && !exact) return undefined;
      this.#trees.startTree();
      this.#node(0, 0, this.#sorted.rows);
      this.#kernel.addLeaves();
    }
    return this.#trees.ensemble(columns);
  }

  /** Puts the table into the kernel's memory. */
  #load(): void {
    const { rows, columns, values, order, searchesUp } = this.#sorted;
    const kernel = this.#kernel;
    loaded = undefined;
    if (kernel.arrange(rows, columns, this.#params.maxDepth + 1) === 0) {
      throw new NacreError('out-of-memory', 'the exact booster has no memory left', {
        found: `${rows} rows × ${columns} columns, trees of depth ${this.#params.maxDepth}`,
        todo: 'select columns first (mrmr), use lower trees or another booster',
      });
    }
    const { buffer } = kernel.memory;
    new Float32Array(buffer, kernel.values.value, values.length).set(values);
    new Uint8Array(buffer, kernel.labels.value, rows).set(this.#labels);
    new Uint8Array(buffer, kernel.searchesUp.value, columns).set(searchesUp);
    const everyRow = new Int32Array(buffer, kernel.levels.value, rows);
    for (let row = 0; row < rows; row++) everyRow[row] = row;
    new Int32Array(buffer, kernel.levels.value + 4 * rows, order.length).set(order);
    loaded = this;
  }

  /** Makes the active columns and the margins after the trees that are kept those of the kernel. */
  #activate(): void {
    const { rows, columns, values, present } = this.#sorted;
    const { lambda, alpha, minChildWeight, positiveWeight } = this.#params;
    const kernel = this.#kernel;
    const { buffer } = kernel.memory;
    const active = this.#active;
    kernel.configure(lambda, alpha, minChildWeight, positiveWeight, active.length);
    new Int32Array(buffer, kernel.activeColumns.value, columns).set(active);
    const starts = new Int32Array(
      buffer,
      kernel.levels.value + 4 * (rows + rows * columns),
      3 * columns,
    );
    active.forEach((column, place) => {
      starts[place] = column * rows;
      starts[2 * columns + place] = column * rows + present[column];
    });
    this.#trees.sumMargins(values, new Float32Array(buffer, kernel.margins.value, rows));
  }

  /** Grows the node of these rows of a level and what is below it; returns its number. */
  #node(depth: number, from: number, to: number): number {
    const kernel = this.#kernel;
    const { lambda, gamma, minChildWeight, maxDepth, learningRate } = this.#params;
    kernel.sumRows(depth, from, to);
    const gradient = kernel.sumGradient.value;
    const hessian = kernel.sumHessian.value;
    const enough = hessian >= minChildWeight;
    const g = this.#shrunk(gradient);
    const leafValue = enough ? f(f(-g / (hessian + lambda)) * learningRate) : 0;
    const number = this.#trees.addLeaf(leafValue, f(hessian));
    if (depth < maxDepth) {
      kernel.search(depth, gradient, hessian, enough ? f((g * g) / (hessian + lambda)) : 0);
      const gain = kernel.foundLoss.value;
      if (gain > LEAST_GAIN) {
        const found = {
          column: this.#active[kernel.foundColumn.value],
          gain,
          value: kernel.foundValue.value,
          missingLeft: kernel.foundMissingLeft.value,
        };
        this.#trees.won(found.column);
        const deeper = depth + 1 < maxDepth ? 1 : 0;
        const { column, value, missingLeft } = found;
        const middle = kernel.divide(depth, from, to, column, value, missingLeft, deeper);
        kernel.enter(depth, 0);
        const left = this.#node(depth + 1, from, middle);
        kernel.enter(depth, 1);
        const right = this.#node(depth + 1, middle, to);
        const leaves = this.#trees.isLeaf(left) && this.#trees.isLeaf(right);
        if (!(gain < gamma && leaves)) {
          this.#trees.split(number, left, right, found);
          return number;
        }
        this.#trees.cutAfter(number);
      }
    }
    kernel.setLeaf(depth, from, to, leafValue);
    return number;
  }

  #shrunk(gradient: number): number {
    const { alpha } = this.#params;
    if (gradient > alpha) return gradient - alpha;
    if (gradient < -alpha) return gradient + alpha;
    return 0;
  }
}
