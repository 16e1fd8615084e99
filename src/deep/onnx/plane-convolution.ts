import type { FoldedConvolution } from './folded-weights.ts';
import type { GraphBuilder } from './graph.ts';
import { type PlaneLayout, planeArea, planeShape, relayout, reorder } from './plane-layout.ts';
import {
  inputMatrix,
  oneTile,
  outputMatrix,
  type TileAlgorithm,
  tileAlgorithm,
  transformKernel,
} from './tile-algorithm.ts';

/** An axis of one point: a factor of 1 in the matrices of the other axes. */
const noAxis = tileAlgorithm(1, 1);

/** An axis whose taps stay as they are: the convolution in the slice goes along it. */
const inSlice = {
  ...noAxis,
  products: 3,
  kernel: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
};

/**
 * An undilated 3×3×3 convolution with bias on slices, in tiles along z: a matrix spreads the slices of a tile to its
 * products, each product has a convolution of its own in two dimensions, and a second matrix joins them.
 */
export function tiledSlices(
  build: GraphBuilder,
  x: string,
  weights: FoldedConvolution,
  layout: PlaneLayout,
  axis: TileAlgorithm,
): string {
  const { key, shape } = weights;
  const [outputs, inputs] = shape;
  const { length, products, tiles } = axis;
  const area = planeArea(layout);
  const name = `${length}of${products}`;
  const matrices = [axis, noAxis, noAxis];
  const before = build.sharedWeight(`slices_in_${name}`, [tiles * products, length], () =>
    tilesFirst(inputMatrix(matrices), products, tiles, length),
  );
  const after = build.sharedWeight(`slices_out_${name}`, [length, tiles * products], () => {
    const rows = tilesFirst(transposed(outputMatrix(matrices), length), products, tiles, length);
    return Float32Array.from(transposed(rows, tiles * products));
  });
  const kernel = build.weight(`${key}.weight`, [products * outputs, inputs, 3, 3], () =>
    tapsLast(
      transformKernel(weights.kernel(), outputs * inputs, [axis, inSlice, inSlice]),
      outputs * inputs,
    ),
  );
  const bias = build.weight(`${key}.bias`, [products * outputs], () => {
    const once = weights.bias();
    return Float32Array.from({ length: products * outputs }, (_, i) => {
      const share = axis.ones[Math.floor(i / outputs)];
      return share === 0 ? 0 : share * once[i % outputs];
    });
  });

  const flat = build.reshape(x, `${key}/flat`, [-1, length, inputs * area]);
  const spread = build.node('MatMul', `${key}/spread`, [before, flat]);
  const stacked = build.reshape(spread, `${key}/stacked`, [
    -1,
    products * inputs,
    ...planeShape(layout),
  ]);
  const product = build.node('Conv', `${key}/products`, [stacked, kernel, bias], {
    kernel_shape: [3, 3],
    pads: [1, 1, 1, 1],
    group: products,
  });
  const rows = build.reshape(product, `${key}/rows`, [-1, tiles * products, outputs * area]);
  const joined = build.node('MatMul', `${key}/joined`, [after, rows]);
  return build.reshape(joined, key, [-1, outputs, ...planeShape(layout)]);
}

/**
 * A 3×3×3 convolution with bias, dilation that of the layout, on the points of grids: in tiles along all three axes,
 * as matrix products. Where an axis has several tiles, x is spread after z and y: one matrix for all three axes would
 * be mostly zeros. Each time the tiles move in, behind the channels, where they are further columns of the products;
 * points are joined tile by tile and brought to their places once, when they are fewest.
 *
 * @param from of `x`: points
 * @param to of what is given back: points or wide
 */
export function tiledPoints(
  build: GraphBuilder,
  x: string,
  weights: FoldedConvolution,
  { from, to, axes }: { from: PlaneLayout; to: PlaneLayout; axes: readonly TileAlgorithm[] },
): string {
  const { key, shape } = weights;
  const [outputs, inputs] = shape;
  const products = axes.reduce((n, axis) => n * axis.products, 1);
  const tiles = axes.reduce((n, axis) => n * axis.tiles, 1);
  const area = planeArea(from);
  const kernel = build.weight(`${key}.weight`, [products, outputs, inputs], () =>
    transformKernel(weights.kernel(), outputs * inputs, axes),
  );
  const spread =
    tiles === 1
      ? along(build, x, `${key}/spread`, 'in', axes, inputs * area)
      : spreadTiles(build, x, key, axes, { inputs, area });
  const columns = build.reshape(spread, `${key}/columns`, [-1, products, inputs, tiles * area]);
  const product = build.node('MatMul', `${key}/products`, [kernel, columns]);
  let joined: string;
  if (tiles === 1) {
    const points = along(build, product, `${key}/joined`, 'out', axes, outputs * area);
    joined = relayout(build, points, outputs, from, to, `${key}/placed`);
  } else {
    joined = joinTiles(build, product, key, axes, { outputs, area, to });
  }
  const bias = build.weight(`${key}.bias`, [outputs, 1, 1], weights.bias);
  const shaped = build.reshape(joined, `${key}/shaped`, [-1, outputs, ...planeShape(to)]);
  return build.node('Add', key, [shaped, bias]);
}

