import { axisCounts, centreOfMass } from '../imaging/axis-counts.ts';
import type { Mask, Vector3, Volume } from '../imaging/volume.ts';
import type { PlaneSlice } from './plane-slice.ts';

/** The pixels of a plane, one byte each, rows from top to bottom, within a window of grey values. */
export function greyPixels(
  volume: Volume,
  slice: PlaneSlice,
  [black, white]: readonly [number, number],
): Uint8Array {
  const pixels = new Uint8Array(slice.width * slice.height);
  const scale = 255 / Math.max(white - black, Number.MIN_VALUE);
  for (let row = 0; row < slice.height; row++) {
    for (let column = 0; column < slice.width; column++) {
      const grey = (volume.data[slice.voxelAt(column, row)] - black) * scale;
      pixels[row * slice.width + column] = Math.max(0, Math.min(255, Math.round(grey)));
    }
  }
  return pixels;
}

/** The 1st and 99th percentile of the finite voxels of some planes. */
export function percentiles(volume: Volume, slices: readonly PlaneSlice[]): [number, number] {
  const values = slices.flatMap((slice) => {
    const greyValues: number[] = [];
    for (let row = 0; row < slice.height; row++) {
      for (let column = 0; column < slice.width; column++) {
        const value = volume.data[slice.voxelAt(column, row)];
        if (Number.isFinite(value)) greyValues.push(value);
      }
    }
    return greyValues;
  });
  values.sort((a, b) => a - b);
  const at = (share: number) => values[Math.round(share * (values.length - 1))] ?? 0;
  return [at(0.01), at(0.99)];
}

/** Voxel nearest to the centre of mass of a region; the middle of the grid where there is none. */
export function centreOf(volume: Volume, mask?: Mask): Vector3 {
  const [nx, ny, nz] = volume.size;
  const middle: Vector3 = [nx >> 1, ny >> 1, nz >> 1];
  if (mask === undefined) return middle;
  const { voxels, centre } = centreOfMass(axisCounts(mask));
  return voxels === 0 ? middle : (centre.map(Math.round) as unknown as Vector3);
}
