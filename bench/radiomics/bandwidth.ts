/**
 * Bytes a second that one thread moves through arrays far larger than the caches (a(i) = b(i) + s c(i), the "triad" of
 * McCalpin's STREAM, 24 bytes an element), GB/s: best of several.
 */
export function bandwidth(): number {
  const n = 8e6;
  const [a, b, c] = [new Float64Array(n), new Float64Array(n).fill(1), new Float64Array(n).fill(2)];
  let best = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < 8; pass++) {
    const started = performance.now();
    for (let i = 0; i < n; i++) a[i] = b[i] + 3 * c[i];
    best = Math.min(best, performance.now() - started);
  }
  return (24 * n) / best / 1e6;
}
