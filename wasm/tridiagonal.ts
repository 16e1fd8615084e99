/**
 * Householder reflections from the last row upward, of a symmetric matrix of which the lower triangle is read: see
 * src/radiomics/algorithms/symmetric-eigenvalues.ts. Two columns at a time, and each sum in the order of the plain loops
 * (test/radiomics/algorithms/tridiagonalised-plainly.ts), so that every bit is the same: a product with the matrix adds row after row to all
 * sums at once, where the plain loops add a row up; the upper triangle is kept as well for that.
 *
 * @param m n × n, row-major; overwritten. All pointers are multiples of 16, with 16 bytes free behind each part.
 * @param off off[i] couples rows i and i + 1
 * @param v, w room for n numbers each
 */
export function tridiagonalise(
  m: usize,
  n: i32,
  diagonal: usize,
  off: usize,
  v: usize,
  w: usize,
): void {
  const stride = n << 3;
  for (let r: i32 = 1; r < n; r++) {
    for (let c: i32 = 0; c < r; c++) {
      store<f64>(m + c * stride + (r << 3), load<f64>(m + r * stride + (c << 3)));
    }
  }
  for (let row = n - 1; row > 0; row--) {
    const at = m + row * stride;
    let norm: f64 = 0;
    for (let c = 0; c < row; c++) {
      const x = load<f64>(at + (c << 3));
      norm += x * x;
    }
    norm = sqrt<f64>(norm);
    store<f64>(diagonal + (row << 3), load<f64>(at + (row << 3)));
    const last = load<f64>(at + ((row - 1) << 3));
    store<f64>(off + ((row - 1) << 3), last > 0 ? -norm : norm);
    if (norm === 0 || row === 1) {
      if (row === 1) store<f64>(off, last);
      continue;
    }
    for (let c = 0; c < row; c++) store<f64>(v + (c << 3), load<f64>(at + (c << 3)));
    // v = x + sign(x_last)·|x| e_last; H = I - v vᵀ / h takes x to a multiple of e_last.
    const tip = v + ((row - 1) << 3);
    store<f64>(tip, load<f64>(tip) - load<f64>(off + ((row - 1) << 3)));
    const h = norm * (norm + abs<f64>(last));
    // w = M v / h. The diagonal comes first in each sum; then columns, four at a time, but for those of the diagonal.
    for (let r = 0; r < row; r++) {
      store<f64>(w + (r << 3), load<f64>(m + r * stride + (r << 3)) * load<f64>(v + (r << 3)));
    }
    let c: i32 = 0;
    for (; c + 4 <= row; c += 4) {
      const m0 = m + c * stride;
      const m1 = m0 + stride;
      const m2 = m1 + stride;
      const m3 = m2 + stride;
      const own = w + (c << 3);
      const v0 = load<f64>(v + (c << 3));
      const v1 = load<f64>(v + (c << 3), 8);
      const v2 = load<f64>(v + (c << 3), 16);
      const v3 = load<f64>(v + (c << 3), 24);
      let w0 = load<f64>(own);
      let w1 = load<f64>(own, 8);
      let w2 = load<f64>(own, 16);
      let w3 = load<f64>(own, 24);
      const s0 = f64x2.splat(v0);
      const s1 = f64x2.splat(v1);
      const s2 = f64x2.splat(v2);
      const s3 = f64x2.splat(v3);
      for (let b: i32 = 0; b < row << 3; b += 16) {
        let sum = v128.load(w + b);
        sum = f64x2.add(sum, f64x2.mul(v128.load(m0 + b), s0));
        sum = f64x2.add(sum, f64x2.mul(v128.load(m1 + b), s1));
        sum = f64x2.add(sum, f64x2.mul(v128.load(m2 + b), s2));
        sum = f64x2.add(sum, f64x2.mul(v128.load(m3 + b), s3));
        v128.store(w + b, sum);
      }
      const b0 = c << 3;
      w0 += load<f64>(m1 + b0) * v1;
      w0 += load<f64>(m2 + b0) * v2;
      w0 += load<f64>(m3 + b0) * v3;
      w1 += load<f64>(m0 + b0, 8) * v0;
      w1 += load<f64>(m2 + b0, 8) * v2;
      w1 += load<f64>(m3 + b0, 8) * v3;
      w2 += load<f64>(m0 + b0, 16) * v0;
      w2 += load<f64>(m1 + b0, 16) * v1;
      w2 += load<f64>(m3 + b0, 16) * v3;
      w3 += load<f64>(m0 + b0, 24) * v0;
      w3 += load<f64>(m1 + b0, 24) * v1;
      w3 += load<f64>(m2 + b0, 24) * v2;
      store<f64>(own, w0);
      store<f64>(own, w1, 8);
      store<f64>(own, w2, 16);
      store<f64>(own, w3, 24);
    }
    for (; c < row; c++) {
      const own = w + (c << 3);
      const keep = load<f64>(own);
      const mc = m + c * stride;
      const s = f64x2.splat(load<f64>(v + (c << 3)));
      for (let b: i32 = 0; b < row << 3; b += 16) {
        v128.store(w + b, f64x2.add(v128.load(w + b), f64x2.mul(v128.load(mc + b), s)));
      }
      store<f64>(own, keep);
    }
    let vw: f64 = 0;
    for (let r = 0; r < row; r++) {
      const x = load<f64>(w + (r << 3)) / h;
      store<f64>(w + (r << 3), x);
      vw += load<f64>(v + (r << 3)) * x;
    }
    const half = vw / (2 * h);
    for (let r = 0; r < row; r++) {
      store<f64>(w + (r << 3), load<f64>(w + (r << 3)) - half * load<f64>(v + (r << 3)));
    }
    const even = (row & ~1) << 3;
    for (let r = 0; r < row; r++) {
      const vr = load<f64>(v + (r << 3));
      const wr = load<f64>(w + (r << 3));
      const sv = f64x2.splat(vr);
      const sw = f64x2.splat(wr);
      const start = m + r * stride;
      let b: i32 = 0;
      for (; b < even; b += 16) {
        const change = f64x2.add(f64x2.mul(sv, v128.load(w + b)), f64x2.mul(sw, v128.load(v + b)));
        v128.store(start + b, f64x2.sub(v128.load(start + b), change));
      }
      if ((row & 1) === 1) {
        store<f64>(
          start + b,
          load<f64>(start + b) - (vr * load<f64>(w + b) + wr * load<f64>(v + b)),
        );
      }
    }
  }
  store<f64>(diagonal, load<f64>(m));
}

