import { geometryOf, type Mask } from './volume.ts';

export interface FillHolesOptions {
  /** Fill what is enclosed within its own slice (k) instead of in space. Default false. */
  slicewise?: boolean;
}

/** A region with its holes filled: background that no path over voxel faces joins to the border of the grid (or slice). */
export function fillHoles(mask: Mask, { slicewise = false }: FillHolesOptions = {}): Mask {
  const [nx, ny, nz] = mask.size;
  // 0 background not reached, 1 region, 2 background reached from the border.
  const data = Uint8Array.from(mask.data, (x) => (x === 0 ? 0 : 1));
  const queue = new Int32Array(data.length);
  let end = 0;
  for (let k = 0; k < nz; k++) {
    const wholeSlice = !slicewise && (k === 0 || k === nz - 1);
    for (let j = 0; j < ny; j++) {
      const row = nx * (j + ny * k);
      const wholeRow = wholeSlice || j === 0 || j === ny - 1;
      for (let i = 0; i < nx; i += wholeRow ? 1 : Math.max(1, nx - 1)) {
        if (data[row + i] !== 0) continue;
        data[row + i] = 2;
        queue[end++] = row + i;
      }
    }
  }
  const plane = nx * ny;
  for (let head = 0; head < end; head++) {
    const at = queue[head];
    const i = at % nx;
    const j = Math.floor(at / nx) % ny;
    const k = Math.floor(at / plane);
    const neighbours = slicewise ? 4 : 6;
    for (let n = 0; n < neighbours; n++) {
      if (n === 0 && i === 0) continue;
      if (n === 1 && i === nx - 1) continue;
      if (n === 2 && j === 0) continue;
      if (n === 3 && j === ny - 1) continue;
      if (n === 4 && k === 0) continue;
      if (n === 5 && k === nz - 1) continue;
      const step = n < 2 ? 1 : n < 4 ? nx : plane;
      const next = at + (n % 2 === 0 ? -step : step);
      if (data[next] !== 0) continue;
      data[next] = 2;
      queue[end++] = next;
    }
  }
  for (let i = 0; i < data.length; i++) data[i] = data[i] === 2 ? 0 : 1;
  return { ...geometryOf(mask), data };
}