/** Points → [products of z and y, products of x, channels, tiles of x, tiles of z and y, area]. */
function spreadTiles(
  build: GraphBuilder,
  x: string,
  key: string,
  [z, y, w]: readonly TileAlgorithm[],
  { inputs, area }: { inputs: number; area: number },
): string {
  const [products, tiles] = [z.products * y.products, z.tiles * y.tiles];
  const rows = w.length * inputs;
  const first = along(build, x, `${key}/spread_zy`, 'in', [z, y], rows * area);
  const behind = tilesInward(build, first, `${key}/tiles_zy`, [products, tiles, rows, area]);
  const second = along(build, behind, `${key}/spread_x`, 'in', [w], inputs * tiles * area);
  const shape = [products * w.products, w.tiles, inputs, tiles * area];
  return tilesInward(build, second, `${key}/tiles_x`, shape);
}

/** [before, tiles, passed, inner] → [before, passed, tiles, inner]. */
function tilesInward(build: GraphBuilder, x: string, output: string, shape: number[]): string {
  if (shape[1] === 1) return x;
  const split = build.reshape(x, `${output}/split`, [-1, ...shape]);
  return build.node('Transpose', output, [split], { perm: [0, 1, 3, 2, 4] });
}

/**
 * Axes of points of tiles, slowest first: batch n, points of a tile i, j, k along z, y, x, channels c, tiles p, q, r, grids A; as the
 * products leave them and as layouts want them.
 */
const tileOrders = { joined: 'nijkcrpqA', points: 'npiqjrkcA', wide: 'ncpiqjrkA' } as const;

/** [products, channels, tiles of x, tiles of z and y, area] → `to`. */
function joinTiles(
  build: GraphBuilder,
  x: string,
  key: string,
  axes: readonly TileAlgorithm[],
  { outputs, area, to }: { outputs: number; area: number; to: PlaneLayout },
): string {
  const [z, y, w] = axes.map(oneTile);
  const tiles = axes.reduce((n, axis) => n * axis.tiles, 1);
  const inner = outputs * tiles * area;
  const first = along(build, x, `${key}/joined_x`, 'out', [w], inner);
  const second = along(build, first, `${key}/joined_zy`, 'out', [z, y], w.length * inner);
  const lengths: Record<string, number> = { n: -1, c: outputs, A: area };
  [z, y, w].forEach(({ length }, axis) => {
    lengths['ijk'[axis]] = length;
    lengths['pqr'[axis]] = axes[axis].tiles;
  });
  const after = tileOrders[to.form === 'wide' ? 'wide' : 'points'];
  const placed = reorder(build, second, lengths, tileOrders.joined, after, `${key}/joined/placed`);
  if (axes.every(({ length, tiles }, axis) => length === [z, y, w][axis].length * tiles)) {
    return placed;
  }
  // Tiles reach beyond the last points.
  const reached = [z, y, w].map(({ length }, axis) => length * axes[axis].tiles);
  const leading = to.form === 'wide' ? [-1, outputs] : [-1];
  const whole = build.reshape(placed, `${key}/joined/reached`, [
    ...leading,
    ...reached,
    to.form === 'wide' ? area : outputs * area,
  ]);
  const at = leading.length;
  return build.node('Slice', `${key}/joined`, [
    whole,
    build.integers([0, 0, 0]),
    build.integers(axes.map(({ length }) => length)),
    build.integers([at, at + 1, at + 2]),
  ]);
}

/** Multiplies by the input or output matrix of one to three axes that lie before `inner` values. */
function along(
  build: GraphBuilder,
  x: string,
  output: string,
  side: 'in' | 'out',
  axes: readonly TileAlgorithm[],
  inner: number,
): string {
  const points = axes.reduce((n, axis) => n * axis.length, 1);
  const rows = axes.reduce((n, axis) => n * axis.products * axis.tiles, 1);
  const name = axes.map(({ length, products }) => `${length}of${products}`).join('_');
  const three = [...axes, noAxis, noAxis].slice(0, 3);
  const matrix =
    side === 'in'
      ? build.sharedWeight(`points_in_${name}`, [rows, points], () =>
          Float32Array.from(inputMatrix(three)),
        )
      : build.sharedWeight(`points_out_${name}`, [points, rows], () =>
          Float32Array.from(outputMatrix(three)),
        );
  const flat = build.reshape(x, `${output}/flat`, [-1, side === 'in' ? points : rows, inner]);
  return build.node('MatMul', output, [matrix, flat]);
}

