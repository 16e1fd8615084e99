/**
 * Logarithms of fdlibm to its last bit, as src/runtime/elementary/exponentials.ts has them, where these are explained; for finite numbers
 * above 0 with all their bits.
 */

/** R of log(1 + f) = f - f² / 2 + s · (f² / 2 + R), s = f / (2 + f). */
function remainder(s: f64): f64 {
  const z = s * s;
  const w = z * z;
  const odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const even =
    z *
    (0.6666666666666735 +
      w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  return even + odd;
}

/** 0x100000 where the number is halved: its fraction is that of √2 or above. */
function halved(fraction: i32): i32 {
  return (fraction + 0x95f64) & 0x100000;
}

/** k of x = 2^k · m, √½ ≤ m < √2. */
function exponentOf(high: i32): i32 {
  return (high >> 20) - 1023 + (halved(high & 0xfffff) >> 20);
}

/** m of it. */
function mantissaOf(x: f64, high: i32): f64 {
  const fraction = high & 0xfffff;
  const upper = fraction | (halved(fraction) ^ 0x3ff00000);
  return reinterpret<f64>((reinterpret<u64>(x) & 0xffffffff) | ((<u64>upper) << 32));
}

export function log(x: f64): f64 {
  const ln2High: f64 = 0.6931471803691238;
  const ln2Low: f64 = 1.9082149292705877e-10;
  const high = <i32>(reinterpret<u64>(x) >> 32);
  const k = <f64>exponentOf(high);
  const f = mantissaOf(x, high) - 1;
  const fraction = high & 0xfffff;
  if ((0xfffff & (2 + fraction)) < 3) {
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

export function log2(x: f64): f64 {
  if (x === 1) return 0;
  const high = <i32>(reinterpret<u64>(x) >> 32);
  const k = <f64>exponentOf(high);
  const f = mantissaOf(x, high) - 1;
  const half = 0.5 * f * f;
  const s = f / (2 + f);
  const r = s * (half + remainder(s));
  const top = reinterpret<f64>(reinterpret<u64>(f - half) & 0xffffffff00000000);
  const low = f - top - half + r;
  const product = top * 1.4426950407214463;
  const rest = (low + top) * 1.6751713164886512e-10 + low * 1.4426950407214463;
  const sum = k + product;
  return rest + (k - sum + product) + sum;
}
