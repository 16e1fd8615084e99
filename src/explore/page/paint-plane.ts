import type { Vector3, VoxelArray } from '../../imaging/volume.ts';
import type { PlaneSlice } from '../../report/plane-slice.ts';
import { element } from './dom.ts';

/** A region on a part of the scan's grid. */
export interface Overlay {
  mask: Uint8Array;
  size: Vector3;
  /** Voxel of the scan at which the part begins. */
  at: Vector3;
  /** Red, green, blue, 0 to 255. */
  colour: readonly [number, number, number];
}

/** Share of a region's colour over the grey. */
const opacity = 0.42;
/** Pixels along the longer side of a canvas. */
const longest = 480;

/** How columns and rows of a plane step through the voxels: a plane is walked by additions, not by a call per pixel. */
interface Steps {
  first: number;
  column: number;
  row: number;
}

/** Draws a plane of a scan with its regions. */
export function paintPlane(
  canvas: HTMLCanvasElement,
  slice: PlaneSlice,
  { voxels, size, at }: { voxels: VoxelArray; size: Vector3; at: Vector3 },
  { black, white, overlays }: { black: number; white: number; overlays: readonly Overlay[] },
): void {
  const { width, height } = slice;
  const pixels = new ImageData(width, height);
  const steps = stepsOf(slice);
  const words = new Uint32Array(pixels.data.buffer);
  const factor = 255 / Math.max(1e-9, white - black);
  for (let row = 0; row < height; row++) {
    let voxel = steps.first + row * steps.row;
    for (let to = row * width; to < (row + 1) * width; to++) {
      const grey = Math.max(0, Math.min(255, (voxels[voxel] - black) * factor)) | 0;
      words[to] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
      voxel += steps.column;
    }
  }
  for (const overlay of overlays) blend(pixels, slice, steps, { size, at, overlay });
  toCanvas(canvas, pixels, slice);
}

/** Lays a region over the pixels that its part of the grid covers. */
function blend(
  { data, width }: ImageData,
  slice: PlaneSlice,
  steps: Steps,
  { size, at, overlay }: { size: Vector3; at: Vector3; overlay: Overlay },
): void {
  const { mask, colour, at: start, size: part } = overlay;
  const through = at[slice.axis] - start[slice.axis];
  if (through < 0 || through >= part[slice.axis]) return;
  const across = axisOf(steps.column, size);
  const down = axisOf(steps.row, size);
  const stride = [1, part[0], part[0] * part[1]];
  for (let v = 0; v < part[down]; v++) {
    const index = start[down] + v;
    const row = steps.row > 0 ? index : size[down] - 1 - index;
    for (let h = 0; h < part[across]; h++) {
      if (mask[h * stride[across] + v * stride[down] + through * stride[slice.axis]] === 0)
        continue;
      const place = start[across] + h;
      const column = steps.column > 0 ? place : size[across] - 1 - place;
      const to = 4 * (column + width * row);
      for (let c = 0; c < 3; c++) data[to + c] = (1 - opacity) * data[to + c] + opacity * colour[c];
    }
  }
}

function stepsOf(slice: PlaneSlice): Steps {
  const first = slice.voxelAt(0, 0);
  return {
    first,
    // One past the edge is as good as any other place: the step is the same everywhere.
    column: slice.voxelAt(1, 0) - first,
    row: slice.voxelAt(0, 1) - first,
  };
}

/** The grid axis whose index such a step changes. */
function axisOf(step: number, [nx, ny]: Vector3): 0 | 1 | 2 {
  const stride = Math.abs(step);
  if (stride === 1) return 0;
  return stride === nx * ny ? 2 : 1;
}

/** Puts pixels whose sides differ in millimetres into a canvas of square ones. */
function toCanvas(canvas: HTMLCanvasElement, pixels: ImageData, slice: PlaneSlice): void {
  const wide = slice.width * Math.abs(slice.stepAcross);
  const high = slice.height * Math.abs(slice.stepDown);
  const scale = longest / Math.max(wide, high);
  canvas.width = Math.max(1, Math.round(wide * scale));
  canvas.height = Math.max(1, Math.round(high * scale));
  const plain = element('canvas');
  plain.width = pixels.width;
  plain.height = pixels.height;
  plain.getContext('2d')?.putImageData(pixels, 0, 0);
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.imageSmoothingEnabled = false;
  context.drawImage(plain, 0, 0, canvas.width, canvas.height);
}
