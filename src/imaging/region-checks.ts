import { NacreError } from '../runtime/errors.ts';
import { regionVoxels } from './region-volume.ts';
import { type Mask, voxelVolume } from './volume.ts';

export interface RegionSizeOptions {
  /** Fewest voxels a region may have. Default 1. */
  leastVoxels?: number;
  /** Smallest volume a region may have, mm³. Default 0. */
  leastVolume?: number;
  file?: string | undefined;
  patient?: string | undefined;
}

/**
 * Counts a region and refuses one that is too small.
 *
 * @returns voxels
 * @throws NacreError `region-too-small`
 */
export function requireRegionSize(mask: Mask, options: RegionSizeOptions = {}): number {
  const { leastVoxels = 1, leastVolume = 0, file, patient } = options;
  const voxels = regionVoxels(mask);
  const volume = voxels * voxelVolume(mask);
  if (voxels >= leastVoxels && volume >= leastVolume) return voxels;
  throw new NacreError('region-too-small', 'the region is too small', {
    file,
    patient,
    found: `${voxels} voxels, ${volume.toPrecision(4)} mm³`,
    expected: `at least ${leastVoxels} voxels and ${leastVolume} mm³`,
    todo: 'check the mask, or lower the limit',
  });
}
