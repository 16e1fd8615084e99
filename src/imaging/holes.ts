import { joinedRuns } from './runs.ts';
import { geometryOf, type Mask } from './volume.ts';

export interface FillHolesOptions {
  /** Fill what is enclosed within its own slice (k) instead of in space. Default false. */
  slicewise?: boolean;
}

/** A region with its holes filled: background that no path over voxel faces joins to the border of the grid (or slice). */
export function fillHoles(mask: Mask, { slicewise = false }: FillHolesOptions = {}): Mask {
  const [nx, ny, nz] = mask.size;
  const options = { inside: false, slicewise };
  const { count, starts, ends, roots } = joinedRuns(mask.data, mask.size, options);
  const open = new Uint8Array(count);
  for (let run = 0; run < count; run++) {
    const row = Math.floor(starts[run] / nx);
    const j = row % ny;
    const k = Math.floor(row / ny);
    const atEnds = starts[run] === row * nx || ends[run] === (row + 1) * nx;
    const atRows = j === 0 || j === ny - 1;
    const atSlices = !slicewise && (k === 0 || k === nz - 1);
    if (atEnds || atRows || atSlices) open[roots[run]] = 1;
  }
  const data = new Uint8Array(mask.data.length).fill(1);
  for (let run = 0; run < count; run++) {
    if (open[roots[run]] === 1) data.fill(0, starts[run], ends[run]);
  }
  return { ...geometryOf(mask), data };
}
