import type { RecursiveFilter } from './recursive-gaussian.ts';

/** Doubles before and after a pair of lines: the recursions go four steps at a time, and over the end where n is no multiple. */
export const pairMargin = 8;

/**
 * Filters pairs of lines; the border voxel is repeated without end. Two lines and four steps per iteration keep both recursions'
 * states in registers, and the sums of one line run while those of the other wait.
 *
 * @param lines `pairs` times `2 n + 2 pairMargin` doubles: voxel r of a pair's lines at `pairMargin + 2 r` and the next place.
 * The content of the margins, and of an unused second line, does not matter
 * @param out of the same layout: the filtered lines from voxel `low` to `high`; values outside are undefined,
 * for the upward recursion goes no further than `high` and the downward one than `low`
 */
export function filterPairs(
  lines: Float64Array,
  out: Float64Array,
  n: number,
  pairs: number,
  filter: RecursiveFilter,
  low: number,
  high: number,
): void {
  for (let pair = 0; pair < pairs; pair++) {
    const first = pairMargin + pair * (2 * n + 2 * pairMargin);
    causal(lines, out, high + 1, first, filter);
    anticausal(lines, out, n, n - low, first, filter);
  }
}

/** y[r] = Σ_{k=0..3} n_k x[r-k] - Σ_{k=1..4} d_k y[r-k], upwards; x and y of one line, u and v of the other. */
function causal(
  lines: Float64Array,
  out: Float64Array,
  count: number,
  first: number,
  filter: RecursiveFilter,
): void {
  const [n0, n1, n2, n3] = filter.n;
  const [d1, d2, d3, d4] = filter.d;
  let x0 = lines[first];
  let [x1, x2, x3] = [x0, x0, x0];
  let u0 = lines[first + 1];
  let [u1, u2, u3] = [u0, u0, u0];
  let y1 = x0 * filter.causalSteady;
  let [y2, y3, y4] = [y1, y1, y1];
  let v1 = u0 * filter.causalSteady;
  let [v2, v3, v4] = [v1, v1, v1];
  for (let r = 0, a = first; r < count; r += 4, a += 8) {
    x0 = lines[a];
    u0 = lines[a + 1];
    y4 = x0 * n0 + x1 * n1 + x2 * n2 + x3 * n3 - (y1 * d1 + y2 * d2 + y3 * d3 + y4 * d4);
    v4 = u0 * n0 + u1 * n1 + u2 * n2 + u3 * n3 - (v1 * d1 + v2 * d2 + v3 * d3 + v4 * d4);
    out[a] = y4;
    out[a + 1] = v4;
    x3 = lines[a + 2];
    u3 = lines[a + 3];
    y3 = x3 * n0 + x0 * n1 + x1 * n2 + x2 * n3 - (y4 * d1 + y1 * d2 + y2 * d3 + y3 * d4);
    v3 = u3 * n0 + u0 * n1 + u1 * n2 + u2 * n3 - (v4 * d1 + v1 * d2 + v2 * d3 + v3 * d4);
    out[a + 2] = y3;
    out[a + 3] = v3;
    x2 = lines[a + 4];
    u2 = lines[a + 5];
    y2 = x2 * n0 + x3 * n1 + x0 * n2 + x1 * n3 - (y3 * d1 + y4 * d2 + y1 * d3 + y2 * d4);
    v2 = u2 * n0 + u3 * n1 + u0 * n2 + u1 * n3 - (v3 * d1 + v4 * d2 + v1 * d3 + v2 * d4);
    out[a + 4] = y2;
    out[a + 5] = v2;
    x1 = lines[a + 6];
    u1 = lines[a + 7];
    y1 = x1 * n0 + x2 * n1 + x3 * n2 + x0 * n3 - (y2 * d1 + y3 * d2 + y4 * d3 + y1 * d4);
    v1 = u1 * n0 + u2 * n1 + u3 * n2 + u0 * n3 - (v2 * d1 + v3 * d2 + v4 * d3 + v1 * d4);
    out[a + 6] = y1;
    out[a + 7] = v1;
  }
}

/** y[r] = Σ_{k=1..4} m_k x[r+k] - Σ_{k=1..4} d_k y[r+k], downwards, added to what stands in `out`. */
function anticausal(
  lines: Float64Array,
  out: Float64Array,
  n: number,
  count: number,
  first: number,
  filter: RecursiveFilter,
): void {
  const [m1, m2, m3, m4] = filter.m;
  const [d1, d2, d3, d4] = filter.d;
  const end = 2 * (n - 1);
  let x1 = lines[first + end];
  let [x2, x3, x4] = [x1, x1, x1];
  let u1 = lines[first + end + 1];
  let [u2, u3, u4] = [u1, u1, u1];
  let y1 = x1 * filter.anticausalSteady;
  let [y2, y3, y4] = [y1, y1, y1];
  let v1 = u1 * filter.anticausalSteady;
  let [v2, v3, v4] = [v1, v1, v1];
  for (let r = 0, a = first + end; r < count; r += 4, a -= 8) {
    y4 = x1 * m1 + x2 * m2 + x3 * m3 + x4 * m4 - (y1 * d1 + y2 * d2 + y3 * d3 + y4 * d4);
    v4 = u1 * m1 + u2 * m2 + u3 * m3 + u4 * m4 - (v1 * d1 + v2 * d2 + v3 * d3 + v4 * d4);
    x4 = lines[a];
    u4 = lines[a + 1];
    out[a] += y4;
    out[a + 1] += v4;
    y3 = x4 * m1 + x1 * m2 + x2 * m3 + x3 * m4 - (y4 * d1 + y1 * d2 + y2 * d3 + y3 * d4);
    v3 = u4 * m1 + u1 * m2 + u2 * m3 + u3 * m4 - (v4 * d1 + v1 * d2 + v2 * d3 + v3 * d4);
    x3 = lines[a - 2];
    u3 = lines[a - 1];
    out[a - 2] += y3;
    out[a - 1] += v3;
    y2 = x3 * m1 + x4 * m2 + x1 * m3 + x2 * m4 - (y3 * d1 + y4 * d2 + y1 * d3 + y2 * d4);
    v2 = u3 * m1 + u4 * m2 + u1 * m3 + u2 * m4 - (v3 * d1 + v4 * d2 + v1 * d3 + v2 * d4);
    x2 = lines[a - 4];
    u2 = lines[a - 3];
    out[a - 4] += y2;
    out[a - 3] += v2;
    y1 = x2 * m1 + x3 * m2 + x4 * m3 + x1 * m4 - (y2 * d1 + y3 * d2 + y4 * d3 + y1 * d4);
    v1 = u2 * m1 + u3 * m2 + u4 * m3 + u1 * m4 - (v2 * d1 + v3 * d2 + v4 * d3 + v1 * d4);
    x1 = lines[a - 6];
    u1 = lines[a - 5];
    out[a - 6] += y1;
    out[a - 5] += v1;
  }
}
