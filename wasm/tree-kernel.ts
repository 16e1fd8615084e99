/**
 * The inner loops of the exact booster, in AssemblyScript (TypeScript's dialect for WebAssembly): derivatives, sums of a node, the search of
 * its best split, the division of its rows. `npm run build:wasm` compiles it; src/learning/xgboost/exact calls it.
 * float32 and float64 are used where XGBoost 0.7 uses them, and sums run in its order, so that every bit is the same.
 */

/** Sums of the last `sumRows`. */
export let sumGradient: f64 = 0;
export let sumHessian: f64 = 0;

/** The split that `search` found: place among the active columns, −1 for none. */
export let foundColumn: i32 = -1;
export let foundLoss: f32 = 0;
export let foundValue: f32 = 0;
export let foundMissingLeft: i32 = 0;

/** Where things lie in memory, in bytes; see `arrange`. */
export let derivatives: i32 = 0;
export let values: i32 = 0;
export let margins: i32 = 0;
export let leafValues: i32 = 0;
export let labels: i32 = 0;
export let goesLeft: i32 = 0;
export let activeColumns: i32 = 0;
export let searchesUp: i32 = 0;
export let levels: i32 = 0;
export let levelBytes: i32 = 0;

let rows: i32 = 0;
let columns: i32 = 0;
let active: i32 = 0;
let lambda: f64 = 0;
let alpha: f64 = 0;
let minChildWeight: f64 = 0;
let positiveWeight: f32 = 1;

/**
 * A bound from which splits are left out without a second look is lowered by this share: far more than its rounding, so that
 * no split is lost that the comparison in float32 would take.
 */
const SAFETY: f64 = 1 - 1e-12;
/** XGBoost's `rt_eps`. */
const GAP: f32 = 1e-6;

/**
 * Lays out memory for a table and for trees of so many levels. A level is: rows of the node in work, the order of each
 * column, then start, middle and end of the node's part of each active column.
 *
 * @returns false where there is not enough
 */
export function arrange(rowCount: i32, columnCount: i32, levelCount: i32): bool {
  rows = rowCount;
  columns = columnCount;
  derivatives = (<i32>__heap_base + 15) & ~15;
  values = derivatives + 16 * rows;
  margins = values + 4 * rows * columns;
  leafValues = margins + 4 * rows;
  activeColumns = leafValues + 4 * rows;
  levels = activeColumns + 4 * columns;
  levelBytes = 4 * (rows + rows * columns + 3 * columns);
  labels = levels + levelBytes * levelCount;
  goesLeft = labels + rows;
  searchesUp = goesLeft + rows;
  const pages = (searchesUp + columns + 0xffff) >>> 16;
  const missing = pages - memory.size();
  return missing <= 0 || memory.grow(missing) >= 0;
}

export function configure(
  l2: f64,
  l1: f64,
  leastHessian: f64,
  weight: f32,
  activeCount: i32,
): void {
  lambda = l2;
  alpha = l1;
  minChildWeight = leastHessian;
  positiveWeight = weight;
  active = activeCount;
}

/**
 * First and second derivative of the log-loss of each row at its margin.
 *
 * @returns whether every sum of them is exact in a double, whatever the order: the whole counted in units of the smallest
 *   one's last bit (a float32 has 24) is below 2^52
 */
export function derive(): bool {
  let gradientTotal: f64 = 0;
  let hessianTotal: f64 = 0;
  let leastGradient: f64 = Infinity;
  let leastHessian: f64 = Infinity;
  for (let row = 0; row < rows; row++) {
    const p: f32 = 1 / (1 + exponential(-load<f32>(margins + (row << 2))));
    const label = <f32>load<u8>(labels + row);
    const weight: f32 = label === 1 ? positiveWeight : 1;
    const gradient = <f64>((p - label) * weight);
    const hessian = <f64>(max<f32>(p * (1 - p), 1e-16) * weight);
    store<f64>(derivatives + (row << 4), gradient);
    store<f64>(derivatives + (row << 4), hessian, 8);
    const size = abs(gradient);
    gradientTotal += size;
    hessianTotal += hessian;
    if (size > 0 && size < leastGradient) leastGradient = size;
    if (hessian > 0 && hessian < leastHessian) leastHessian = hessian;
  }
  const units: f64 = 268435456;
  return gradientTotal < leastGradient * units && hessianTotal < leastHessian * units;
}

/**
 * e to the x with each operation rounded to float32, as the C library below ml-xgboost does it: x = k·ln 2 + r, and a short
 * polynomial in r. It is not always the nearest float32, and the last bit decides splits.
 */
