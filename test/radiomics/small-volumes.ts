import {
  identityDirection,
  type Mask,
  type Vector3,
  type Volume,
} from '../../src/imaging/volume.ts';

/** 1 mm grid at the origin. */
export function grid(size: Vector3, spacing: Vector3 = [1, 1, 1], origin: Vector3 = [0, 0, 0]) {
  return { size, spacing, origin, direction: identityDirection };
}

export function volumeOf(
  size: Vector3,
  value: (i: number, j: number, k: number) => number,
): Volume {
  const data = new Float64Array(size[0] * size[1] * size[2]);
  for (let at = 0; at < data.length; at++) {
    const row = Math.floor(at / size[0]);
    data[at] = value(at % size[0], row % size[1], Math.floor(row / size[1]));
  }
  return { ...grid(size), data };
}

export function maskOf(size: Vector3, inside: (i: number, j: number, k: number) => boolean): Mask {
  return {
    ...grid(size),
    data: Uint8Array.from(volumeOf(size, (i, j, k) => +inside(i, j, k)).data),
  };
}
