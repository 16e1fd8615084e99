/**
 * x to a whole power n ≥ 0, rounded once at the end: products are carried as a sum of two doubles (Dekker, *Numer. Math.* 18,
 * 1971). It equals the correctly rounded power but for rare ties, as the C library's `pow` does; V8's `**` depends on the
 * version of Node in the last bit.
 */
export function integerPower(x: number, n: number): number {
  let high = 1;
  let low = 0;
  for (let i = 0; i < n; i++) {
    const product = high * x;
    const rest = productError(high, x, product) + low * x;
    high = product + rest;
    low = rest - (high - product);
  }
  return high;
}

/** Rounding error of a product: a · b = product + error, exactly where nothing underflows. */
function productError(a: number, b: number, product: number): number {
  const [aHigh, aLow] = halves(a);
  const [bHigh, bLow] = halves(b);
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** Two numbers of 26 bits each that add up to x (Veltkamp). */
function halves(x: number): [number, number] {
  const scaled = 134217729 * x;
  const high = scaled - (scaled - x);
  return [high, x - high];
}
