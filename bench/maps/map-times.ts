/** What voxel maps of two patients took, by patient. */
export interface MapTimes {
  /** CPU seconds of the best pass. */
  seconds: Record<string, number>;
  /** CPU seconds of the first pass. */
  first: Record<string, number>;
  /** Voxels of the region: kernels measured. */
  voxels: Record<string, number>;
  /** Maps of a pass: features. */
  maps: number;
  peakBytes: number;
}
