import type { ResNetArchitecture, ResNetLayer } from '../architecture.ts';
import { mapSize } from './grid-plan.ts';
import { type PlaneLayout, slices } from './plane-layout.ts';
import { type TileAlgorithm, tileAlgorithm } from './tile-algorithm.ts';

/** How a layer is computed. */
export interface LayerPlan {
  /** Between the convolutions. */
  layout: PlaneLayout;
  /** Tiles of 3×3×3 convolutions: along z for slices, else along z, y and x; none: all taps, slice by slice. */
  axes: readonly TileAlgorithm[];
}

export type PlanePlan = Readonly<Record<ResNetLayer['name'], LayerPlan>>;

/**
 * Voxels of a crop that is computed in planes. Smaller crops gain little and keep the bits
 * they had before this rewriting; for larger ones the slices that lie side by side would take too much memory.
 */
const fewestVoxels = 48 * 48 * 48;
const mostVoxels = 160 * 160 * 160;

/** Widest layer whose undilated kernels are spread to tiles, which doubles them. */
const mostPlanes = 128;

/**
 * Smallest map that is tiled: below it tiles gain 2% of the time at most, and the runtime holds their doubled kernels
 * twice while it loads them.
 */
const fewestTiledVoxels = 1000;

/** Whether an input of this size is computed in planes. */
export function runsInPlanes(size: readonly number[]): boolean {
  const voxels = volumeOf(size);
  return voxels >= fewestVoxels && voxels <= mostVoxels;
}

/** The rewriting in planes for an input of `size` voxels; undefined for sizes that are left to `planGrids`. */
export function planPlanes(
  arch: ResNetArchitecture,
  size: readonly number[],
): PlanePlan | undefined {
  if (!runsInPlanes(size)) return undefined;
  const plans = arch.layers.map(
    (layer) => [layer.name, planLayer(arch, layer, mapSize(arch, size, layer.name))] as const,
  );
  return Object.fromEntries(plans) as Record<ResNetLayer['name'], LayerPlan>;
}

function planLayer(
  { block }: ResNetArchitecture,
  { planes, dilation }: ResNetLayer,
  map: readonly number[],
): LayerPlan {
  const whole = slices(map);
  if (dilation === 1) {
    const tiled = planes <= mostPlanes && volumeOf(map) >= fewestTiledVoxels;
    const axes = tiled ? [tileAlgorithm(map[0], fewestProducts(map[0], 4))] : [];
    return { layout: whole, axes };
  }
  if (map.some((points) => points % dilation !== 0)) return { layout: whole, axes: [] };
  const axes = map.map((points) => {
    const length = points / dilation;
    return tileAlgorithm(length, fewestProducts(length, length % 3 === 0 ? 3 : 2));
  });
  // A bottleneck is mostly 1×1×1 convolutions: matrix products, for which the 8 or 64 grids of one point are too few columns.
  const form = block === 'bottleneck' ? 'wide' : 'points';
  return { layout: { form, size: map, dilation }, axes };
}

function volumeOf(size: readonly number[]): number {
  return size.reduce((n, edge) => n * edge, 1);
}

/** Points a tile, 2 to `most`, with which n points need the fewest products; the smaller of equals. */
function fewestProducts(n: number, most: number): number {
  let best = 2;
  for (let outputs = 3; outputs <= most; outputs++) {
    if (productsOf(n, outputs) < productsOf(n, best)) best = outputs;
  }
  return best;
}

function productsOf(n: number, outputs: number): number {
  if (n <= 3) return tileAlgorithm(n, outputs).products;
  return Math.ceil(n / outputs) * (outputs + 2);
}
