import { cos, exp, sin } from '../../runtime/elementary.ts';

/** Coefficients of the recursive filter: causal N, anticausal M, common denominator D, and the steady states at the borders. */
export interface RecursiveFilter {
  n: readonly [number, number, number, number];
  m: readonly [number, number, number, number];
  d: readonly [number, number, number, number];
  /** Output of the causal (anticausal) half on a constant 1: its state before the first (after the last) voxel. */
  causalSteady: number;
  anticausalSteady: number;
}

/** Deriche's fourth-order fit of the Gaussian and its second derivative (INRIA report 1893, 1993), as printed in ITK. */
const w1 = 0.6681;
const l1 = -1.3932;
const w2 = 2.0787;
const l2 = -1.3732;
const smooth = { a1: 1.353, b1: 1.8151, a2: -0.3531, b2: 0.0902 };
const second = { a1: -1.3563, b1: 5.2318, a2: 0.3446, b2: -2.2355 };

/**
 * The filter of ITK's RecursiveGaussianImageFilter, order 0 or 2 (Farnebäck and Westin's normalisation).
 *
 * @param sigma mm
 * @param spacing mm
 * @param normalise order 2: multiply by sigma², so that responses of different scales compare
 */
export function recursiveGaussian(
  sigma: number,
  spacing: number,
  order: 0 | 2,
  normalise: boolean,
): RecursiveFilter {
  const s = sigma / spacing;
  const cos1 = cos(w1 / s);
  const cos2 = cos(w2 / s);
  const exp1 = exp(l1 / s);
  const exp2 = exp(l2 / s);
  const d4 = exp1 * exp1 * exp2 * exp2;
  let d3 = -2 * cos1 * exp1 * exp2 * exp2;
  d3 += -2 * cos2 * exp2 * exp1 * exp1;
  let d2 = 4 * cos2 * cos1 * exp1 * exp2;
  d2 += exp1 * exp1 + exp2 * exp2;
  const d1 = -2 * (exp2 * cos2 + exp1 * cos1);
  const sd = 1 + d1 + d2 + d3 + d4;
  const dd = d1 + 2 * d2 + 3 * d3 + 4 * d4;
  const ed = d1 + 4 * d2 + 9 * d3 + 16 * d4;
  const zero = numerator(s, smooth);
  let n = zero.n;
  let scale: number;
  if (order === 0) scale = 1 / ((2 * zero.sum) / sd - n[0]);
  else {
    const two = numerator(s, second);
    const beta = -(2 * two.sum - sd * two.n[0]) / (2 * zero.sum - sd * zero.n[0]);
    n = two.n.map((x, i) => x + beta * zero.n[i]);
    const sn = two.sum + beta * zero.sum;
    const dn = two.first + beta * zero.first;
    const en = two.secondMoment + beta * zero.secondMoment;
    let alpha = en * sd * sd - ed * sn * sd - 2 * dn * dd * sd + 2 * dd * dd * sn;
    alpha /= sd * sd * sd;
    scale = (normalise ? sigma * sigma : 1) / alpha;
  }
  const [n0, n1, n2, n3] = n.map((x) => x * scale);
  const m: RecursiveFilter['m'] = [n1 - d1 * n0, n2 - d2 * n0, n3 - d3 * n0, -d4 * n0];
  return {
    n: [n0, n1, n2, n3],
    m,
    d: [d1, d2, d3, d4],
    causalSteady: (n0 + n1 + n2 + n3) / sd,
    anticausalSteady: (m[0] + m[1] + m[2] + m[3]) / sd,
  };
}

function numerator(s: number, { a1, b1, a2, b2 }: typeof smooth) {
  const sin1 = sin(w1 / s);
  const sin2 = sin(w2 / s);
  const cos1 = cos(w1 / s);
  const cos2 = cos(w2 / s);
  const exp1 = exp(l1 / s);
  const exp2 = exp(l2 / s);
  const n0 = a1 + a2;
  let n1 = exp2 * (b2 * sin2 - (a2 + 2 * a1) * cos2);
  n1 += exp1 * (b1 * sin1 - (a1 + 2 * a2) * cos1);
  let n2 = (a1 + a2) * cos2 * cos1;
  n2 -= b1 * cos2 * sin1 + b2 * cos1 * sin2;
  n2 *= 2 * exp1 * exp2;
  n2 += a2 * exp1 * exp1 + a1 * exp2 * exp2;
  let n3 = exp2 * exp1 * exp1 * (b2 * sin2 - a2 * cos2);
  n3 += exp1 * exp2 * exp2 * (b1 * sin1 - a1 * cos1);
  return {
    n: [n0, n1, n2, n3],
    sum: n0 + n1 + n2 + n3,
    first: n1 + 2 * n2 + 3 * n3,
    secondMoment: n1 + 4 * n2 + 9 * n3,
  };
}