/**
 * Any other convolution of three dimensions, on slices: those that a slice of the output meets lie side by side as
 * channels of a convolution in two dimensions.
 *
 * @param size of the input, [depth, height, width]
 */
export function sliceConvolution(
  build: GraphBuilder,
  x: string,
  { key, shape, kernel, bias }: FoldedConvolution,
  size: readonly number[],
  { stride, dilation = 1 }: { stride: number; dilation?: number },
): string {
  const [outputs, inputs, width] = shape;
  const [depth, height, across] = size;
  const reach = (width - 1) / 2;
  const flat = build.reshape(x, `${key}/flat`, [-1, depth, inputs * height * across]);
  // One slice of zeros behind the last stands for all that lie outside.
  const zero = build.sharedWeight('zero', [], () => new Float32Array(1));
  const padded = build.node('Pad', `${key}/padded`, [
    flat,
    build.integers([0, 0, 0, 0, 1, 0]),
    zero,
  ]);
  const met: number[] = [];
  for (let z = 0; z < depth; z += stride) {
    for (let tap = -reach; tap <= reach; tap++) {
      const at = z + tap * dilation;
      met.push(at >= 0 && at < depth ? at : depth);
    }
  }
  const gathered = build.node('Gather', `${key}/met`, [padded, build.integers(met)], { axis: 1 });
  const stacked = build.reshape(gathered, `${key}/stacked`, [-1, width * inputs, height, across]);
  const weights = build.weight(`${key}.weight`, [outputs, width * inputs, width, width], () =>
    slicesFirst(kernel(), outputs, inputs, width),
  );
  const offset = build.weight(`${key}.bias`, [outputs], bias);
  return build.node('Conv', key, [stacked, weights, offset], {
    kernel_shape: [width, width],
    strides: [stride, stride],
    dilations: [dilation, dilation],
    pads: new Array<number>(4).fill(reach * dilation),
  });
}

/** A 1×1×1 convolution of stride 1 with bias, on planes. */
export function planePointwise(
  build: GraphBuilder,
  x: string,
  { key, shape, kernel, bias }: FoldedConvolution,
): string {
  const [outputs, inputs] = shape;
  const weights = build.weight(`${key}.weight`, [outputs, inputs, 1, 1], kernel);
  const offset = build.weight(`${key}.bias`, [outputs], bias);
  return build.node('Conv', key, [x, weights, offset], { kernel_shape: [1, 1] });
}

/** Rows (products, tiles) → rows (tiles, products). */
function tilesFirst(
  matrix: Float64Array,
  products: number,
  tiles: number,
  columns: number,
): Float32Array {
  const out = new Float32Array(matrix.length);
  for (let p = 0; p < products; p++) {
    for (let t = 0; t < tiles; t++) {
      const from = (p * tiles + t) * columns;
      out.set(matrix.subarray(from, from + columns), (t * products + p) * columns);
    }
  }
  return out;
}

function transposed(matrix: Float64Array | Float32Array, rows: number): Float64Array {
  const columns = matrix.length / rows;
  const out = new Float64Array(matrix.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) out[c * rows + r] = matrix[r * columns + c];
  }
  return out;
}

/** [products, 9 taps, pairs] → [products, pairs, 9 taps]. */
function tapsLast(kernel: Float32Array, pairs: number): Float32Array {
  const taps = 9;
  const out = new Float32Array(kernel.length);
  for (let from = 0; from < kernel.length; from += taps * pairs) {
    for (let tap = 0; tap < taps; tap++) {
      for (let i = 0; i < pairs; i++) out[from + i * taps + tap] = kernel[from + tap * pairs + i];
    }
  }
  return out;
}

/** [outputs, inputs, z, y, x] → [outputs, z, inputs, y, x]. */
function slicesFirst(
  kernel: Float32Array,
  outputs: number,
  inputs: number,
  width: number,
): Float32Array {
  const area = width * width;
  const out = new Float32Array(kernel.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let z = 0; z < width; z++) {
        const from = ((o * inputs + i) * width + z) * area;
        out.set(kernel.subarray(from, from + area), ((o * width + z) * inputs + i) * area);
      }
    }
  }
  return out;
}
