import type { RegionOfInterest } from '../region-of-interest.ts';
import { type LineEnds, lineEnds } from './form-loops.ts';
import { loopMemory } from './loop-memory.ts';

/** Largest distances between vertices of the surface mesh, mm. */
export interface Diameters {
  /** IBSI L0JK. */
  readonly largest: number;
  /** Within planes of constant k, j and i (PyRadiomics' Slice, Column and Row). */
  readonly slice: number;
  readonly column: number;
  readonly row: number;
}

/**
 * Vertices lie midway between a voxel of the region and a neighbour outside it: in half voxels, whole coordinates of
 * which exactly one is odd. The two ends of a longest distance are corners of the convex hull, in 3D as in each plane;
 * so each line of vertices keeps its two ends, each plane the corners of its hull, and only those are paired (`wasm/far-points.ts`).
 */
export function diameters(region: RegionOfInterest): Diameters {
  const [alongI, alongJ] = lineEnds(region);
  const { size, spacing } = region;
  const [a, b, c] = size.map((n) => 2 * n + 1);
  const [x, y, z] = spacing.map((mm) => mm / 2);
  const { corners, largest: slice } = hullsOfSlices(alongI, [b, c], [x, y]);
  const { largest: column } = planeHulls(alongI, {
    planes: { count: b, step: 1 },
    lines: { count: c, step: b },
    unit: [x, z],
  });
  const { largest: row } = planeHulls(alongJ, {
    planes: { count: a, step: 1 },
    lines: { count: c, step: a },
    unit: [y, z],
  });
  const count = corners.length / 3;
  const largest = loopMemory([corners.length, 8 * count], ({ words, loops }, [p, s]) => {
    words.set(corners, p / 4);
    return loops.farthestPair(p, count, x, y, z, s);
  });
  return { largest, slice: Math.sqrt(slice), column: Math.sqrt(column), row: Math.sqrt(row) };
}

/** Corners of the mesh's convex hull and a few more, half voxels from the box's corner: `[i, j, k, i, j, k, …]`. */
export function hullCandidates(region: RegionOfInterest): Int32Array {
  const [alongI] = lineEnds(region);
  const [b, c] = region.size.slice(1).map((n) => 2 * n + 1);
  return hullsOfSlices(alongI, [b, c], [1, 1]).corners;
}

const hullsOfSlices = (
  alongI: LineEnds,
  [b, c]: readonly [number, number],
  unit: readonly [number, number],
) =>
  planeHulls(alongI, {
    planes: { count: c, step: b },
    lines: { count: b, step: 1 },
    unit,
    corners: true,
  });

/** Which lines make up a plane. */
interface Planes {
  readonly planes: { count: number; step: number };
  readonly lines: { count: number; step: number };
  /** Millimetres along a line and from line to line. */
  readonly unit: readonly [number, number];
  /** Keep the corners of all hulls: end, line, plane. */
  readonly corners?: boolean;
}

/** Corners of the convex hull of each plane, and the largest squared distance within one. */
function planeHulls(
  { first, last }: LineEnds,
  { planes, lines, unit: [su, sv], corners = false }: Planes,
): { corners: Int32Array; largest: number } {
  const most = corners ? 6 * planes.count * lines.count : 0;
  const sizes = [first.length, last.length, 10 * lines.count + 8, most];
  return loopMemory(sizes, ({ words, loops }, [f, l, s, p]) => {
    words.set(first, f / 4);
    words.set(last, l / 4);
    const [n, step] = [lines.count, lines.step];
    const [m, next] = [planes.count, planes.step];
    const to = corners ? p : 0;
    const largest = loops.planeHulls(f, l, n, step, m, next, su, sv, s, to);
    const at = p / 4;
    return { largest, corners: words.slice(at, at + words[s / 4]) };
  });
}
