import { cbrt } from '../../runtime/elementary.ts';
import { type Box, crop, sizeOfBox } from '../crop.ts';
import type { Volume } from '../volume.ts';

/** Weight of place against intensity; intensities run from 0 to 1 over the box. */
const compactness = 0.05;
const rounds = 5;

/**
 * Supervoxels of a box of a scan: groups of neighbouring voxels of like intensity, by local k-means from a regular lattice of
 * centres (SLIC; Achanta et al. 2012, IEEE TPAMI 34:2274). Intensities are means over 3 × 3 × 3 voxels, so that noise does not
 * decide.
 *
 * @param mm3 mean volume of a supervoxel, mm³
 * @returns number of its supervoxel for each voxel of the box, x fastest
 */
export function supervoxels(scan: Volume, box: Box, mm3: number): Int32Array {
  const size = sizeOfBox(box);
  const step = cbrt(mm3);
  const values = smoothed(scaled(scan, box), size);
  const { spacing } = scan;
  const centres = lattice(size, spacing, step, values);
  const labels = new Int32Array(values.length);
  const nearest = new Float64Array(values.length);
  const near = compactness / step;
  for (let round = 0; round < rounds; round++) {
    nearest.fill(Number.POSITIVE_INFINITY);
    centres.forEach(({ value, place }, c) => {
      const low = place.map((mm, axis) => Math.max(0, Math.ceil((mm - step) / spacing[axis])));
      const high = place.map((mm, axis) =>
        Math.min(size[axis] - 1, Math.floor((mm + step) / spacing[axis])),
      );
      for (let k = low[2]; k <= high[2]; k++) {
        for (let j = low[1]; j <= high[1]; j++) {
          for (let i = low[0]; i <= high[0]; i++) {
            const at = i + size[0] * (j + size[1] * k);
            const [x, y, z] = [i * spacing[0], j * spacing[1], k * spacing[2]];
            const apart =
              (x - place[0]) * (x - place[0]) +
              (y - place[1]) * (y - place[1]) +
              (z - place[2]) * (z - place[2]);
            const unlike = values[at] - value;
            const distance = unlike * unlike + near * near * apart;
            if (distance >= nearest[at]) continue;
            nearest[at] = distance;
            labels[at] = c;
          }
        }
      }
    });
    recentre(centres, labels, values, size, spacing);
  }
  return labels;
}

interface Centre {
  value: number;
  /** mm from the box's first voxel. */
  place: [number, number, number];
}

/** Intensities of the box from 0 to 1. */
function scaled(scan: Volume, box: Box): Float64Array {
  const values = Float64Array.from(crop(scan, box).data);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < values.length; at++) {
    if (!Number.isFinite(values[at])) values[at] = 0;
    if (values[at] < least) least = values[at];
    if (values[at] > most) most = values[at];
  }
  const range = most > least ? most - least : 1;
  return values.map((value) => (value - least) / range);
}

/** Mean over three voxels along one axis after the other; at the border the last voxel counts twice. */
function smoothed(values: Float64Array, [nx, ny, nz]: readonly number[]): Float64Array {
  let from = values;
  for (const [stride, n] of [
    [1, nx],
    [nx, ny],
    [nx * ny, nz],
  ]) {
    const to = new Float64Array(from.length);
    for (let at = 0; at < from.length; at++) {
      const place = Math.floor(at / stride) % n;
      const before = place > 0 ? from[at - stride] : from[at];
      const after = place < n - 1 ? from[at + stride] : from[at];
      to[at] = (before + from[at] + after) / 3;
    }
    from = to;
  }
  return from;
}

/** Centres evenly over the box, about `step` mm apart, at least one along each axis. */
function lattice(
  size: readonly number[],
  spacing: readonly number[],
  step: number,
  values: Float64Array,
): Centre[] {
  const along = size.map((voxels, axis) => {
    const count = Math.max(1, Math.round((voxels * spacing[axis]) / step));
    return Array.from({ length: count }, (_, c) =>
      Math.min(voxels - 1, Math.floor(((c + 0.5) * voxels) / count)),
    );
  });
  return along[2].flatMap((k) =>
    along[1].flatMap((j) =>
      along[0].map(
        (i): Centre => ({
          value: values[i + size[0] * (j + size[1] * k)],
          place: [i * spacing[0], j * spacing[1], k * spacing[2]],
        }),
      ),
    ),
  );
}

function recentre(
  centres: Centre[],
  labels: Int32Array,
  values: Float64Array,
  size: readonly number[],
  spacing: readonly number[],
): void {
  const sums = new Float64Array(5 * centres.length);
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) {
        const s = 5 * labels[at];
        sums[s]++;
        sums[s + 1] += values[at];
        sums[s + 2] += i * spacing[0];
        sums[s + 3] += j * spacing[1];
        sums[s + 4] += k * spacing[2];
      }
    }
  }
  centres.forEach((centre, c) => {
    const count = sums[5 * c];
    if (count === 0) return;
    centre.value = sums[5 * c + 1] / count;
    centre.place = [sums[5 * c + 2] / count, sums[5 * c + 3] / count, sums[5 * c + 4] / count];
  });
}
