/**
 * A convolution of n points with three taps and zeros at both ends, y_i = Σ_k g_k x_(i+k-1), written as
 * y = A · ((G · g) ∘ (B · x)) with fewer products than taps times points. Exact in real arithmetic.
 */
export interface TileAlgorithm {
  /** Points of the axis. */
  length: number;
  /** Different products of the kernel. */
  products: number;
  /** Tiles of the axis; each uses all products once. */
  tiles: number;
  /** (products · tiles) × length, row = product · tiles + tile. */
  input: Float64Array;
  /** products × 3. */
  kernel: Float64Array;
  /** length × (products · tiles). */
  output: Float64Array;
  /** Put in as products, in every tile, these give 1 at every point: so much of a bias is added to each product. */
  ones: Float64Array;
}

/**
 * Three points between zeros, in 4 products where F(3, 3) takes 5 and direct taps 7. With the taps in reverse order, h, the points
 * are c_k = Σ_(i+j=k) x_i h_j for k = 1, 2, 3. Each is a combination of (v·x)(v·h) for the four v = (1, ±3/2, 1), (1, ±1/2, -1), where
 * the conics x² = z² and 5x²/4 + xz = y² meet: these are orthogonal to all three forms, so that the three lie in what the
 * four v vᵀ span. Fewer do not suffice (the bound of Strassen 1983, Linear Algebra Appl. 52, 645: three and half the rank, two, of
 * the commutator of the shifts up and down). The scales are with the taps; all other factors are whole or half.
 */
const three = {
  input: [
    [1, 1.5, 1],
    [1, -1.5, 1],
    [1, 0.5, -1],
    [1, -0.5, -1],
  ],
  kernel: [
    [1 / 12, 1.5 / 12, 1 / 12],
    [1 / 12, -1.5 / 12, 1 / 12],
    [-1 / 4, 0.5 / 4, 1 / 4],
    [-1 / 4, -0.5 / 4, 1 / 4],
  ],
  output: [
    [2, -2, 2, -2],
    [3, 3, -1, -1],
    [2, -2, -2, 2],
  ],
  ones: [0.5, 0, 0.25, 0.25],
};

/** Interpolation points of Cook and Toom beside infinity, small ones first: they keep the constants small. */
const points = [0, 1, -1, 2, -2];

/**
 * The algorithm for `length` points in tiles of `outputs` points.
 *
 * Where one tile holds one or two points, most taps meet zeros: one point needs the centre tap alone; two points are a
 * Toeplitz matrix of 2 × 2, which Karatsuba's trick does with 3 products in place of 4; for three see `three`. Otherwise
 * F(outputs, 3) of Winograd (1980; Lavin and Gray 2016, arXiv:1509.09308), with outputs + 2 products a tile.
 *
 * @param outputs 1 to 4
 */
export function tileAlgorithm(length: number, outputs: number): TileAlgorithm {
  if (length === 1) return whole([[1]], [[0, 1, 0]], [[1]], [1]);
  if (length === 2) {
    const input = [
      [1, 1],
      [0, 1],
      [1, 0],
    ];
    const kernel = [
      [0, 1, 0],
      [0, -1, 1],
      [1, -1, 0],
    ];
    const output = [
      [1, 1, 0],
      [1, 0, 1],
    ];
    return whole(input, kernel, output, [1, 0, 0]);
  }
  if (length === 3) return whole(three.input, three.kernel, three.output, three.ones);
  return tilesOf(length, outputs);
}

/** One tile of an axis that has several: its `output` joins the products of a tile by itself. */
export function oneTile(axis: TileAlgorithm): TileAlgorithm {
  return axis.tiles === 1 ? axis : tilesOf(axis.products - 2, axis.products - 2);
}

function tilesOf(length: number, outputs: number): TileAlgorithm {
  const products = outputs + 2;
  const tiles = Math.ceil(length / outputs);
  const { input: b, kernel: g, output: a } = winograd(outputs);
  const input = new Float64Array(products * tiles * length);
  const output = new Float64Array(length * products * tiles);
  for (let p = 0; p < products; p++) {
    for (let t = 0; t < tiles; t++) {
      const row = p * tiles + t;
      for (let j = 0; j < products; j++) {
        const at = t * outputs + j - 1;
        if (at >= 0 && at < length) input[row * length + at] = b[p][j];
      }
      for (let j = 0; j < outputs; j++) {
        const at = t * outputs + j;
        if (at < length) output[at * products * tiles + row] = a[j][p];
      }
    }
  }
  // Evaluated at 1, a product goes into every point of its tile with the factor 1.
  const ones = Float64Array.from(b, (_, p) => (points[p] === 1 ? 1 : 0));
  return { length, products, tiles, input, kernel: Float64Array.from(g.flat()), output, ones };
}

/** One tile. */
function whole(b: number[][], g: number[][], a: number[][], ones: number[]): TileAlgorithm {
  return {
    length: a.length,
    products: b.length,
    tiles: 1,
    input: Float64Array.from(b.flat()),
    kernel: Float64Array.from(g.flat()),
    output: Float64Array.from(a.flat()),
    ones: Float64Array.from(ones),
  };
}

