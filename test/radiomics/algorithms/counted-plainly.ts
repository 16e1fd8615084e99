import type { Angle } from '../../../src/radiomics/algorithms/angles.ts';

/** What texture loops count, in plain loops on a box of ranks (x fastest, 0 outside the region): the reference of texture-loops.test.ts. */
export interface Box {
  readonly size: Angle;
  readonly ranks: readonly number[];
  /** Level of each rank; `grey[0]` is 0. */
  readonly grey: readonly number[];
}

function rankAt({ size: [nx, ny, nz], ranks }: Box, [i, j, k]: Angle): number {
  const inside = i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz;
  return inside ? ranks[i + nx * (j + ny * k)] : 0;
}

/** The region's voxels in scan order, with their rank. */
function voxelsOf(box: Box): { rank: number; to: (angle: Angle, times?: number) => number }[] {
  const [nx, ny] = box.size;
  return box.ranks.flatMap((rank, at) => {
    if (rank === 0) return [];
    const [i, j, k] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
    const to = ([x, y, z]: Angle, times = 1) =>
      rankAt(box, [i + times * x, j + times * y, k + times * z]);
    return [{ rank, to }];
  });
}

/** Counts by key. */
export type Tally = Record<string, number>;

function count(tally: Tally, ...key: number[]): void {
  tally[key.join(' ')] = (tally[key.join(' ')] ?? 0) + 1;
}

/** `rank dependent`. */
export function plainDependences(box: Box, angles: readonly Angle[], cutoff: number): Tally {
  const tally: Tally = {};
  for (const { rank, to } of voxelsOf(box)) {
    const others = angles.flatMap((angle) => [to(angle), to(angle, -1)]);
    const near = others.filter(
      (n) => n > 0 && Math.abs(box.grey[n] - box.grey[rank]) <= cutoff,
    ).length;
    count(tally, rank, near);
  }
  return tally;
}

/** By rank: voxels with a neighbour, and the summed difference from the neighbours' mean. */
export function plainToneDifferences(box: Box, angles: readonly Angle[]) {
  const counts = box.grey.map(() => 0);
  const differences = box.grey.map(() => 0);
  for (const { rank, to } of voxelsOf(box)) {
    const others = angles.flatMap((angle) => [to(angle), to(angle, -1)]).filter((n) => n > 0);
    if (others.length === 0) continue;
    counts[rank]++;
    const sum = others.reduce((total, n) => total + box.grey[n], 0);
    differences[rank] += Math.abs(box.grey[rank] - sum / others.length);
  }
  return { counts, differences };
}

/** `rank there`; in both orders where symmetrical. */
export function plainPairs(box: Box, angle: Angle, symmetrical: boolean): Tally {
  const tally: Tally = {};
  for (const { rank, to } of voxelsOf(box)) {
    if (to(angle) === 0) continue;
    count(tally, rank, to(angle));
    if (symmetrical) count(tally, to(angle), rank);
  }
  return tally;
}

/** `rank length`: runs along an angle, each counted in its last voxel. */
export function plainRuns(box: Box, angle: Angle): Tally {
  const tally: Tally = {};
  for (const { rank, to } of voxelsOf(box)) {
    if (to(angle) === rank) continue;
    let length = 1;
    while (to(angle, -length) === rank) length++;
    count(tally, rank, length);
  }
  return tally;
}

/** Rank and size of each zone in the order of its first voxel. */
export function plainZones(box: Box, angles: readonly Angle[]): { rank: number; size: number }[] {
  const { size, ranks } = box;
  const [nx, ny] = size;
  const left = [...ranks];
  return ranks.flatMap((rank, seed) => {
    if (left[seed] === 0) return [];
    const queue = [seed];
    left[seed] = 0;
    for (const at of queue) {
      const [i, j, k] = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
      for (const [x, y, z] of angles.flatMap((angle) => [angle, angle.map((n) => -n)])) {
        const next: Angle = [i + x, j + y, k + z];
        const there = next[0] + nx * (next[1] + ny * next[2]);
        if (rankAt({ ...box, ranks: left }, next) !== rank) continue;
        left[there] = 0;
        queue.push(there);
      }
    }
    return [{ rank, size: queue.length }];
  });
}
