/**
 * IEEE 754 binary16 (half) to a number: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits,
 * with subnormals, infinities and NaN. Exact: every half is a float32.
 */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const asBits = new Uint32Array(1);
const asFloat = new Float32Array(asBits.buffer);

/** bfloat16 to a number: the upper 16 bits of a float32. Exact. */
export function bfloat16ToNumber(bits: number): number {
  asBits[0] = bits << 16;
  return asFloat[0];
}