/** F(outputs, 3): evaluation at `outputs + 1` points and infinity, transposed (Winograd 1980). */
function winograd(outputs: number): Record<'input' | 'kernel' | 'output', number[][]> {
  const at = points.slice(0, outputs + 1);
  const others = (j: number) => at.filter((_, l) => l !== j);
  const input = [...at.map((_, j) => [...polynomial(others(j)), 0]), polynomial(at)];
  const kernel = at.map((x, j) => {
    const scale = others(j).reduce((product, y) => product * (x - y), 1);
    return [1 / scale, x / scale, (x * x) / scale];
  });
  kernel.push([0, 0, 1]);
  const output = Array.from({ length: outputs }, (_, i) => [
    ...at.map((x) => power(x, i)),
    i === outputs - 1 ? 1 : 0,
  ]);
  return { input, kernel, output };
}

/** By multiplication: V8 versions differ in the last bit of `**`. */
function power(x: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product *= x;
  return product;
}

/** Coefficients of Π (x - root), lowest power first. */
function polynomial(roots: readonly number[]): number[] {
  let out = [1];
  for (const root of roots) {
    const next = new Array<number>(out.length + 1).fill(0);
    out.forEach((c, i) => {
      next[i] -= root * c;
      next[i + 1] += c;
    });
    out = next;
  }
  return out;
}

/**
 * Kronecker product of the input matrices of three axes, rows ordered (products of all axes, tiles of all axes),
 * columns (z, y, x).
 */
export function inputMatrix(axes: readonly TileAlgorithm[]): Float64Array {
  return kronecker(axes, (axis, product, tile, point) => {
    return axis.input[(product * axis.tiles + tile) * axis.length + point];
  });
}

/** The same for the output matrices, transposed: rows (z, y, x), columns (products, tiles). */
export function outputMatrix(axes: readonly TileAlgorithm[]): Float64Array {
  const rows = axes.reduce((n, axis) => n * axis.products * axis.tiles, 1);
  const columns = axes.reduce((n, axis) => n * axis.length, 1);
  const across = kronecker(axes, (axis, product, tile, point) => {
    return axis.output[(point * axis.products + product) * axis.tiles + tile];
  });
  const out = new Float64Array(across.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) out[c * rows + r] = across[r * columns + c];
  }
  return out;
}

function kronecker(
  [z, y, x]: readonly TileAlgorithm[],
  value: (axis: TileAlgorithm, product: number, tile: number, point: number) => number,
): Float64Array {
  const out: number[] = [];
  for (let p = 0; p < z.products * y.products * x.products; p++) {
    const px = p % x.products;
    const py = Math.floor(p / x.products) % y.products;
    const pz = Math.floor(p / (x.products * y.products));
    for (let t = 0; t < z.tiles * y.tiles * x.tiles; t++) {
      const tx = t % x.tiles;
      const ty = Math.floor(t / x.tiles) % y.tiles;
      const tz = Math.floor(t / (x.tiles * y.tiles));
      for (let k = 0; k < z.length; k++) {
        const ofZ = value(z, pz, tz, k);
        for (let j = 0; j < y.length; j++) {
          const ofZY = ofZ * value(y, py, ty, j);
          for (let i = 0; i < x.length; i++) out.push(ofZY * value(x, px, tx, i));
        }
      }
    }
  }
  return Float64Array.from(out);
}

/**
 * Kernels as the products want them.
 *
 * @param kernel [outputs · inputs, 3, 3, 3]
 * @param pairs outputs · inputs
 * @returns [products of the three axes, outputs · inputs], computed in float64 and rounded once
 */
export function transformKernel(
  kernel: Float32Array,
  pairs: number,
  [z, y, x]: readonly TileAlgorithm[],
): Float32Array {
  const [pz, py, px] = [z.products, y.products, x.products];
  const out = new Float32Array(pz * py * px * pairs);
  // One axis after the other: taps (z, y, x) → (z, y, px) → (z, py, px) → (pz, py, px).
  const alongX = new Float64Array(9 * px);
  const alongY = new Float64Array(3 * py * px);
  for (let i = 0; i < pairs; i++) {
    const at = i * 27;
    for (let row = 0; row < 9; row++) {
      const tap = at + row * 3;
      for (let p = 0; p < px; p++) {
        alongX[row * px + p] =
          x.kernel[p * 3] * kernel[tap] +
          x.kernel[p * 3 + 1] * kernel[tap + 1] +
          x.kernel[p * 3 + 2] * kernel[tap + 2];
      }
    }
    for (let k = 0; k < 3; k++) {
      for (let q = 0; q < py; q++) {
        for (let p = 0; p < px; p++) {
          alongY[(k * py + q) * px + p] =
            y.kernel[q * 3] * alongX[k * 3 * px + p] +
            y.kernel[q * 3 + 1] * alongX[(k * 3 + 1) * px + p] +
            y.kernel[q * 3 + 2] * alongX[(k * 3 + 2) * px + p];
        }
      }
    }
    const plane = py * px;
    for (let r = 0; r < pz; r++) {
      for (let p = 0; p < plane; p++) {
        out[(r * plane + p) * pairs + i] =
          z.kernel[r * 3] * alongY[p] +
          z.kernel[r * 3 + 1] * alongY[plane + p] +
          z.kernel[r * 3 + 2] * alongY[2 * plane + p];
      }
    }
  }
  return out;
}
