import { dotProduct } from '../dot-product.ts';
import {
  type LinearModel,
  type LogisticTask,
  lossDerivatives,
  marginsOf,
  totalLoss,
} from './logistic-loss.ts';
import { notConverged } from './ridge-logistic.ts';

const mostOuter = 500;
const mostCycles = 20_000;
/** Curvature of a row that is fitted surely is kept above this share of its weight. */
const leastCurvature = 1e-10;

/**
 * Logistic regression with a lasso penalty: the minimum of Σ|w| + C Σ weight · loss, as scikit-learn's
 * `LogisticRegression(penalty="l1")` defines it (intercept not penalised). Coordinate descent on quadratic approximations
 * (Friedman, Hastie and Tibshirani 2010, J Stat Softw 33(1)), until no coefficient can move.
 *
 * @param start a model to begin at, such as that of a stronger penalty; the result does not depend on it beyond rounding
 * @throws NacreError `no-convergence`
 */
export function fitLasso(task: LogisticTask, start?: LinearModel): LinearModel {
  const { columns, labels, c } = task;
  const rows = labels.length;
  const coefficients = start?.coefficients.slice() ?? new Float64Array(columns.length);
  let at: LinearModel = { intercept: start?.intercept ?? 0, coefficients };
  const penalty = 1 / c;
  const objective = (model: LinearModel, margins: Float64Array) =>
    penalty * model.coefficients.reduce((sum, w) => sum + Math.abs(w), 0) +
    totalLoss(task, margins);
  let margins = marginsOf(columns, at, rows);
  let value = objective(at, margins);
  const tolerance = 1e-11 * rows;
  for (let outer = 0; outer < mostOuter; outer++) {
    const { first, second } = lossDerivatives(task, margins);
    if (violation(columns, at, first, penalty) <= tolerance) return at;
    const next = quadraticStep(columns, at, first, second, penalty);
    let moved = false;
    for (let share = 1; share > 1e-9; share /= 2) {
      const tried = share === 1 ? next : mixed(at, next, share);
      const triedMargins = marginsOf(columns, tried, rows);
      const triedValue = objective(tried, triedMargins);
      if (triedValue > value + 1e-13 * Math.abs(value)) continue;
      [at, margins, value, moved] = [tried, triedMargins, triedValue, true];
      break;
    }
    // Nothing lower is left to find in doubles.
    if (!moved) return at;
  }
  throw notConverged(columns.length, c);
}

/** The largest amount by which a coefficient misses its optimality condition. */
function violation(
  columns: readonly Float64Array[],
  { coefficients }: LinearModel,
  first: Float64Array,
  penalty: number,
): number {
  let most = Math.abs(first.reduce((sum, g) => sum + g, 0));
  for (let j = 0; j < columns.length; j++) {
    const gradient = dotProduct(columns[j], first);
    const w = coefficients[j];
    const miss =
      w === 0
        ? Math.max(0, Math.abs(gradient) - penalty)
        : Math.abs(gradient + Math.sign(w) * penalty);
    most = Math.max(most, miss);
  }
  return most;
}

/** Minimum of the quadratic approximation with the penalty, by cyclic coordinate descent over the columns that can move. */
function quadraticStep(
  columns: readonly Float64Array[],
  from: LinearModel,
  first: Float64Array,
  second: Float64Array,
  penalty: number,
): LinearModel {
  const rows = first.length;
  const curvature = second.map((h) => Math.max(h, leastCurvature));
  /** Derivative of the approximation by each margin. */
  const slope = first.slice();
  const coefficients = from.coefficients.slice();
  let intercept = from.intercept;
  const weights = Float64Array.from(columns, (column) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += curvature[i] * column[i] * column[i];
    return sum;
  });
  const total = curvature.reduce((sum, h) => sum + h, 0);
  const every = columns.map((_, j) => j);
  const cycle = (over: readonly number[]): number => {
    let most = 0;
    const byIntercept = -slope.reduce((sum, g) => sum + g, 0) / total;
    intercept += byIntercept;
    for (let i = 0; i < rows; i++) slope[i] += curvature[i] * byIntercept;
    most = Math.abs(byIntercept);
    for (const j of over) {
      if (weights[j] === 0) continue;
      const column = columns[j];
      const pull = coefficients[j] * weights[j] - dotProduct(column, slope);
      const next = (Math.sign(pull) * Math.max(0, Math.abs(pull) - penalty)) / weights[j];
      const change = next - coefficients[j];
      if (change === 0) continue;
      coefficients[j] = next;
      for (let i = 0; i < rows; i++) slope[i] += change * curvature[i] * column[i];
      most = Math.max(most, Math.abs(change));
    }
    return most;
  };
  for (let cycles = 0; cycles < mostCycles; cycles++) {
    if (cycle(every) <= 1e-13) break;
    const active = every.filter((j) => coefficients[j] !== 0);
    while (cycles++ < mostCycles && cycle(active) > 1e-13);
  }
  return { intercept, coefficients };
}

function mixed(from: LinearModel, to: LinearModel, share: number): LinearModel {
  return {
    intercept: from.intercept + share * (to.intercept - from.intercept),
    coefficients: from.coefficients.map((w, j) => w + share * (to.coefficients[j] - w)),
  };
}
