import { fromHighWord, highWord, withoutLowWord } from './words.ts';

/**
 * Trigonometric functions and their inverses of fdlibm (Sun Microsystems 1993), to its last bit; angles are radians.
 * See ../elementary.ts.
 */

/** π/2 in three pieces of 33 bits, and what is left behind each. */
const halfPi1 = 1.5707963267341256;
const halfPi1Rest = 6.077100506506192e-11;
const halfPi2 = 6.077100506303966e-11;
const halfPi2Rest = 2.0222662487959506e-21;
const halfPi3 = 2.0222662487111665e-21;
const halfPi3Rest = 8.4784276603689e-32;

/** Angles up to this are reduced without a table of 2/π: 2²⁰ quarter turns. */
const largestWord = 0x413921fb;

/** What `quarterTurns` left of an angle, in two parts. */
const left = new Float64Array(2);

/** How many quarter turns lie in an angle; what is left, of at most π/4, is in `left`. */
function quarterTurns(x: number): number {
  const word = highWord(x);
  const size = word & 0x7fffffff;
  const angle = Math.abs(x);
  const turns = size < 0x4002d97c ? 1 : (angle * 0.6366197723675814 + 0.5) | 0;
  const one = angle - turns * halfPi1;
  let high = one;
  let rest = turns * halfPi1Rest;
  // Where the next bits of π/2 show: near a whole number of quarter turns.
  if (size < 0x4002d97c ? size === 0x3ff921fb : bitsLost(size, high - rest) > 16) {
    const two = turns * halfPi2;
    high = one - two;
    rest = turns * halfPi2Rest - (one - high - two);
    if (size >= 0x4002d97c && bitsLost(size, high - rest) > 49) {
      const three = turns * halfPi3;
      const before = high;
      high = before - three;
      rest = turns * halfPi3Rest - (before - high - three);
    }
  }
  const main = high - rest;
  const low = high - main - rest;
  left[0] = word < 0 ? -main : main;
  left[1] = word < 0 ? -low : low;
  return word < 0 ? -turns : turns;
}

/** By how many bits a number is smaller than one of the upper half `size`. */
function bitsLost(size: number, x: number): number {
  return (size >> 20) - ((highWord(x) >> 20) & 0x7ff);
}

function requireReducible(x: number): void {
  if ((highWord(x) & 0x7fffffff) <= largestWord) return;
  throw new RangeError(`an angle of ${x} radians: expected at most 1,647,099 in size`);
}

/** sin(x + low) for |x| ≤ π/4. @param low undefined: nothing, which is rounded otherwise than 0 */
function sineNear(x: number, low?: number): number {
  if (Math.abs(x) < 2 ** -27) return x;
  const z = x * x;
  const v = z * x;
  const r =
    0.00833333333332249 +
    z *
      (-0.0001984126982985795 +
        z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  const s1 = -0.16666666666666632;
  if (low === undefined) return x + v * (s1 + z * r);
  return x - (z * (0.5 * low - v * r) - low - v * s1);
}

/** cos(x + low) for |x| ≤ π/4. */
function cosineNear(x: number, low: number): number {
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3e400000) return 1;
  const z = x * x;
  const r =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z *
            (2.480158728947673e-5 +
              z *
                (-2.7557314351390663e-7 +
                  z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))));
  if (size < 0x3fd33333) return 1 - (0.5 * z - (z * r - x * low));
  const quarter = size > 0x3fe90000 ? 0.28125 : fromHighWord(size - 0x200000);
  const rest = 0.5 * z - quarter;
  return 1 - quarter - (rest - (z * r - x * low));
}

const smallAngle = 0x3fe921fb;

/** The sine. @throws RangeError for angles of more than 1,647,099 radians (2²⁰ quarter turns) */
export function sin(x: number): number {
  if ((highWord(x) & 0x7fffffff) <= smallAngle) return sineNear(x);
  if (!Number.isFinite(x)) return Number.NaN;
  requireReducible(x);
  const turns = quarterTurns(x) & 3;
  const value = turns % 2 === 0 ? sineNear(left[0], left[1]) : cosineNear(left[0], left[1]);
  return turns < 2 ? value : -value;
}

/** The cosine. @throws RangeError for angles of more than 1,647,099 radians (2²⁰ quarter turns) */
export function cos(x: number): number {
  if ((highWord(x) & 0x7fffffff) <= smallAngle) return cosineNear(x, 0);
  if (!Number.isFinite(x)) return Number.NaN;
  requireReducible(x);
  const turns = quarterTurns(x) & 3;
  const value = turns % 2 === 0 ? cosineNear(left[0], left[1]) : sineNear(left[0], left[1]);
  return turns === 0 || turns === 3 ? value : -value;
}

const halfPiHigh = 1.5707963267948966;
const halfPiLow = 6.123233995736766e-17;

