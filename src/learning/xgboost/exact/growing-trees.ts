import { TreeEnsemble } from '../trees.ts';

/** A split as the search found it. */
export interface FoundSplit {
  /** Column of the table. */
  column: number;
  /** Loss change, a float32. */
  gain: number;
  value: number;
  missingLeft: number;
}

/** Trees in growth: nodes in the order in which they are walked, parents before children, the left child first. */
export class GrowingTrees {
  readonly #roots: number[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #column: number[] = [];
  readonly #missingLeft: number[] = [];
  readonly #value: number[] = [];
  readonly #gain: number[] = [];
  readonly #cover: number[] = [];
  /** First tree in which a column won a split. */
  readonly #firstWin = new Map<number, number>();

  /** Number of trees. */
  get count(): number {
    return this.#roots.length;
  }

  startTree(): void {
    this.#roots.push(this.#left.length);
  }

  addLeaf(value: number, cover: number): number {
    this.#right.push(-1);
    this.#column.push(-1);
    this.#missingLeft.push(0);
    this.#value.push(value);
    this.#gain.push(0);
    this.#cover.push(cover);
    return this.#left.push(-1) - 1;
  }

  isLeaf(node: number): boolean {
    return this.#left[node] < 0;
  }

  /** Makes a leaf a split. */
  split(node: number, left: number, right: number, found: FoundSplit): void {
    this.#left[node] = left;
    this.#right[node] = right;
    this.#column[node] = found.column;
    this.#missingLeft[node] = found.missingLeft;
    this.#value[node] = found.value;
    this.#gain[node] = found.gain;
  }

  /** Takes away all nodes after this one. */
  cutAfter(node: number): void {
    this.#cut(node + 1);
  }

  /** Notes that a column won a split of the tree in growth, which pruning may take away again. */
  won(column: number): void {
    if (!this.#firstWin.has(column)) this.#firstWin.set(column, this.count - 1);
  }

  /** Takes away the first tree in which one of these columns won a split and all trees after it. */
  cutFrom(columns: readonly number[]): void {
    const tree = Math.min(...columns.map((column) => this.#firstWin.get(column) ?? this.count));
    if (tree >= this.count) return;
    this.#cut(this.#roots[tree]);
    this.#roots.length = tree;
    for (const [column, first] of this.#firstWin) {
      if (first >= tree) this.#firstWin.delete(column);
    }
  }

  /** Adds up the leaves that each row falls into, in float32 in the order of the trees. */
  sumMargins(values: Float32Array, margins: Float32Array): void {
    const rows = margins.length;
    const left = this.#left;
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (const root of this.#roots) {
        let node = root;
        while (left[node] >= 0) {
          const x = values[this.#column[node] * rows + row];
          const goesLeft =
            x < this.#value[node] || (Number.isNaN(x) && this.#missingLeft[node] === 1);
          node = goesLeft ? left[node] : this.#right[node];
        }
        sum = Math.fround(sum + this.#value[node]);
      }
      margins[row] = sum;
    }
  }

  /** The trees over a matrix of these columns, in this order. */
  ensemble(columns: readonly number[]): TreeEnsemble {
    const places = new Map(columns.map((column, place) => [column, place]));
    return new TreeEnsemble({
      // XGBoost's: −log(1 / 0.5 − 1).
      baseMargin: -0,
      features: columns.length,
      roots: Int32Array.from(this.#roots),
      left: Int32Array.from(this.#left),
      right: Int32Array.from(this.#right),
      feature: Int32Array.from(this.#column, (column) => places.get(column) ?? -1),
      missingLeft: Uint8Array.from(this.#missingLeft),
      value: Float32Array.from(this.#value),
      gain: Float32Array.from(this.#gain),
      cover: Float32Array.from(this.#cover),
    });
  }

  #cut(size: number): void {
    for (const list of [
      this.#left,
      this.#right,
      this.#column,
      this.#missingLeft,
      this.#value,
      this.#gain,
      this.#cover,
    ]) {
      list.length = size;
    }
  }
}
