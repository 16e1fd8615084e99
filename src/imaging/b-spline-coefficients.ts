import { log } from '../runtime/elementary.ts';
import { integerPower } from '../runtime/integer-power.ts';
import { type Box, sizeOfBox } from './crop.ts';
import type { Vector3 } from './volume.ts';

/** Pole of the cubic B-spline's inverse filter. */
const pole = Math.sqrt(3) - 2;
/** Gain of the causal and anticausal pass together. */
const gain = (1 - pole) * (1 - 1 / pole);
/** After this many voxels the pole's power is below 1e-10, ITK's tolerance. */
const horizon = Math.ceil(log(1e-10) / log(-pole));

/** Doubles of a block of lines, so that it stays in the nearest cache. */
const blockLength = 3072;

/**
 * Coefficients of the cubic B-spline through the samples: along each axis the recursive filter of Unser, Aldroubi and Eden
 * (IEEE Trans. Signal Process. 41:821, 1993) with mirror boundaries (…2 1 0 1 2…), as in ITK's BSplineDecompositionImageFilter.
 *
 * @param values x fastest
 * @param keep the box whose coefficients are wanted; the samples around it still count
 */
export function splineCoefficients(values: Float64Array, size: Vector3, keep: Box): Float64Array {
  // A filtered axis is cut to the box, so that the next axis needs less work.
  const [mx, my, mz] = sizeOfBox(keep);
  const [nx, ny, nz] = size;
  const { low } = keep;
  const alongX = new Float64Array(mx * ny * nz);
  filterLines({ values, n: nx, step: 1, beside: nx, count: ny * nz, groups: 1, group: 0 }, low[0], {
    values: alongX,
    n: mx,
    step: 1,
    beside: mx,
    group: 0,
  });
  const alongY = new Float64Array(mx * my * nz);
  filterLines(
    { values: alongX, n: ny, step: mx, beside: 1, count: mx, groups: nz, group: mx * ny },
    low[1],
    { values: alongY, n: my, step: mx, beside: 1, group: mx * my },
  );
  const plane = mx * my;
  const out = new Float64Array(plane * mz);
  filterLines(
    { values: alongY, n: nz, step: plane, beside: 1, count: plane, groups: 1, group: 0 },
    low[2],
    { values: out, n: mz, step: plane, beside: 1, group: 0 },
  );
  return out;
}

/** Lines of an array: `n` voxels `step` apart; `count` lines `beside` one another, and that in `groups`, `group` apart. */
interface Lines {
  values: Float64Array;
  n: number;
  step: number;
  beside: number;
  count: number;
  groups: number;
  group: number;
}

/** Filters lines block by block; voxels from `low` on are kept. */
function filterLines(
  from: Lines,
  low: number,
  to: Pick<Lines, 'values' | 'n' | 'step' | 'beside' | 'group'>,
): void {
  const { n } = from;
  const most = Math.max(16, 16 * Math.floor(blockLength / n / 16));
  const block = new Float64Array(n * most);
  const start = new Float64Array(most);
  for (let g = 0; g < from.groups; g++) {
    for (let first = 0; first < from.count; first += most) {
      const row = Math.min(most, from.count - first);
      const source = g * from.group + first * from.beside;
      load(from.values, source, from.step, from.beside, block, n, row);
      filterBlock(block, row, n, start);
      const target = g * to.group + first * to.beside;
      store(block, low, row, to.values, target, to.step, to.beside, to.n);
    }
  }
}

function load(
  values: Float64Array,
  first: number,
  step: number,
  beside: number,
  block: Float64Array,
  n: number,
  row: number,
): void {
  for (let r = 0, to = 0; r < n; r++) {
    for (let i = 0, from = first + r * step; i < row; i++, from += beside, to++) {
      block[to] = values[from];
    }
  }
}

function store(
  block: Float64Array,
  low: number,
  row: number,
  values: Float64Array,
  first: number,
  step: number,
  beside: number,
  n: number,
): void {
  for (let r = 0, from = low * row; r < n; r++) {
    for (let i = 0, to = first + r * step; i < row; i++, to += beside, from++) {
      values[to] = block[from];
    }
  }
}

/** The filter down the rows of a block: voxel r of line i stands at `r · row + i`. */
function filterBlock(block: Float64Array, row: number, n: number, start: Float64Array): void {
  if (n === 1) return;
  causalStart(block, row, n, start);
  for (let i = 0; i < row; i++) block[i] = start[i];
  const end = (n - 1) * row;
  for (let i = row; i < end + row; i++) block[i] = block[i] * gain + pole * block[i - row];
  const tail = pole / (pole * pole - 1);
  for (let i = end; i < end + row; i++) block[i] = tail * (pole * block[i - row] + block[i]);
  for (let at = end - row; at >= 0; at -= row) {
    for (let i = at; i < at + row; i++) block[i] = pole * (block[i + row] - block[i]);
  }
}

/** First causal value of every line, gain included: the sum over the mirrored samples before it. */
function causalStart(block: Float64Array, row: number, n: number, start: Float64Array): void {
  for (let i = 0; i < row; i++) start[i] = block[i] * gain;
  let power = pole;
  if (horizon < n) {
    for (let r = 1; r < horizon; r++) {
      const at = r * row;
      for (let i = 0; i < row; i++) start[i] += power * (block[at + i] * gain);
      power *= pole;
    }
    return;
  }
  let back = integerPower(pole, n - 1);
  const end = (n - 1) * row;
  for (let i = 0; i < row; i++) start[i] += back * (block[end + i] * gain);
  back *= back / pole;
  for (let r = 1; r <= n - 2; r++) {
    const at = r * row;
    const weight = power + back;
    for (let i = 0; i < row; i++) start[i] += weight * (block[at + i] * gain);
    power *= pole;
    back /= pole;
  }
  const scale = 1 / (1 - power * power);
  for (let i = 0; i < row; i++) start[i] *= scale;
}