function exponential(x: f32): f32 {
  if (x > reinterpret<f32>(0x42b17217)) return Infinity;
  if (x < reinterpret<f32>(0xc2cff1b4)) return 0;
  const size = abs(x);
  let k = 0;
  let high = x;
  let low: f32 = 0;
  let r = x;
  if (size > reinterpret<f32>(0x3eb17218)) {
    const sign = x < 0 ? -1 : 1;
    const whole: f32 = <f32>1.4426950216 * x + <f32>0.5 * <f32>sign;
    k = size > reinterpret<f32>(0x3f851592) ? <i32>whole : sign;
    high = x - <f32>k * <f32>6.9314575195e-1;
    low = <f32>k * <f32>1.4286067653e-6;
    r = high - low;
  } else if (size <= reinterpret<f32>(0x39000000)) {
    return 1 + x;
  }
  const square = r * r;
  const c = r - square * (<f32>1.666662544e-1 + square * <f32>-2.7667332906e-3);
  const y: f32 = 1 + ((r * c) / (2 - c) - low + high);
  const power = reinterpret<f64>((<i64>k + 1023) << 52);
  return <f32>(<f64>y * power);
}

/** Sums the derivatives of the rows `from` to `to` of a level, in their order. */
export function sumRows(depth: i32, from: i32, to: i32): void {
  const nodeRows = levels + depth * levelBytes;
  let sum = f64x2.splat(0);
  for (let i = from; i < to; i++) {
    sum = f64x2.add(sum, v128.load(derivatives + (load<i32>(nodeRows + (i << 2)) << 4)));
  }
  sumGradient = f64x2.extract_lane(sum, 0);
  sumHessian = f64x2.extract_lane(sum, 1);
}

/** Gives the rows of a leaf its value. */
export function setLeaf(depth: i32, from: i32, to: i32, value: f32): void {
  const nodeRows = levels + depth * levelBytes;
  for (let i = from; i < to; i++) {
    store<f32>(leafValues + (load<i32>(nodeRows + (i << 2)) << 2), value);
  }
}

/** Adds the tree that is done to the margins. */
export function addLeaves(): void {
  for (let at = 0; at < rows << 2; at += 4) {
    store<f32>(margins + at, load<f32>(margins + at) + load<f32>(leafValues + at));
  }
}

/** Looks for the best split of the node in work at a level, with these sums, over all active columns. */
export function search(depth: i32, gradient: f64, hessian: f64, gain: f64): void {
  foundColumn = -1;
  foundLoss = 0;
  const order = orderAt(depth);
  const starts = startsAt(depth);
  const ends = starts + 8 * columns;
  for (let c = 0; c < active; c++) {
    const start = load<i32>(starts + (c << 2));
    const count = load<i32>(ends + (c << 2)) - start;
    if (count === 0) continue;
    const column = load<i32>(activeColumns + (c << 2));
    const from = order + (start << 2);
    if (load<u8>(searchesUp + column)) scan(c, column, from, count, 4, gradient, hessian, gain);
    scan(c, column, from + ((count - 1) << 2), count, -4, gradient, hessian, gain);
  }
}

/**
 * Tries all splits of a column: upward from the smallest value with missing values on the right, or downward from the largest
 * with missing values on the left. Among equal gains the first split wins.
 */
