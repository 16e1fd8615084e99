import { cos, sin } from '../../runtime/elementary.ts';
import { discreteFourier } from './discrete-fourier.ts';

/**
 * Discrete cosine transform (type II, not normalised) of lines side by side, in place: C[k] = 2 Σ_t x[t] cos(π k (2t + 1) / 2n).
 * It is the Fourier transform of a line that is mirrored with its border repeated. By one complex transform of the same length
 * (Makhoul 1980).
 */
export function cosineTransform(lines: Float64Array, n: number, beside: number): void {
  const re = new Float64Array(lines.length);
  const im = new Float64Array(lines.length);
  for (let t = 0; t < n; t++) {
    re.set(lines.subarray(t * beside, (t + 1) * beside), placeOf(t, n) * beside);
  }
  discreteFourier(re, im, n, beside);
  for (let k = 0; k < n; k++) {
    const c = 2 * cos((Math.PI * k) / (2 * n));
    const s = 2 * sin((Math.PI * k) / (2 * n));
    for (let at = k * beside, end = at + beside; at < end; at++)
      lines[at] = c * re[at] + s * im[at];
  }
}

/** The inverse of `cosineTransform`, in place. */
export function inverseCosineTransform(lines: Float64Array, n: number, beside: number): void {
  const re = new Float64Array(lines.length);
  const im = new Float64Array(lines.length);
  for (let k = 0; k < n; k++) {
    const c = cos((Math.PI * k) / (2 * n)) / 2;
    const s = sin((Math.PI * k) / (2 * n)) / 2;
    const opposite = (n - k) * beside;
    for (let b = 0; b < beside; b++) {
      const here = lines[k * beside + b];
      const opposed = k === 0 ? 0 : lines[opposite + b];
      re[k * beside + b] = c * here + s * opposed;
      im[k * beside + b] = s * here - c * opposed;
    }
  }
  discreteFourier(im, re, n, beside);
  for (let t = 0; t < n; t++) {
    const from = placeOf(t, n) * beside;
    for (let b = 0; b < beside; b++) lines[t * beside + b] = re[from + b] / n;
  }
}

/** Even samples from the front, odd ones from the back. */
function placeOf(t: number, n: number): number {
  return t % 2 === 0 ? t / 2 : n - (t + 1) / 2;
}
