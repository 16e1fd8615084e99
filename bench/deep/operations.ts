import { blocksOf, type ResNetArchitecture } from '../../src/deep/architecture.ts';
import { layerMultiplications } from '../../src/deep/multiplications.ts';
import type { GridPlan } from '../../src/deep/onnx/grid-plan.ts';

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
export function operations(arch: ResNetArchitecture, size: number, plan: GridPlan): Operations {
  const total: Operations = { nominal: 0, useful: 0, rewritten: 0 };
  const edges = new Map<string, number>();
  for (const { layer, edge, nominal, useful } of layerMultiplications(arch, size)) {
    edges.set(layer, edge);
    total.nominal += nominal;
    total.useful += useful;
  }
  // Only kernels of three taps are rewritten; the rest runs as it is written.
  total.rewritten = total.nominal;
  for (const { layer, inputs, planes, outputs, dilation } of blocksOf(arch)) {
    const grids = plan[layer];
    if (grids === undefined) continue;
    const plain = (3 * edges.get(layer)!) ** 3;
    const tiled = grids.axes.reduce(
      (n, { products, tiles }) => n * products * tiles,
      dilation ** 3,
    );
    const channels = arch.block === 'basic' ? inputs * planes + planes * outputs : planes * planes;
    total.rewritten += channels * (tiled - plain);
  }
  return total;
}
