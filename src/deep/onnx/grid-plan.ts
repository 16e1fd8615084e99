import type { ResNetArchitecture, ResNetLayer } from '../architecture.ts';
import { type Grids, gridsOf } from './grid-convolution.ts';

/** Which layers are computed on grids; the others stay plain convolutions. */
export type GridPlan = Partial<Record<ResNetLayer['name'], Grids>>;

/** Size of the map that layer `name` gives for an input of `size`: the halvings of the stem, the pooling and the layers. */
export function mapSize(
  arch: ResNetArchitecture,
  size: readonly number[],
  name: ResNetLayer['name'],
): number[] {
  const half = (n: number) => Math.floor((n - 1) / 2) + 1;
  return size.map((voxels) => {
    let n = arch.stem.stride === 2 ? half(voxels) : voxels;
    n = half(n);
    for (const layer of arch.layers) {
      if (layer.stride === 2) n = half(n);
      if (layer.name === name) break;
    }
    return n;
  });
}

/** The fastest exact rewriting of the dilated layers for an input of `size` voxels. */
export function planGrids(arch: ResNetArchitecture, size: readonly number[]): GridPlan {
  const plan: GridPlan = {};
  for (const { name, dilation } of arch.layers) {
    if (dilation === 1) continue;
    const map = mapSize(arch, size, name);
    const grids = gridsOf(
      map,
      dilation,
      map.map((points) => bestOutputs(points / dilation)),
    );
    if (grids !== undefined) plan[name] = grids;
  }
  return plan;
}

/** Points a tile for a grid of n points. */
function bestOutputs(n: number): number {
  return n % 3 === 0 ? 3 : 2;
}
