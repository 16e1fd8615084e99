/**
 * The reference of wasm/tridiagonal.ts, one number after the other. Reflections from the last row upward; `off[i]` couples rows i and i + 1. Only the lower triangle is read and kept up.
 */
export function tridiagonalisePlainly(
  m: Float64Array,
  n: number,
  diagonal: Float64Array,
  off: Float64Array,
): void {
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let row = n - 1; row > 0; row--) {
    const at = row * n;
    let norm = 0;
    for (let c = 0; c < row; c++) norm += m[at + c] * m[at + c];
    norm = Math.sqrt(norm);
    diagonal[row] = m[at + row];
    const last = m[at + row - 1];
    off[row - 1] = last > 0 ? -norm : norm;
    if (norm === 0 || row === 1) {
      if (row === 1) off[0] = last;
      continue;
    }
    // v = x + sign(x_last)·|x| e_last; H = I - v vᵀ / h takes x to a multiple of e_last.
    for (let c = 0; c < row; c++) v[c] = m[at + c];
    v[row - 1] -= off[row - 1];
    const h = norm * (norm + Math.abs(last));
    // w = M v / h: an entry below the diagonal stands for the one above it too.
    for (let r = 0, start = 0; r < row; r++, start += n) {
      const vr = v[r];
      let sum = m[start + r] * vr;
      for (let c = 0; c < r; c++) {
        const entry = m[start + c];
        sum += entry * v[c];
        w[c] += entry * vr;
      }
      w[r] = sum;
    }
    let vw = 0;
    for (let r = 0; r < row; r++) {
      w[r] /= h;
      vw += v[r] * w[r];
    }
    const half = vw / (2 * h);
    for (let r = 0; r < row; r++) w[r] -= half * v[r];
    for (let r = 0, start = 0; r < row; r++, start += n) {
      const vr = v[r];
      const wr = w[r];
      for (let c = 0; c <= r; c++) m[start + c] -= vr * w[c] + wr * v[c];
    }
  }
  diagonal[0] = m[0];
}

/** The reference of `implicitQL` there: eigenvalues over the diagonal `d`, in no order. */
export function implicitQLPlainly(d: Float64Array, e: Float64Array, n: number): void {
  for (let l = 0; l < n; l++) {
    for (let turn = 0; turn < 60; turn++) {
      let end = l;
      while (end < n - 1) {
        const scale = Math.abs(d[end]) + Math.abs(d[end + 1]);
        if (Math.abs(e[end]) <= 2 ** -53 * scale) break;
        end++;
      }
      if (end === l) break;
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      let r = Math.hypot(g, 1);
      g = d[end] - d[l] + e[l] / (g + (g < 0 ? -r : r));
      let [sin, cos, p] = [1, 1, 0];
      let i = end - 1;
      for (; i >= l; i--) {
        const f = sin * e[i];
        const b = cos * e[i];
        r = Math.sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] -= p;
          e[end] = 0;
          break;
        }
        sin = f / r;
        cos = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * sin + 2 * cos * b;
        p = sin * r;
        d[i + 1] = g + p;
        g = cos * r - b;
      }
      if (r === 0 && i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[end] = 0;
    }
  }
}