/** Eigenvalues of a tridiagonal matrix, over its diagonal `d`, in no order: QL with implicit shifts. `e[i]` couples rows i and i + 1. */
export function implicitQL(d: usize, e: usize, n: i32): void {
  for (let l: i32 = 0; l < n; l++) {
    for (let turn: i32 = 0; turn < 60; turn++) {
      let end = l;
      while (end < n - 1) {
        const scale = abs<f64>(at(d, end)) + abs<f64>(at(d, end + 1));
        if (abs<f64>(at(e, end)) <= 1.1102230246251565e-16 * scale) break;
        end++;
      }
      if (end === l) break;
      let g = (at(d, l + 1) - at(d, l)) / (2 * at(e, l));
      let r = lengthWithOne(g);
      g = at(d, end) - at(d, l) + at(e, l) / (g + (g < 0 ? -r : r));
      let sin: f64 = 1;
      let cos: f64 = 1;
      let p: f64 = 0;
      let i = end - 1;
      for (; i >= l; i--) {
        const f = sin * at(e, i);
        const b = cos * at(e, i);
        r = sqrt<f64>(f * f + g * g);
        store<f64>(e + ((i + 1) << 3), r);
        if (r === 0) {
          store<f64>(d + ((i + 1) << 3), at(d, i + 1) - p);
          store<f64>(e + (end << 3), 0);
          break;
        }
        sin = f / r;
        cos = g / r;
        g = at(d, i + 1) - p;
        r = (at(d, i) - g) * sin + 2 * cos * b;
        p = sin * r;
        store<f64>(d + ((i + 1) << 3), g + p);
        g = cos * r - b;
      }
      if (r === 0 && i >= l) continue;
      store<f64>(d + (l << 3), at(d, l) - p);
      store<f64>(e + (l << 3), g);
      store<f64>(e + (end << 3), 0);
    }
  }
}

function at(numbers: usize, n: i32): f64 {
  return load<f64>(numbers + (n << 3));
}

/** √(g² + 1) without overflow, as V8's Math.hypot adds it up. */
function lengthWithOne(g: f64): f64 {
  const size = abs<f64>(g);
  const most = max<f64>(size, 1);
  if (most === Infinity) return most;
  const a = size / most;
  const b = 1 / most;
  return sqrt<f64>(a * a + b * b) * most;
}
