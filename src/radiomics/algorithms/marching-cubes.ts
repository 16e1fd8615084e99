import type { Vector3 } from '../../imaging/volume.ts';
import type { RegionOfInterest } from '../region-of-interest.ts';
import { cubeTally } from './form-loops.ts';

/**
 * Triangles of the 128 cubes whose corner 7 is outside (the other half are their complements), each triangle three
 * hexadecimal edge numbers (Lorensen and Cline 1987). Which of several triangulations a case has decides the last
 * digits of area and volume; this is the choice PyRadiomics made, so that the values agree.
 * The table is PyRadiomics', copyright 2017 Harvard Medical School, BSD-3-Clause: see THIRD-PARTY-NOTICES.md.
 */
const triangleTable = `
  - 083 190 183198 12a 08312a 92a029 2832a8a98 b23 b2008b 190b23 b2119b98b 3a1ba3 a1008a8ba
  9033b9ba9 98aba8 478 043473 190478 194147173 12a478 34730412a 92a902478 2a9297273479
  478b23 b47b24204 190478b23 47b94bb29192 3a1ba3478 ba114b10447b 4789033b9ba9 47b4b99ba 954
  954083 054015 854835315 12a954 08312a954 2a5542240 2a5325354834 954b23 b2008b954 054015b23
  215258b28548 3a1ba3954 549a1008a8ba 54050ba5bb03 548a58ba8 789579 309539357 780017715
  157173 78957912a 12a309395357 0288258572a5 2a5253357 579789b23 579972209b27 b23018178157
  21b17b157 7895793a1ba3 5705097b0a10ba0 ba003ba50078570 ba557b 65a 08365a 19065a 18319865a
  165126 165126083 965906026 598582526832 b2365a b2008b65a 190b2365a b2119b98b65a 63b653513
  08b0b50515b6 63b036065059 65969bb98 47865a 04347365a 19047865a 19414717365a 478165126
  043473165126 478965906026 739479329596269 b2347865a b47b2420465a 190b2347865a
  47b94bb2919265a 47863b653513 51b5b610b47b04b 47863b036065059 65969b4797b9 a4964a a4964a083
  01aa60640 18316886461a 149124264 149124264083 024426 832824426 b23a4964a b2008ba4964a
  b2301aa60640 64161a148b2118b 964369139b63 18b081b61149641 63b036640 86468b 67a78a89a
  67a0a709a073 67a1a7178018 67a1a7173 126168189678 269129679309739 078706602 273267
  b2367a78a89a 207b2709767a9a7 67a1a7178018b23 b2117ba61167 896678169b63136 09167b
  07870603bb60 67b`
  .trim()
  .split(/\s+/)
  .map((text) => (text === '-' ? [] : Array.from(text, (digit) => Number.parseInt(digit, 16))));

/** Corners of a cube in the order of the table's bits: [i, j, k]. */
const corners = [
  [0, 0, 0],
  [1, 0, 0],
  [1, 1, 0],
  [0, 1, 0],
  [0, 0, 1],
  [1, 0, 1],
  [1, 1, 1],
  [0, 1, 1],
] as const;

/** Corners that each edge joins; the surface crosses it in the middle. */
const edges = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 0],
  [4, 5],
  [5, 6],
  [6, 7],
  [7, 4],
  [0, 4],
  [1, 5],
  [2, 6],
  [3, 7],
] as const;

export interface SurfaceMesh {
  /** mm³, IBSI RNU0. */
  readonly volume: number;
  /** mm², IBSI C0JK. */
  readonly area: number;
}

/**
 * Volume and area of the closed mesh between the region's voxels and the rest.
 *
 * A cube's triangles depend on which of its 256 kinds it is, and its part of the volume is linear in its place:
 * det(a+o, b+o, c+o) = det(a, b, c) + o · (a×b + b×c + c×a). So cubes are only counted, with the sums of their
 * places, all in whole numbers; geometry enters at the end.
 */
export function surfaceMesh({ size, spacing, mask }: RegionOfInterest): SurfaceMesh {
  return meshOf(cubeTally({ size, mask }), spacing);
}

/**
 * Area and volume of counted cubes. Along each axis every length is a whole number of half spacings, so volume is a
 * fraction of a voxel's, and area needs the length of each of the few normals that triangles have.
 */
