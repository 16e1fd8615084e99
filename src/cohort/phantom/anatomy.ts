import { exp, log } from '../../runtime/elementary.ts';
import type { RandomStream } from '../../runtime/random-stream.ts';
import { type SmoothField, smoothField } from './smooth-field.ts';

/** Half the space that is drawn, mm. */
const reachMm = 40;

/** One patient's breast in mm, LPS, 0 in the middle: the same in all scans. */
export interface Anatomy {
  breast: Breast;
  tumour: TumourShape;
  /** Grain of the tumour: standard deviation about 1. */
  grain: SmoothField;
}

export interface Breast {
  /** Below 1 inside the breast (the front half of an ellipsoid on the chest wall), 1 at the skin. */
  depth: (x: number, y: number, z: number) => number;
  /** y from which on there is muscle. */
  wall: number;
  /** Gland where the field exceeds the threshold, else fat. */
  gland: SmoothField;
  glandAbove: number;
}

export interface TumourShape {
  centre: readonly [number, number, number];
  /** Longest diameter of the ellipsoid, mm. */
  diameter: number;
  /** Largest distance of its surface from the centre, mm. */
  extent: number;
  /** Distance from the surface along the ray from the centre, mm: negative inside. */
  distance: (x: number, y: number, z: number) => number;
}

/** Draws a breast of fat and gland with a lobulated ellipsoidal tumour in it. */
export function drawAnatomy(stream: RandomStream): Anatomy {
  const size = 0.94 + 0.12 * stream.next();
  const [rx, ry, rz] = [34 * size, 50 * size, 31 * size];
  const wall = 24;
  const breast: Breast = {
    depth: (x, y, z) => Math.sqrt((x / rx) ** 2 + ((y - wall) / ry) ** 2 + (z / rz) ** 2),
    wall,
    gland: smoothField(stream.derive('gland'), 7, reachMm),
    // Share of gland from dense to fatty.
    glandAbove: -0.6 + 1.4 * stream.next(),
  };
  return {
    breast,
    tumour: drawTumour(stream.derive('tumour')),
    grain: mixture(stream.derive('grain')),
  };
}

/** Blobs of two sizes, so that the grain shows on fine and on coarse grids. */
function mixture(stream: RandomStream): SmoothField {
  const fine = smoothField(stream.derive('fine'), 3.5, reachMm);
  const coarse = smoothField(stream.derive('coarse'), 8, reachMm);
  return (x, y, z) => 0.8 * fine(x, y, z) + 0.6 * coarse(x, y, z);
}

const bumps = 5;

function drawTumour(stream: RandomStream): TumourShape {
  const diameter = Math.min(38, Math.max(15, exp(log(25) + 0.25 * stream.normal())));
  const a = diameter / 2;
  const axes = [a, a * (0.65 + 0.35 * stream.next()), a * (0.6 + 0.35 * stream.next())];
  const frame = rotation(stream);
  const centre = [8, 5, 7].map((mm, axis) => mm * (2 * stream.next() - 1) - (axis === 1 ? 2 : 0));
  const lobes = Array.from({ length: bumps }, () => ({
    at: direction(stream),
    height: -0.14 + 0.34 * stream.next(),
  }));
  const distance = (x: number, y: number, z: number) => {
    const p = [x - centre[0], y - centre[1], z - centre[2]];
    const length = Math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
    if (length < 1e-9) return -axes[2];
    let q = 0;
    for (let r = 0; r < 3; r++) {
      const along = frame[r][0] * p[0] + frame[r][1] * p[1] + frame[r][2] * p[2];
      q += (along / axes[r]) ** 2;
    }
    // Lobes: bumps and dents of the radius, some 40 degrees wide.
    let radius = 1;
    for (const { at, height } of lobes) {
      const cosine = (at[0] * p[0] + at[1] * p[1] + at[2] * p[2]) / length;
      radius += height * exp(6 * (cosine - 1));
    }
    return length * (1 - radius / Math.sqrt(q));
  };
  return {
    centre: [centre[0], centre[1], centre[2]],
    diameter,
    extent: a * (1 + bumps * 0.2),
    distance,
  };
}

/** Three orthonormal rows, uniform over all turns (a random unit quaternion). */
function rotation(stream: RandomStream): number[][] {
  const q = [0, 1, 2, 3].map(() => stream.normal());
  const norm = Math.sqrt(q.reduce((sum, x) => sum + x * x, 0));
  const [w, x, y, z] = q.map((value) => value / norm);
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
    [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
    [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
  ];
}

function direction(stream: RandomStream): [number, number, number] {
  const p = [stream.normal(), stream.normal(), stream.normal()];
  const length = Math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
  return [p[0] / length, p[1] / length, p[2] / length];
}
