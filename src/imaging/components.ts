import { joinedRuns } from './runs.ts';
import { geometryOf, type Mask } from './volume.ts';

export interface ComponentOptions {
  /** Connected neighbours: 6 (faces) or 26 (faces, edges, corners). Default 26. */
  connectivity?: 6 | 26;
}

export interface Components {
  /** Component of every voxel, from 1 in the order of their first voxel; 0 outside. */
  labels: Int32Array;
  /** Voxels of component 1, 2, …, from index 0. */
  sizes: number[];
}

/** The connected pieces of a region. */
export function components(mask: Mask, { connectivity = 26 }: ComponentOptions = {}): Components {
  const { data, size } = mask;
  const [nx, ny, nz] = size;
  const labels = new Int32Array(data.length);
  const sizes: number[] = [];
  let queue = new Int32Array(1024);
  for (let seed = 0; seed < data.length; seed++) {
    if (data[seed] === 0 || labels[seed] !== 0) continue;
    const label = sizes.length + 1;
    labels[seed] = label;
    queue[0] = seed;
    let end = 1;
    for (let head = 0; head < end; head++) {
      const at = queue[head];
      const i = at % nx;
      const j = Math.floor(at / nx) % ny;
      const k = Math.floor(at / (nx * ny));
      for (let dk = k > 0 ? -1 : 0; dk <= (k < nz - 1 ? 1 : 0); dk++) {
        for (let dj = j > 0 ? -1 : 0; dj <= (j < ny - 1 ? 1 : 0); dj++) {
          for (let di = i > 0 ? -1 : 0; di <= (i < nx - 1 ? 1 : 0); di++) {
            if (connectivity === 6 && di * di + dj * dj + dk * dk !== 1) continue;
            const next = at + di + nx * (dj + ny * dk);
            if (data[next] === 0 || labels[next] !== 0) continue;
            labels[next] = label;
            if (end === queue.length) {
              const longer = new Int32Array(2 * end);
              longer.set(queue);
              queue = longer;
            }
            queue[end++] = next;
          }
        }
      }
    }
    sizes.push(end);
  }
  return { labels, sizes };
}

/** The largest connected piece of a region, the first of them where two are as large; an empty mask stays empty. */
export function largestComponent(mask: Mask, options: ComponentOptions = {}): Mask {
  if (options.connectivity === 6) return largestOfRuns(mask);
  const { labels, sizes } = components(mask, options);
  let largest = 0;
  for (let c = 1; c < sizes.length; c++) if (sizes[c] > sizes[largest]) largest = c;
  const data = new Uint8Array(labels.length);
  if (sizes.length > 0) {
    for (let i = 0; i < data.length; i++) if (labels[i] === largest + 1) data[i] = 1;
  }
  return { ...geometryOf(mask), data };
}

/** The same by faces, without a label for each voxel: whole scans are looked at this way. */
function largestOfRuns(mask: Mask): Mask {
  const { count, starts, ends, roots } = joinedRuns(mask.data, mask.size, { inside: true });
  const sizes = new Float64Array(count);
  for (let run = 0; run < count; run++) sizes[roots[run]] += ends[run] - starts[run];
  let largest = 0;
  for (let run = 1; run < count; run++) if (sizes[run] > sizes[largest]) largest = run;
  const data = new Uint8Array(mask.data.length);
  for (let run = 0; run < count; run++) {
    if (roots[run] === largest) data.fill(1, starts[run], ends[run]);
  }
  return { ...geometryOf(mask), data };
}