function meshOf(tally: Float64Array, [x, y, z]: Vector3): SurfaceMesh {
  const { shape, normal, normals } = cubes();
  let volume = 0;
  const facing = new Float64Array(normals.length / 3);
  for (let kind = 1; kind < 255; kind++) {
    const count = tally[4 * kind];
    if (count === 0) continue;
    volume += count * shape[4 * kind];
    volume += tally[4 * kind + 1] * shape[4 * kind + 1];
    volume += tally[4 * kind + 2] * shape[4 * kind + 2];
    volume += tally[4 * kind + 3] * shape[4 * kind + 3];
    for (let t = mostTriangles * kind; normal[t] >= 0; t++) facing[normal[t]] += count;
  }
  let area = 0;
  for (let n = 0; n < facing.length; n++) {
    if (facing[n] === 0) continue;
    const [a, b, c] = [
      normals[3 * n] * y * z,
      normals[3 * n + 1] * x * z,
      normals[3 * n + 2] * x * y,
    ];
    area += (facing[n] * Math.sqrt(a * a + b * b + c * c)) / 2;
  }
  return { volume: volume * x * y * z, area };
}

/** One more than the triangles of any kind of cube: the list of each ends with -1. */
const mostTriangles = 6;

/** Volume and triangles of each kind of cube on a grid of spacing 1. */
interface Cubes {
  /** By `4 · kind`: volume of the cube at place (0, 0, 0), then what each step along i, j, k adds to it. */
  readonly shape: Float64Array;
  /** By `mostTriangles · kind`: which normal each triangle has, -1 after the last. */
  readonly normal: Int8Array;
  /** The normals that occur, sizes along i, j, k: twice a triangle's area. */
  readonly normals: readonly number[];
}

let known: Cubes | undefined;

/** Made from the table on first use. */
function cubes(): Cubes {
  known ??= makeCubes();
  return known;
}

function makeCubes(): Cubes {
  const shape = new Float64Array(4 * 256);
  const normal = new Int8Array(mostTriangles * 256).fill(-1);
  const normals: number[] = [];
  const middles = edges.map(([from, to]) => middle(corners[from], corners[to]));
  // The other half are the same triangles turned inside out.
  for (let kind = 1; kind < 128; kind++) {
    const other = 255 - kind;
    const triangles = triangleTable[kind];
    for (let t = 0; t < triangles.length; t += 3) {
      const a = middles[triangles[t]];
      const b = middles[triangles[t + 1]];
      const c = middles[triangles[t + 2]];
      const [ab, bc, ca] = [cross(a, b), cross(b, c), cross(c, a)];
      shape[4 * kind] += dot(ab, c) / 6;
      const x = ab[0] + bc[0] + ca[0];
      const y = ab[1] + bc[1] + ca[1];
      const z = ab[2] + bc[2] + ca[2];
      shape[4 * kind + 1] += x / 6;
      shape[4 * kind + 2] += y / 6;
      shape[4 * kind + 3] += z / 6;
      const place = placeOf(normals, Math.abs(x), Math.abs(y), Math.abs(z));
      normal[mostTriangles * kind + t / 3] = place;
      normal[mostTriangles * other + t / 3] = place;
    }
    for (let n = 0; n < 4; n++) shape[4 * other + n] = -shape[4 * kind + n];
  }
  return { shape, normal, normals };
}

/** Where three sizes stand among the normals, at the end if they are new. */
function placeOf(normals: number[], x: number, y: number, z: number): number {
  let at = 0;
  while (
    at < normals.length &&
    (normals[at] !== x || normals[at + 1] !== y || normals[at + 2] !== z)
  ) {
    at += 3;
  }
  if (at === normals.length) normals.push(x, y, z);
  return at / 3;
}

function middle(from: Vector3, to: Vector3): Vector3 {
  return [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2];
}

function cross(a: Vector3, b: Vector3): Vector3 {
  // Axes counted k, j, i as the table's orientation wants: outward triangles have positive volume.
  return [a[2] * b[1] - a[1] * b[2], a[0] * b[2] - a[2] * b[0], a[1] * b[0] - a[0] * b[1]];
}

function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
