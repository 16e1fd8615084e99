/** What voxel maps of two patients took, by patient. */
export interface MapTimes {
  /** CPU seconds of the best pass. */
  seconds: Record<string, number>;
  /** Seconds on the clock of the first pass: V8 compiles on further threads meanwhile. */
  first: Record<string, number>;
  /** Voxels of the region: kernels measured. */
  voxels: Record<string, number>;
  /** Maps of a pass: features. */
  maps: number;
  peakBytes: number;
}
