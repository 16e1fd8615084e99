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
  // Discretisation: mask and intensities twice, levels written. Grid: levels read, ranks (4 bytes) written, and copied to the loops' memory.
  const prepared = box * (2 * (1 + 8) + 4) + box * 4 + grid * 4 * 3;
  const passes = 13;
  return {
    // The mask three times: mesh (four rows), vertices (five rows), axes.
    shape: box * (4 + 5 + 1),
    // Copied, ends found, counted into buckets, placed, sorted, and four passes of statistics.
    firstorder: prepared + box * 9 + voxels * 8 * (1 + 1 + 1 + 2 + 1 + 4) + voxels * 4 * 4,
    // A pass a direction: rank here, rank there; then L × L matrices.
    glcm: prepared + grid * passes * 2 * 4 + passes * levels * levels * 8 * 8,
    // One pass: rank, nine rows of neighbours.
    gldm: prepared + grid * (1 + 9) * 4,
    // A pass a direction: two ranks, a place read and one written.
    glrlm: prepared + grid * passes * 4 * 4,
    // Rank, four rows and a half of neighbours, parent written; then both once more.
    glszm: prepared + grid * (1 + 5 + 1 + 3) * 4,
    // Levels made of ranks; then level, rank, nine rows of neighbours.
    ngtdm: prepared + grid * (2 + 2 + 9) * 4,
  };
}
