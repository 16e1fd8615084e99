/** Settings of voxel-based extraction, PyRadiomics' names. */
export interface VoxelSettings {
  readonly kernelRadius: number;
  readonly maskedKernel: boolean;
  readonly initValue: number;
  readonly voxelBatch: number | null;
}

/** PyRadiomics' defaults. */
export const defaultVoxelSettings: VoxelSettings = {
  kernelRadius: 1,
  maskedKernel: true,
  initValue: 0,
  voxelBatch: null,
};