/** (asin(√z) - √z) / (√z)³ · z, z up to 1/4. */
function arcRemainder(z: number): number {
  const p =
    z *
    (0.16666666666666666 +
      z *
        (-0.3255658186224009 +
          z *
            (0.20121253213486293 +
              z *
                (-0.04005553450067941 + z * (0.0007915349942898145 + z * 3.479331075960212e-5)))));
  const q =
    1 +
    z *
      (-2.403394911734414 +
        z * (2.0209457602335057 + z * (-0.6882839716054533 + z * 0.07703815055590194)));
  return p / q;
}

/** The angle whose sine is x, from -π/2 to π/2; NaN outside of -1 to 1. */
export function asin(x: number): number {
  const size = Math.abs(x);
  if (!(size <= 1)) return Number.NaN;
  if (size === 1) return x * halfPiHigh + x * halfPiLow;
  if (size < 2 ** -27) return x;
  if (size < 0.5) return x + x * arcRemainder(x * x);
  const z = (1 - size) * 0.5;
  const r = arcRemainder(z);
  const s = Math.sqrt(z);
  let angle: number;
  if ((highWord(x) & 0x7fffffff) >= 0x3fef3333) {
    angle = halfPiHigh - (2 * (s + s * r) - halfPiLow);
  } else {
    const w = withoutLowWord(s);
    const c = (z - w * w) / (s + w);
    const quarterPi = 0.7853981633974483;
    angle = quarterPi - (2 * s * r - (halfPiLow - 2 * c) - (quarterPi - 2 * w));
  }
  return x > 0 ? angle : -angle;
}

/** The angle whose cosine is x, from 0 to π; NaN outside of -1 to 1. */
export function acos(x: number): number {
  const size = Math.abs(x);
  if (!(size <= 1)) return Number.NaN;
  if (x === 1) return 0;
  if (x === -1) return Math.PI;
  if (size < 0.5) {
    if ((highWord(x) & 0x7fffffff) <= 0x3c600000) return halfPiHigh + halfPiLow;
    return halfPiHigh - (x - (halfPiLow - x * arcRemainder(x * x)));
  }
  const z = (1 - size) * 0.5;
  const s = Math.sqrt(z);
  const r = arcRemainder(z);
  if (x < 0) return Math.PI - 2 * (s + (r * s - halfPiLow));
  const w = withoutLowWord(s);
  return 2 * (w + (r * s + (z - w * w) / (s + w)));
}

/** Angles of 1/2, 1, 3/2 and infinity as tangents, and what is left behind their last bit. */
const knownHigh = [0.4636476090008061, 0.7853981633974483, 0.982793723247329, halfPiHigh];
const knownLow = [2.2698777452961687e-17, 3.061616997868383e-17, 1.3903311031230998e-17, halfPiLow];

/** The angle whose tangent is x, 0 or above. */
function arcTangent(x: number): number {
  const word = highWord(x);
  if (word >= 0x44100000) return halfPiHigh + halfPiLow;
  if (word < 0x3e400000) return x;
  let known = -1;
  let t = x;
  if (word >= 0x40038000) [known, t] = [3, -1 / x];
  else if (word >= 0x3ff30000) [known, t] = [2, (x - 1.5) / (1 + 1.5 * x)];
  else if (word >= 0x3fe60000) [known, t] = [1, (x - 1) / (x + 1)];
  else if (word >= 0x3fdc0000) [known, t] = [0, (2 * x - 1) / (2 + x)];
  const z = t * t;
  const w = z * z;
  const odd =
    z *
    (0.3333333333333293 +
      w *
        (0.14285714272503466 +
          w *
            (0.09090887133436507 +
              w * (0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782)))));
  const even =
    w *
    (-0.19999999999876483 +
      w *
        (-0.11111110405462356 +
          w * (-0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916))));
  if (known < 0) return t - t * (odd + even);
  return knownHigh[known] - (t * (odd + even) - knownLow[known] - t);
}

/** The angle of the point (x, y), from -π to π; NaN unless both are finite. */
export function atan2(y: number, x: number): number {
  if (!(Number.isFinite(x) && Number.isFinite(y))) return Number.NaN;
  const angle = angleAbove(Math.abs(y), x);
  return highWord(y) < 0 ? -angle : angle;
}

/** The same for y of 0 or above. */
function angleAbove(y: number, x: number): number {
  const isLeft = highWord(x) < 0;
  if (y === 0) return isLeft ? Math.PI : 0;
  if (x === 0) return halfPiHigh;
  const piLow = 1.2246467991473532e-16;
  const steepness = (highWord(y) - (highWord(x) & 0x7fffffff)) >> 20;
  if (steepness > 60) return halfPiHigh + 0.5 * piLow;
  const fromAxis = isLeft && steepness < -60 ? 0 : arcTangent(Math.abs(y / x));
  return isLeft ? Math.PI - (fromAxis - piLow) : fromAxis;
}
