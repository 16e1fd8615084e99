import { cos, sin } from '../../runtime/elementary.ts';

/** The least length of at least `n` that is a power of two, or three or five times one. */
export function smoothLength(n: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const odd of [1, 3, 5]) {
    let length = odd;
    while (length < n) length *= 2;
    least = Math.min(least, length);
  }
  return least;
}

/** Lines side by side as they are between two passes. */
interface Lines {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/**
 * Discrete Fourier transform of lines that lie side by side (element t of line b at `t · beside + b`), in place, forward,
 * not normalised. Stockham's ordering: it needs no bit reversal, and its inner loops run over neighbours.
 *
 * @param n length of a line, of the prime factors 2, 3 and 5 (`smoothLength`)
 */
export function fourier(re: Float64Array, im: Float64Array, n: number, beside: number): void {
  const turns: Lines = {
    re: Float64Array.from({ length: n }, (_, t) => cos((2 * Math.PI * t) / n)),
    im: Float64Array.from({ length: n }, (_, t) => -sin((2 * Math.PI * t) / n)),
  };
  let from: Lines = { re, im };
  let to: Lines = { re: new Float64Array(re.length), im: new Float64Array(re.length) };
  let done = 1;
  for (let left = n; left > 1; ) {
    const radix = [4, 2, 3, 5].find((factor) => left % factor === 0) as number;
    if (radix === 4) passOf4(from, to, left, done, beside, turns);
    else passOf(radix, from, to, left, done, beside, turns);
    [from, to] = [to, from];
    done *= radix;
    left /= radix;
  }
  if (from.re === re) return;
  re.set(from.re);
  im.set(from.im);
}

/** One pass: `radix` parts of each line, `left / radix` apart, are joined. */
function passOf(
  radix: number,
  from: Lines,
  to: Lines,
  left: number,
  done: number,
  beside: number,
  turns: Lines,
): void {
  const n = turns.re.length;
  const m = left / radix;
  const run = done * beside;
  for (let p = 0; p < m; p++) {
    for (let k = 0; k < radix; k++) {
      const target = run * (radix * p + k);
      for (let j = 0; j < radix; j++) {
        // exp(-2πi (jk / radix + pk / left)), as a place in the table of n.
        const turn = ((j * k * n) / radix + p * k * done) % n;
        const [c, s] = [turns.re[turn], turns.im[turn]];
        const source = run * (p + m * j);
        const keep = j === 0 ? 0 : 1;
        for (let q = 0; q < run; q++) {
          const x = from.re[source + q];
          const y = from.im[source + q];
          to.re[target + q] = keep * to.re[target + q] + (c * x - s * y);
          to.im[target + q] = keep * to.im[target + q] + (c * y + s * x);
        }
      }
    }
  }
}

/** The same for four parts: their rotations are quarter turns, so that sums and differences are enough. */
function passOf4(
  { re: fromRe, im: fromIm }: Lines,
  { re: toRe, im: toIm }: Lines,
  left: number,
  done: number,
  beside: number,
  turns: Lines,
): void {
  const m = left / 4;
  const run = done * beside;
  for (let p = 0; p < m; p++) {
    const [t1, t2, t3] = [p * done, 2 * p * done, 3 * p * done];
    const [c1, s1] = [turns.re[t1], turns.im[t1]];
    const [c2, s2] = [turns.re[t2], turns.im[t2]];
    const [c3, s3] = [turns.re[t3], turns.im[t3]];
    const end = run * (p + 1);
    for (let a = run * p, to = 4 * run * p; a < end; a++, to++) {
      const b = a + run * m;
      const c = b + run * m;
      const d = c + run * m;
      const acRe = fromRe[a] + fromRe[c];
      const acIm = fromIm[a] + fromIm[c];
      const bdRe = fromRe[b] + fromRe[d];
      const bdIm = fromIm[b] + fromIm[d];
      const aLessC = fromRe[a] - fromRe[c];
      const aLessCIm = fromIm[a] - fromIm[c];
      const bLessD = fromRe[b] - fromRe[d];
      const bLessDIm = fromIm[b] - fromIm[d];
      const x1 = aLessC + bLessDIm;
      const y1 = aLessCIm - bLessD;
      const x2 = acRe - bdRe;
      const y2 = acIm - bdIm;
      const x3 = aLessC - bLessDIm;
      const y3 = aLessCIm + bLessD;
      toRe[to] = acRe + bdRe;
      toIm[to] = acIm + bdIm;
      toRe[to + run] = c1 * x1 - s1 * y1;
      toIm[to + run] = c1 * y1 + s1 * x1;
      toRe[to + 2 * run] = c2 * x2 - s2 * y2;
      toIm[to + 2 * run] = c2 * y2 + s2 * x2;
      toRe[to + 3 * run] = c3 * x3 - s3 * y3;
      toIm[to + 3 * run] = c3 * y3 + s3 * x3;
    }
  }
}
