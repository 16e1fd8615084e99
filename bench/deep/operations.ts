import { blocksOf, type ResNetArchitecture } from '../../src/deep/architecture.ts';
import { layerMultiplications } from '../../src/deep/multiplications.ts';
import { planGrids } from '../../src/deep/onnx/grid-plan.ts';
import { planPlanes } from '../../src/deep/onnx/plane-plan.ts';
import type { TileAlgorithm } from '../../src/deep/onnx/tile-algorithm.ts';

/** Multiplications of one pass over one crop. */
export interface Operations {
  /** What a plain convolution does, padding included. */
  nominal: number;
  /** Those that meet a voxel of the map and not its padding. */
  useful: number;
  /** What the rewritten graph does in its convolutions (transforms of tiles left out). */
  rewritten: number;
}

/** Counts the multiplications of all convolutions for a cubic input. */
export function operations(arch: ResNetArchitecture, size: number): Operations {
  const total: Operations = { nominal: 0, useful: 0, rewritten: 0 };
  const edges = new Map<string, number>();
  for (const { layer, edge, nominal, useful } of layerMultiplications(arch, size)) {
    edges.set(layer, edge);
    total.nominal += nominal;
    total.useful += useful;
  }
  // Only kernels of three taps are rewritten; the rest runs as it is written.
  total.rewritten = total.nominal;
  const crop = [size, size, size];
  const planes = planPlanes(arch, crop);
  const grids = planes === undefined ? planGrids(arch, crop) : {};
  for (const { layer, inputs, planes: width, outputs, stride, dilation } of blocksOf(arch)) {
    const axes = planes?.[layer].axes ?? grids[layer]?.axes ?? [];
    if (axes.length === 0) continue;
    const edge = edges.get(layer)!;
    const tiled = multiplications(axes, edge, dilation);
    const channels = arch.block === 'basic' ? [inputs * width, width * outputs] : [width * width];
    // A strided convolution, the first of its block, has no tiles.
    const rewritten = stride === 1 ? channels : channels.slice(1);
    for (const pairs of rewritten) total.rewritten += pairs * (tiled - (3 * edge) ** 3);
  }
  return total;
}

/** Of a convolution between two channels, in tiles along the first axes of a cubic map. */
function multiplications(axes: readonly TileAlgorithm[], edge: number, dilation: number): number {
  let count = 1;
  for (let axis = 0; axis < 3; axis++) {
    const tiles = axes[axis];
    count *= tiles === undefined ? 3 * edge : tiles.products * tiles.tiles * dilation;
  }
  return count;
}
