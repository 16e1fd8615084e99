import { type Mask, voxelVolume } from './volume.ts';

/** Voxels of a region: those that are not 0. */
export function regionVoxels({ data }: Pick<Mask, 'data'>): number {
  let voxels = 0;
  for (let at = 0; at < data.length; at++) if (data[at] !== 0) voxels++;
  return voxels;
}

/** Volume of a region, mm³: its voxels times the volume of one. */
export function regionVolume(mask: Mask): number {
  return regionVoxels(mask) * voxelVolume(mask);
}
