import { cos, sin } from '../../runtime/elementary.ts';
import { fourier, smoothLength } from './fourier.ts';

/**
 * Discrete Fourier transform of lines side by side as `fourier`, for any length: where `n` has prime factors beyond 5, by
 * Bluestein's chirp (1970), kt = (k² + t² - (k - t)²) / 2, as a convolution of a smooth length.
 */
export function discreteFourier(
  re: Float64Array,
  im: Float64Array,
  n: number,
  beside: number,
): void {
  if (n < 2) return;
  if (smoothLength(n) === n) {
    fourier(re, im, n, beside);
    return;
  }
  const length = smoothLength(2 * n - 1);
  const { cos, sin } = chirp(n);
  const kernel = { re: new Float64Array(length), im: new Float64Array(length) };
  for (let t = 0; t < n; t++) {
    kernel.re[t] = cos[t];
    kernel.im[t] = sin[t];
    kernel.re[(length - t) % length] = cos[t];
    kernel.im[(length - t) % length] = sin[t];
  }
  fourier(kernel.re, kernel.im, length, 1);
  const wide = {
    re: new Float64Array(length * beside),
    im: new Float64Array(length * beside),
  };
  for (let t = 0; t < n; t++) {
    for (let at = t * beside, end = at + beside; at < end; at++) {
      wide.re[at] = re[at] * cos[t] + im[at] * sin[t];
      wide.im[at] = im[at] * cos[t] - re[at] * sin[t];
    }
  }
  fourier(wide.re, wide.im, length, beside);
  for (let k = 0; k < length; k++) {
    const [c, s] = [kernel.re[k], kernel.im[k]];
    for (let at = k * beside, end = at + beside; at < end; at++) {
      const x = wide.re[at] * c - wide.im[at] * s;
      wide.im[at] = wide.re[at] * s + wide.im[at] * c;
      wide.re[at] = x;
    }
  }
  // Forward with real and imaginary part exchanged is backward.
  fourier(wide.im, wide.re, length, beside);
  for (let k = 0; k < n; k++) {
    for (let at = k * beside, end = at + beside; at < end; at++) {
      re[at] = (wide.re[at] * cos[k] + wide.im[at] * sin[k]) / length;
      im[at] = (wide.im[at] * cos[k] - wide.re[at] * sin[k]) / length;
    }
  }
}

/** exp(iπt²/n); t² is taken modulo 2n, which keeps the angle small. */
function chirp(n: number): { cos: Float64Array; sin: Float64Array } {
  const angle = (t: number) => (Math.PI * ((t * t) % (2 * n))) / n;
  return {
    cos: Float64Array.from({ length: n }, (_, t) => cos(angle(t))),
    sin: Float64Array.from({ length: n }, (_, t) => sin(angle(t))),
  };
}
