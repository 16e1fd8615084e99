import { highWord, powerOfTwo, withoutLowWord } from './words.ts';

/**
 * Exponential and logarithms of fdlibm (Sun Microsystems 1993), to its last bit: from what IEEE 754 fixes alone (+, -, ·, /), so
 * that every engine and version gives the same bits. The order of operations is fdlibm's; see ../elementary.ts.
 */

/** ln 2 = `ln2High` + `ln2Low`; k · `ln2High` is exact for |k| < 2000. */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/** e^x, within 1 of the last place. */
export function exp(x: number): number {
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019411) return 0;
  if (Number.isNaN(x)) return x;
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3e300000) return 1 + x;
  if (x === 1) return Math.E;
  // x = k · ln 2 + high - low, of at most half of ln 2.
  let k = 0;
  let high = 0;
  let low = 0;
  let r = x;
  if (size > 0x3fd62e42) {
    const sign = x < 0 ? -1 : 1;
    k = size < 0x3ff0a2b2 ? sign : (Math.LOG2E * x + 0.5 * sign) | 0;
    high = x - k * ln2High;
    low = k * ln2Low;
    r = high - low;
  }
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  if (k === 0) return 1 - ((r * c) / (c - 2) - r);
  const y = 1 - (low - (r * c) / (2 - c) - high);
  if (k === 1024) return y * 2 * 2 ** 1023;
  return k >= -1021 ? y * powerOfTwo(k) : y * powerOfTwo(k + 1000) * 2 ** -1000;
}

/** Below it a number has fewer bits, and is raised first. */
const leastNormal = 2 ** -1022;
const raise = 2 ** 54;

/** k of the last `reduced`. */
let exponent = 0;

/** m of x = 2^k · m with √½ ≤ m < √2; `exponent` is k then. `x` is finite and above 0. */
function reduced(x: number): number {
  const subnormal = x < leastNormal;
  const normal = subnormal ? x * raise : x;
  const high = highWord(normal);
  // Halved from √2 on, by the upper half of the fraction.
  const above = ((high & 0xfffff) + 0x95f64) & 0x100000;
  const k = (high >> 20) - 1023 + (above >> 20);
  exponent = subnormal ? k - 54 : k;
  return normal * powerOfTwo(-k);
}

/** The logarithm of what `reduced` does not take: NaN below 0 and for NaN, infinities of 0 and of infinity. */
function ofIrregular(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  return x > 0 ? x : Number.NaN;
}

/** R of log(1 + f) = f - f² / 2 + s · (f² / 2 + R), s = f / (2 + f). */
function remainder(s: number): number {
  const z = s * s;
  const w = z * z;
  const odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const even =
    z *
    (0.6666666666666735 +
      w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  return even + odd;
}

/** The natural logarithm, within 1 of the last place. */
export function log(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return ofIrregular(x);
  const m = reduced(x);
  const k = exponent;
  const f = m - 1;
  const fraction = highWord(m) & 0xfffff;
  if ((0xfffff & (2 + fraction)) < 3) {
    // |f| < 2⁻²⁰
    if (f === 0) return k === 0 ? 0 : k * ln2High + k * ln2Low;
    const r = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - r : k * ln2High - (r - k * ln2Low - f);
  }
  const s = f / (2 + f);
  const r = remainder(s);
  if (((fraction - 0x6147a) | (0x6b851 - fraction)) > 0) {
    const half = 0.5 * f * f;
    return k === 0
      ? f - (half - s * (half + r))
      : k * ln2High - (half - (s * (half + r) + k * ln2Low) - f);
  }
  return k === 0 ? f - s * (f - r) : k * ln2High - (s * (f - r) - k * ln2Low - f);
}

/** The logarithm to base 2; whole for powers of two. */
export function log2(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return ofIrregular(x);
  if (x === 1) return 0;
  const f = reduced(x) - 1;
  const k = exponent;
  const half = 0.5 * f * f;
  const s = f / (2 + f);
  const r = s * (half + remainder(s));
  // f - half in two parts, times 1 / ln 2 in two parts, and k on top.
  const high = withoutLowWord(f - half);
  const low = f - high - half + r;
  const top = high * 1.4426950407214463;
  const rest = (low + high) * 1.6751713164886512e-10 + low * 1.4426950407214463;
  const sum = k + top;
  return rest + (k - sum + top) + sum;
}

/** The logarithm to base 10; whole for powers of ten up to 10²². */
export function log10(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return ofIrregular(x);
  if (x === 1) return 0;
  const subnormal = x < leastNormal;
  const normal = subnormal ? x * raise : x;
  const whole = (highWord(normal) >> 20) - 1023;
  const k = subnormal ? whole - 54 : whole;
  const n = k < 0 ? k + 1 : k;
  const m = normal * powerOfTwo(k < 0 ? -whole - 1 : -whole);
  const z = n * 3.694239077158931e-13 + Math.LOG10E * log(m);
  return z + n * 0.30102999566361177;
}

/** log(1 + x), exact where x is small. */
export function log1p(x: number): number {
  if (!(x > -1 && x < Number.POSITIVE_INFINITY)) return ofIrregular(x + 1);
  const size = Math.abs(x);
  if (size < 2 ** -54) return x;
  if (size < 2 ** -29) return x - x * x * 0.5;
  const high = highWord(x);
  let k = 0;
  let f = x;
  /** What 1 + x lost by rounding, as a share. */
  let lost = 0;
  let near = 1;
  // 1 + x outside of √½ to √2.
  if (high >= 0x3fda827a || (high < 0 && high > (0xbfd2bec4 | 0))) {
    const u = high < 0x43400000 ? 1 + x : x;
    const word = highWord(u);
    const fraction = word & 0xfffff;
    const isAbove = fraction >= 0x6a09e;
    k = (word >> 20) - 1023;
    if (high < 0x43400000) lost = (k > 0 ? 1 - (u - x) : x - (u - 1)) / u;
    if (isAbove) k++;
    near = isAbove ? (0x100000 - fraction) >> 2 : fraction;
    f = u * powerOfTwo(-k) - 1;
  }
  const half = 0.5 * f * f;
  if (near === 0) {
    // |f| < 2⁻²⁰
    if (f === 0) return k === 0 ? 0 : k * ln2High + (lost + k * ln2Low);
    const r = half * (1 - 0.6666666666666666 * f);
    return k === 0 ? f - r : k * ln2High - (r - (k * ln2Low + lost) - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const r =
    z *
    (0.6666666666666735 +
      z *
        (0.3999999999940942 +
          z *
            (0.2857142874366239 +
              z *
                (0.22222198432149784 +
                  z *
                    (0.1818357216161805 + z * (0.15313837699209373 + z * 0.14798198605116586))))));
  if (k === 0) return f - (half - s * (half + r));
  return k * ln2High - (half - (s * (half + r) + (k * ln2Low + lost)) - f);
}
