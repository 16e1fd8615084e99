import type { FoldedConvolution } from './folded-weights.ts';
import type { GraphBuilder } from './graph.ts';
import {
  inputMatrix,
  outputMatrix,
  type TileAlgorithm,
  tileAlgorithm,
  transformKernel,
} from './tile-algorithm.ts';

/**
 * A map of a layer taken apart for a dilated convolution. With dilation d the voxels whose indices leave the same
 * rests modulo d see only one another: the map falls into d³ independent grids, on which the convolution is a dense one.
 * Tensors of this layout have the shape [points of a grid (z, y, x), channels, batch · d³ grids].
 */
export interface Grids {
  dilation: number;
  /** Algorithm along z, y, x; its `length` is the points of a grid. */
  axes: readonly TileAlgorithm[];
}

/** Points of a grid. */
export function gridPoints({ axes }: Grids): number {
  return axes.reduce((product, { length }) => product * length, 1);
}

/**
 * How a map is taken apart, or undefined where its size is no multiple of the dilation.
 *
 * @param size of the map, [depth, height, width]
 * @param outputs points a tile, along each axis
 */
export function gridsOf(
  size: readonly number[],
  dilation: number,
  outputs: readonly number[],
): Grids | undefined {
  if (size.some((points) => points % dilation !== 0)) return undefined;
  const axes = size.map((points, axis) => tileAlgorithm(points / dilation, outputs[axis]));
  return { dilation, axes };
}

/** [batch, channels, depth, height, width] → grids. */
export function toGrids(
  build: GraphBuilder,
  x: string,
  channels: number,
  grids: Grids,
  output: string,
): string {
  const [z, y, w] = grids.axes.map(({ length }) => length);
  const d = grids.dilation;
  const split = build.reshape(x, `${output}/split`, [-1, channels, z, d, y, d, w, d]);
  const turned = build.node('Transpose', `${output}/turned`, [split], {
    perm: [2, 4, 6, 1, 0, 3, 5, 7],
  });
  return build.reshape(turned, output, [z * y * w, channels, -1]);
}

/** Grids → [batch, channels, depth, height, width]. */
export function fromGrids(
  build: GraphBuilder,
  x: string,
  channels: number,
  grids: Grids,
  output: string,
): string {
  const [z, y, w] = grids.axes.map(({ length }) => length);
  const d = grids.dilation;
  const split = build.reshape(x, `${output}/split`, [z, y, w, channels, -1, d, d, d]);
  const turned = build.node('Transpose', `${output}/turned`, [split], {
    perm: [4, 3, 0, 5, 1, 6, 2, 7],
  });
  return build.reshape(turned, output, [-1, channels, z * d, y * d, w * d]);
}

/** A 3×3×3 convolution with bias on grids, its dilation being that of the grids. */
export function gridConvolution(
  build: GraphBuilder,
  x: string,
  weights: FoldedConvolution,
  grids: Grids,
): string {
  const { key, shape } = weights;
  const [outputs, inputs] = shape;
  const { axes } = grids;
  const products = axes.reduce((n, axis) => n * axis.products, 1);
  const tiles = axes.reduce((n, axis) => n * axis.tiles, 1);
  const points = gridPoints(grids);
  const name = axes.map(({ length, products: p }) => `${length}of${p}`).join('_');
  const single = (matrix: Float64Array) => () => Float32Array.from(matrix);

  const before = build.sharedWeight(`tiles_in_${name}`, [products * tiles, points], () =>
    single(inputMatrix(axes))(),
  );
  const after = build.sharedWeight(`tiles_out_${name}`, [points, products * tiles], () =>
    single(outputMatrix(axes))(),
  );
  const kernel = build.weight(`${key}.weight`, [products, outputs, inputs], () =>
    transformKernel(weights.kernel(), outputs * inputs, axes),
  );
  const bias = build.weight(`${key}.bias`, [1, outputs, 1], () => weights.bias());

  const flat = build.reshape(x, `${key}/flat`, [points, -1]);
  let spread = build.node('MatMul', `${key}/spread`, [before, flat]);
  if (tiles > 1) {
    const split = build.reshape(spread, `${key}/tiles`, [products, tiles, inputs, -1]);
    spread = build.node('Transpose', `${key}/gathered`, [split], { perm: [0, 2, 1, 3] });
  }
  const columns = build.reshape(spread, `${key}/columns`, [products, inputs, -1]);
  let product = build.node('MatMul', `${key}/products`, [kernel, columns]);
  if (tiles > 1) {
    const split = build.reshape(product, `${key}/products_of_tiles`, [
      products,
      outputs,
      tiles,
      -1,
    ]);
    product = build.node('Transpose', `${key}/scattered`, [split], { perm: [0, 2, 1, 3] });
  }
  const rows = build.reshape(product, `${key}/rows`, [products * tiles, -1]);
  const joined = build.node('MatMul', `${key}/joined`, [after, rows]);
  const shaped = build.reshape(joined, `${key}/shaped`, [points, outputs, -1]);
  return build.node('Add', key, [shaped, bias]);
}

/** A 1×1×1 convolution of stride 1 with bias on grids. */
export function gridPointwise(
  build: GraphBuilder,
  x: string,
  { key, shape, kernel, bias }: FoldedConvolution,
): string {
  const [outputs, inputs] = shape;
  const matrix = build.weight(`${key}.weight`, [outputs, inputs], kernel);
  const offset = build.weight(`${key}.bias`, [1, outputs, 1], bias);
  const product = build.node('MatMul', `${key}/products`, [matrix, x]);
  return build.node('Add', key, [product, offset]);
}
