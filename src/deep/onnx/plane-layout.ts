import type { GraphBuilder } from './graph.ts';

/**
 * How a map lies in memory. `map`: [batch, channels, z, y, x]. The others are stacks of planes,
 * [batch · planes, channels, height, width]: `slices` of the map, or for a dilated layer one plane for each of the
 * `points` of its grids, all grids lying side by side in the plane. A grid is what a dilation of d leaves connected:
 * every d-th voxel. `wide` is one plane, grids beside points, for products that need many columns.
 */
export type PlaneForm = 'slices' | 'points' | 'wide';

export interface PlaneLayout {
  form: PlaneForm;
  /** Of the map, [depth, height, width]. */
  size: readonly number[];
  /** Grids along each axis; 1 for `slices`. */
  dilation: number;
}

/**
 * Order of the axes in memory, slowest first: batch n, channels c; along each axis the points of a grid in lower case
 * and the grids in upper case.
 */
const orders = {
  map: 'nczZyYxX',
  slices: 'nzZcyYxX',
  points: 'nzyxcZYX',
  wide: 'nczyxZYX',
} as const;

export function slices(size: readonly number[]): PlaneLayout {
  return { form: 'slices', size, dilation: 1 };
}

/** Planes of one crop. */
export function planeCount(layout: PlaneLayout): number {
  if (layout.form === 'wide') return 1;
  return layout.form === 'slices' ? layout.size[0] : gridPoints(layout);
}

/**
 * Axes of a plane: height and width of a slice. Grids have three axes, so that onnxruntime takes 1×1×1 convolutions on
 * them as matrix products and keeps no second copy of their weights.
 */
export function planeShape(layout: PlaneLayout): number[] {
  const { form, size, dilation: d } = layout;
  if (form === 'slices') return [size[1], size[2]];
  return form === 'points' ? [d, d, d] : [gridPoints(layout), d, d * d];
}

/** Points of one grid. */
function gridPoints({ size, dilation }: PlaneLayout): number {
  return size.reduce((n, points) => n * (points / dilation), 1);
}

/** Values of one channel of one plane. */
export function planeArea(layout: PlaneLayout): number {
  return planeShape(layout).reduce((n, edge) => n * edge, 1);
}

/** Brings a tensor from one layout into another of the same map. */
export function relayout(
  build: GraphBuilder,
  x: string,
  channels: number,
  from: PlaneLayout | 'map',
  to: PlaneLayout,
  output: string,
): string {
  const form = from === 'map' ? 'map' : from.form;
  const given = from === 'map' ? 1 : from.dilation;
  if (form === to.form && given === to.dilation) return x;
  const bothApart = given !== 1 && to.dilation !== 1 && given !== to.dilation;
  if (bothApart && to.dilation % given !== 0) {
    const whole = slices(to.size);
    const between = relayout(build, x, channels, from, whole, `${output}/slices`);
    return relayout(build, between, channels, whole, to, output);
  }
  const d = Math.max(to.dilation, given);
  const [z, y, w] = to.size.map((points) => points / d);
  const lengths: Record<string, number> = { n: -1, c: channels, z, y, x: w, Z: d, Y: d, X: d };
  let before = [...orders[form]];
  let after = [...orders[to.form]];
  if (bothApart) {
    // Points of a grid come to lie in `parts` wider grids by turns: i, j and k.
    const parts = d / given;
    Object.assign(lengths, { i: parts, j: parts, k: parts, Z: given, Y: given, X: given });
    before = before.flatMap((axis) => [...(pointAxes[axis] ?? axis)]);
    after = after.flatMap((axis) => [...(gridAxes[axis] ?? axis)]);
  }
  const split = build.reshape(
    x,
    `${output}/split`,
    before.map((axis) => lengths[axis]),
  );
  const perm = after.map((axis) => before.indexOf(axis));
  const turned = build.node('Transpose', `${output}/turned`, [split], { perm });
  return build.reshape(turned, output, [-1, channels, ...planeShape(to)]);
}

/** What the axes of points and of grids are made of where a dilation becomes a multiple of itself. */
const pointAxes: Record<string, string> = { z: 'zi', y: 'yj', x: 'xk' };
const gridAxes: Record<string, string> = { Z: 'iZ', Y: 'jY', X: 'kX' };