function scan(
  place: i32,
  column: i32,
  from: i32,
  count: i32,
  step: i32,
  gradient: f64,
  hessian: f64,
  gain: f64,
): void {
  const columnValues = values + ((column * rows) << 2);
  const total = f64x2.replace_lane(f64x2.splat(gradient), 1, hessian);
  const penalty = f64x2.splat(lambda);
  let bound = (<f64>foundLoss + gain) * SAFETY;
  let at = from;
  let row = load<i32>(at);
  // Lane 0 holds the gradient, lane 1 the hessian of the rows passed; `rest` that of the others.
  let sum = v128.load(derivatives + (row << 4));
  for (let left = count - 1; left > 0; left--) {
    at += step;
    const next = load<i32>(at);
    const rest = f64x2.sub(total, sum);
    let gradients = v128.shuffle<f64>(sum, rest, 0, 2);
    const hessians = v128.shuffle<f64>(sum, rest, 1, 3);
    if (alpha !== 0) gradients = shrunkBoth(gradients);
    const gains = f64x2.div(f64x2.mul(gradients, gradients), f64x2.add(hessians, penalty));
    const both = f64x2.extract_lane(gains, 0) + f64x2.extract_lane(gains, 1);
    if (both > bound) {
      const last = load<f32>(columnValues + (row << 2));
      const value = load<f32>(columnValues + (next << 2));
      const passed = f64x2.extract_lane(hessians, 0);
      const enough = passed >= minChildWeight && f64x2.extract_lane(hessians, 1) >= minChildWeight;
      if (value !== last && enough && passed !== 0) {
        const loss = <f32>(both - gain);
        if (loss > foundLoss) {
          found(loss, place, (value + last) * 0.5, step);
          bound = (<f64>foundLoss + gain) * SAFETY;
        }
      }
    }
    row = next;
    sum = f64x2.add(sum, v128.load(derivatives + (row << 4)));
  }
  // All values that are there on one side, against the missing ones.
  const passed = f64x2.extract_lane(sum, 1);
  const others = hessian - passed;
  if (passed < minChildWeight || others < minChildWeight) return;
  const g = shrunk(f64x2.extract_lane(sum, 0));
  const h = shrunk(gradient - f64x2.extract_lane(sum, 0));
  const loss = <f32>((g * g) / (passed + lambda) + (h * h) / (others + lambda) - gain);
  if (!(loss > foundLoss)) return;
  const last = load<f32>(columnValues + (row << 2));
  const gap = abs(last) + GAP;
  found(loss, place, last + (step > 0 ? gap : -gap), step);
}

function found(loss: f32, place: i32, value: f32, step: i32): void {
  foundLoss = loss;
  foundColumn = place;
  foundValue = value;
  foundMissingLeft = step < 0 ? 1 : 0;
}

/** The gradient moved toward zero by the L1 penalty. */
function shrunk(gradient: f64): f64 {
  if (gradient > alpha) return gradient - alpha;
  if (gradient < -alpha) return gradient + alpha;
  return 0;
}

function shrunkBoth(gradients: v128): v128 {
  const first = shrunk(f64x2.extract_lane(gradients, 0));
  return f64x2.replace_lane(f64x2.splat(first), 1, shrunk(f64x2.extract_lane(gradients, 1)));
}

/**
 * Divides the rows of a node by a split, and with `orders` the order of every active column: those that go left first, each
 * side in its order, at the next level.
 *
 * @returns where the rows of the right child begin
 */
export function divide(
  depth: i32,
  from: i32,
  to: i32,
  column: i32,
  split: f32,
  missingLeft: i32,
  orders: bool,
): i32 {
  const columnValues = values + ((column * rows) << 2);
  const nodeRows = levels + depth * levelBytes;
  for (let i = from; i < to; i++) {
    const row = load<i32>(nodeRows + (i << 2));
    const value = load<f32>(columnValues + (row << 2));
    store<u8>(goesLeft + row, value < split ? 1 : value >= split ? 0 : missingLeft);
  }
  const middle = partition(nodeRows, nodeRows + levelBytes, from, to);
  if (!orders) return middle;
  const order = orderAt(depth);
  const starts = startsAt(depth);
  for (let c = 0; c < active; c++) {
    const start = load<i32>(starts + (c << 2));
    const end = load<i32>(starts + 8 * columns + (c << 2));
    store<i32>(starts + 4 * columns + (c << 2), partition(order, order + levelBytes, start, end));
  }
  return middle;
}

/** Which side a row takes is as good as random, so that its place is computed without a branch. */
function partition(source: i32, target: i32, from: i32, to: i32): i32 {
  const end = source + (to << 2);
  let lefts = 0;
  for (let at = source + (from << 2); at < end; at += 4)
    lefts += load<u8>(goesLeft + load<i32>(at));
  let left = target + (from << 2);
  let right = left + (lefts << 2);
  for (let at = source + (from << 2); at < end; at += 4) {
    const row = load<i32>(at);
    const goes = <i32>load<u8>(goesLeft + row);
    store<i32>(right ^ ((left ^ right) & -goes), row);
    left += goes << 2;
    right += 4 - (goes << 2);
  }
  return from + lefts;
}

/** Makes the left or the right part of the node that was divided the node in work of the next level. */
export function enter(depth: i32, right: bool): void {
  const starts = startsAt(depth);
  const below = starts + levelBytes;
  const bytes = 4 * columns;
  memory.copy(below, right ? starts + bytes : starts, bytes);
  memory.copy(below + 2 * bytes, right ? starts + 2 * bytes : starts + bytes, bytes);
}

function orderAt(depth: i32): i32 {
  return levels + depth * levelBytes + 4 * rows;
}

function startsAt(depth: i32): i32 {
  return orderAt(depth) + 4 * rows * columns;
}
