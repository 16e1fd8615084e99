import { NacreError } from '../../runtime/errors.ts';
import { dotProduct } from '../dot-product.ts';
import { solveInPlace } from './cholesky.ts';
import {
  type LinearModel,
  type LogisticTask,
  lossDerivatives,
  marginsOf,
  totalLoss,
} from './logistic-loss.ts';

const mostSteps = 200;

/**
 * Logistic regression with a ridge penalty: the minimum of ½ ‖w‖² + C Σ weight · loss over intercept and coefficients w, as
 * scikit-learn's `LogisticRegression(penalty="l2")` defines it. Newton's method with halved steps, to rounding.
 *
 * @throws NacreError `no-convergence`
 */
export function fitRidge(task: LogisticTask): LinearModel {
  return task.columns.length > task.labels.length ? fitByRows(task) : fitByColumns(task);
}

/** Newton's method in the coefficients: a system of as many equations as columns. */
function fitByColumns(task: LogisticTask): LinearModel {
  const { columns, labels, c } = task;
  const [rows, size] = [labels.length, columns.length + 1];
  let at: LinearModel = { intercept: 0, coefficients: new Float64Array(columns.length) };
  const objective = (model: LinearModel) =>
    dotProduct(model.coefficients, model.coefficients) / 2 +
    c * totalLoss(task, marginsOf(columns, model, rows));
  let value = objective(at);
  for (let step = 0; step < mostSteps; step++) {
    const { first, second } = lossDerivatives(task, marginsOf(columns, at, rows));
    const gradient = new Float64Array(size);
    const hessian = new Float64Array(size * size);
    const scaled = new Float64Array(rows);
    for (let j = 0; j < size; j++) {
      // Row 0 is the intercept: a column of ones without a penalty.
      const column = columns[j - 1];
      let slope = j === 0 ? 0 : at.coefficients[j - 1] / c;
      for (let i = 0; i < rows; i++) {
        const x = j === 0 ? 1 : column[i];
        slope += first[i] * x;
        scaled[i] = second[i] * x;
      }
      gradient[j] = slope;
      for (let k = 0; k <= j; k++) {
        let sum = 0;
        if (k === 0) for (let i = 0; i < rows; i++) sum += scaled[i];
        else {
          const other = columns[k - 1];
          for (let i = 0; i < rows; i++) sum += scaled[i] * other[i];
        }
        hessian[j * size + k] = j === k && j > 0 ? sum + 1 / c : sum;
      }
    }
    const direction = gradient.slice();
    if (!solveInPlace(hessian, size, [direction])) break;
    let decrement = 0;
    for (let j = 0; j < size; j++) decrement += gradient[j] * direction[j];
    const moved = halved(
      value,
      (share) => {
        const coefficients = at.coefficients.map((w, j) => w - share * direction[j + 1]);
        return { intercept: at.intercept - share * direction[0], coefficients };
      },
      objective,
    );
    // Half the decrement is what a quadratic could still gain: below rounding, the minimum is reached.
    const done = c * decrement <= 1e-20 * (1 + value);
    if (moved === undefined) return at;
    ({ at, value } = moved);
    if (done) return at;
  }
  throw notConverged(columns.length, c);
}

/**
 * The same minimum where there are more columns than rows: w = Xᵀa, so a system of as many equations as rows, in the form of
 * Rasmussen and Williams 2006 (algorithm 3.1) that stays stable where a row is fitted surely.
 */
function fitByRows(task: LogisticTask): LinearModel {
  const { columns, labels, c } = task;
  const n = labels.length;
  const kernel = gram(columns, n);
  let at: RowModel = { intercept: 0, dual: new Float64Array(n), margins: new Float64Array(n) };
  const objective = ({ intercept, dual, margins }: RowModel) => {
    let norm = 0;
    for (let i = 0; i < n; i++) norm += dual[i] * (margins[i] - intercept);
    return norm / 2 + c * totalLoss(task, margins);
  };
  let value = objective(at);
  for (let step = 0; step < mostSteps; step++) {
    const { first, second } = lossDerivatives(task, at.margins);
    const root = second.map((h) => Math.sqrt(c * h));
    const target = new Float64Array(n);
    for (let i = 0; i < n; i++) target[i] = c * (second[i] * at.margins[i] - first[i]);
    const system = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) system[i * n + j] = root[i] * kernel[i * n + j] * root[j];
      system[i * n + i] += 1;
    }
    const pulled = product(kernel, target, n).map((k, i) => root[i] * k);
    const ones = root.slice();
    if (!solveInPlace(system, n, [pulled, ones])) break;
    let [sumTarget, sumOnes] = [0, 0];
    for (let i = 0; i < n; i++) {
      pulled[i] = target[i] - root[i] * pulled[i];
      ones[i] *= root[i];
      sumTarget += pulled[i];
      sumOnes += ones[i];
    }
    const intercept = sumTarget / sumOnes;
    const dual = pulled.map((u, i) => u - intercept * ones[i]);
    const margins = product(kernel, dual, n).map((k) => k + intercept);
    const from = at;
    const moved = halved(
      value,
      (share) => between(from, { intercept, dual, margins }, share),
      objective,
    );
    if (moved === undefined) break;
    const change = moved.at.margins.reduce(
      (most, margin, i) => Math.max(most, Math.abs(margin - from.margins[i])),
      0,
    );
    ({ at, value } = moved);
    if (change <= 1e-11) break;
    if (step === mostSteps - 1) throw notConverged(columns.length, c);
  }
  const { intercept, dual } = at;
  const coefficients = Float64Array.from(columns, (column) => dotProduct(column, dual));
  return { intercept, coefficients };
}

interface RowModel {
  intercept: number;
  dual: Float64Array;
  margins: Float64Array;
}

function between(from: RowModel, to: RowModel, share: number): RowModel {
  if (share === 1) return to;
  const mix = (a: Float64Array, b: Float64Array) => a.map((x, i) => x + share * (b[i] - x));
  return {
    intercept: from.intercept + share * (to.intercept - from.intercept),
    dual: mix(from.dual, to.dual),
    margins: mix(from.margins, to.margins),
  };
}

/** The longest of the steps 1, ½, ¼ … that does not raise the objective beyond rounding; undefined where none does. */
function halved<M>(
  value: number,
  moved: (share: number) => M,
  objective: (model: M) => number,
): { at: M; value: number } | undefined {
  for (let share = 1; share > 1e-9; share /= 2) {
    const at = moved(share);
    const next = objective(at);
    if (next <= value + 1e-13 * Math.abs(value)) return { at, value: next };
  }
  return undefined;
}

function gram(columns: readonly Float64Array[], n: number): Float64Array {
  const kernel = new Float64Array(n * n);
  for (const column of columns) {
    for (let i = 0; i < n; i++) {
      const x = column[i];
      for (let j = 0; j <= i; j++) kernel[i * n + j] += x * column[j];
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) kernel[j * n + i] = kernel[i * n + j];
  return kernel;
}

function product(matrix: Float64Array, vector: Float64Array, n: number): Float64Array {
  return vector.map((_, i) => dotProduct(matrix.subarray(i * n, (i + 1) * n), vector));
}

/** A fit that did not reach its minimum. */
export function notConverged(columns: number, c: number): NacreError {
  return new NacreError('no-convergence', 'the logistic regression did not reach its minimum', {
    found: `${columns} columns at C = ${c}`,
    expected: 'columns on one scale',
    todo: 'scale the columns (scale: zscore), or try smaller values of logistic.c',
  });
}
