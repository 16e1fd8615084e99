import { type Box, sizeOfBox } from '../../imaging/crop.ts';
import { indexToPoint, type Vector3, type Volume, type VoxelArray } from '../../imaging/volume.ts';
import { NacreError } from '../../runtime/errors.ts';
import { requireSize, wholeBox } from './boundary.ts';
import type { FilteredImage, WithinBox } from './filtered-image.ts';
import { filterLines, type RecursiveFilter, recursiveGaussian } from './recursive-gaussian.ts';

export interface LaplacianOfGaussianOptions extends WithinBox {
  /** Standard deviation of the Gaussian, mm. Default 3. A text keeps its spelling in the image's name. */
  sigma?: number | string;
  /** Multiply by sigma² so that scales compare, as PyRadiomics does. Default true. */
  normalise?: boolean;
}

/**
 * Laplacian of Gaussian as PyRadiomics has it: ITK's LaplacianRecursiveGaussianImageFilter, Deriche's recursion in double
 * precision a line with images held in float32 between the passes, border values going on for ever. The response is float32.
 *
 * @throws NacreError `image-too-small` below 4 voxels an axis or below sigma / spacing + 1; `bad-option`
 */
export function laplacianOfGaussian(
  volume: Volume,
  options: LaplacianOfGaussianOptions = {},
): FilteredImage {
  const { sigma: given = 3, normalise = true, within = wholeBox(volume) } = options;
  const sigma = sigmaOf(given);
  const { spacing, size } = volume;
  const least = spacing.map((s) => Math.max(4, Math.ceil(sigma / s) + 1));
  requireSize(size, [least[0], least[1], least[2]], `a Laplacian of Gaussian of ${sigma} mm`);
  const wanted = sizeOfBox(within);
  const total = new Float32Array(wanted[0] * wanted[1] * wanted[2]);
  for (const along of [0, 1, 2] as const) {
    const order = [along, ...([0, 1, 2] as const).filter((axis) => axis !== along)];
    let part: Part = { data: volume.data, size };
    for (const axis of order) {
      const filter = recursiveGaussian(sigma, spacing[axis], axis === along ? 2 : 0, normalise);
      part = filterAxis(part, axis, filter, within);
    }
    const scale = 1 / (spacing[along] * spacing[along]);
    for (let i = 0; i < total.length; i++) total[i] += part.data[i] * scale;
  }
  return {
    name: logName(given),
    volume: {
      size: wanted,
      spacing,
      direction: volume.direction,
      origin: indexToPoint(volume, within.low),
      data: total,
    },
  };
}

/** PyRadiomics' name: Python's spelling of sigma with the point as a dash; 3 is `3-0`, the text '3' stays `3`. */
export function logName(sigma: number | string): string {
  const spelt =
    typeof sigma === 'string' ? sigma : Number.isInteger(sigma) ? `${sigma}.0` : `${sigma}`;
  return `log-sigma-${spelt.replace('.', '-')}-mm-3D`;
}

export function sigmaOf(given: number | string): number {
  const sigma = Number(given);
  if (Number.isFinite(sigma) && sigma > 0) return sigma;
  throw new NacreError('bad-option', 'sigma is no width', {
    found: `${given}`,
    expected: 'millimetres above 0',
  });
}

interface Part {
  data: VoxelArray;
  size: Vector3;
}

/** Lines filtered side by side. */
const sideBySide = 16;

/** One pass along one axis, float32 out; along that axis only the voxels of the box are kept. */
function filterAxis(part: Part, axis: 0 | 1 | 2, filter: RecursiveFilter, box: Box): Part {
  const { data, size } = part;
  const [nx, ny, nz] = size;
  const n = size[axis];
  const low = box.low[axis];
  const kept = box.high[axis] - low + 1;
  const to = [nx, ny, nz];
  to[axis] = kept;
  const out = new Float32Array(to[0] * to[1] * to[2]);
  const strides = [1, nx, nx * ny];
  const toStrides = [1, to[0], to[0] * to[1]];
  // Lines lie side by side along x, or along y where x is filtered.
  const beside = axis === 0 ? 1 : 0;
  const other = 3 - axis - beside;
  const most = axis === 0 ? sideBySide : Math.min(nx, 256);
  const length = (n + 8) * most;
  const lines = new Float64Array(length);
  const result = new Float64Array(length);
  const back = new Float64Array(length);
  for (let o = 0; o < size[other]; o++) {
    for (let b = 0; b < size[beside]; b += most) {
      const width = Math.min(most, size[beside] - b);
      const from = o * strides[other] + b * strides[beside];
      load(data, lines, from, n, width, strides[axis], strides[beside]);
      filterLines(lines, result, back, n, width, filter);
      const target = o * toStrides[other] + b * toStrides[beside];
      for (let r = 0; r < kept; r++) {
        const source = (r + low + 4) * width;
        const at = target + r * toStrides[axis];
        for (let i = 0; i < width; i++) out[at + i * toStrides[beside]] = result[source + i];
      }
    }
  }
  return { data: out, size: [to[0], to[1], to[2]] };
}

function load(
  data: VoxelArray,
  lines: Float64Array,
  from: number,
  n: number,
  width: number,
  stride: number,
  beside: number,
): void {
  for (let r = 0; r < n; r++) {
    const at = from + r * stride;
    const row = (r + 4) * width;
    for (let i = 0; i < width; i++) lines[row + i] = data[at + i * beside];
  }
}
