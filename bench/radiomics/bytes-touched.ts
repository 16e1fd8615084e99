/** What a region's classes have to move, on the grid of `size`. */
export interface RegionSize {
  size: readonly [number, number, number];
  voxels: number;
  levels: number;
}

/**
 * Bytes that each class reads and writes, were nothing kept in a cache between two of its passes: an upper bound of
 * its traffic with memory. Neighbours of a voxel are counted once per row that is passed (rows follow one another).
 */
export function bytesTouched({ size, voxels, levels }: RegionSize): Record<string, number> {
  const box = size[0] * size[1] * size[2];
  const grid = (size[0] + 1) * (size[1] + 1) * (size[2] + 1);
  // Discretisation: mask and intensities twice, levels written. Grid: levels read, ranks (2 bytes) and positions written.
  const prepared = box * (2 * (1 + 8) + 4) + box * 4 + grid * 2 + voxels * 4;
  const perVoxel = (bytes: number) => prepared + voxels * bytes;
  const passes = 13;
  return {
    // The mask three times: mesh (four rows), vertices (five rows), axes.
    shape: box * (4 + 5 + 1),
    // Copied, ends found, counted into buckets, placed, sorted, and four passes of statistics.
    firstorder: prepared + box * 9 + voxels * 8 * (1 + 1 + 1 + 2 + 1 + 4) + voxels * 4 * 4,
    // A pass a direction: position, rank here, rank there; then L × L matrices.
    glcm: perVoxel(passes * 8) + passes * levels * levels * 8 * 8,
    // One pass: position, rank, nine rows of neighbours.
    gldm: perVoxel(4 + 2 + 9 * 2),
    // A pass a direction: position, two ranks, two places.
    glrlm: perVoxel(passes * (4 + 2 + 2 + 2 + 2)),
    // Flood: position, its copy, member written and read, nine rows of neighbours.
    glszm: perVoxel(4 + 4 + 8 + 9 * 2),
    ngtdm: perVoxel(4 + 2 + 9 * 2),
  };
}
