/** The least length of at least `n` whose prime factors are 2, 3 and 5. */
export function smoothLength(n: number): number {
  for (let length = Math.max(1, n); ; length++) {
    let rest = length;
    for (const factor of [2, 3, 5]) while (rest % factor === 0) rest /= factor;
    if (rest === 1) return length;
  }
}

/**
 * Discrete Fourier transform of lines that lie side by side (element t of line b at `t · beside + b`), in place, forward,
 * not normalised. Stockham's ordering: it needs no bit reversal, and its inner loop runs over neighbours.
 *
 * @param n length of a line, factors 2, 3 and 5 only (`smoothLength`)
 */
export function fourier(re: Float64Array, im: Float64Array, n: number, beside: number): void {
  const cos = Float64Array.from({ length: n }, (_, t) => Math.cos((2 * Math.PI * t) / n));
  const sin = Float64Array.from({ length: n }, (_, t) => -Math.sin((2 * Math.PI * t) / n));
  let [fromRe, fromIm]: Float64Array[] = [re, im];
  let [toRe, toIm]: Float64Array[] = [new Float64Array(re.length), new Float64Array(re.length)];
  let done = 1;
  for (let left = n; left > 1; ) {
    const radix = [5, 3, 2].find((factor) => left % factor === 0) as number;
    const m = left / radix;
    const run = done * beside;
    for (let p = 0; p < m; p++) {
      for (let k = 0; k < radix; k++) {
        const target = run * (radix * p + k);
        toRe.fill(0, target, target + run);
        toIm.fill(0, target, target + run);
        for (let j = 0; j < radix; j++) {
          // exp(-2πi (jk / radix + pk / left)), as a place in the table of n.
          const turn = ((j * k * n) / radix + p * k * done) % n;
          const [c, s] = [cos[turn], sin[turn]];
          const source = run * (p + m * j);
          for (let q = 0; q < run; q++) {
            const [x, y] = [fromRe[source + q], fromIm[source + q]];
            toRe[target + q] += c * x - s * y;
            toIm[target + q] += c * y + s * x;
          }
        }
      }
    }
    [fromRe, fromIm, toRe, toIm] = [toRe, toIm, fromRe, fromIm];
    done *= radix;
    left = m;
  }
  if (fromRe === re) return;
  re.set(fromRe);
  im.set(fromIm);
}
