import { exp, log } from '../runtime/elementary.ts';
import { NacreError } from '../runtime/errors.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';
import { largestComponent } from './components.ts';
import { fillHoles } from './holes.ts';
import { nthSmallest } from './nth-smallest.ts';
import { geometryOf, type Mask, type Volume, type VoxelArray } from './volume.ts';

export interface BodyOptions {
  /**
   * Intensity of air. Default: -1000 where voxels are below -20 (Hounsfield units: fat alone is lower), else 0 (MRI magnitudes),
   * else the lowest voxel (normalised images).
   */
  air?: number | undefined;
}

const bins = 512;
/** Share of the scale's maximum: lower intensities are noise of air and count as one, since the logarithm would spread them. */
const noiseFloor = 0.03;
/** The darker of two classes is air where its median is below this share of the brighter one's (muscle to fat on T1: 0.3). */
const airShare = 0.2;

/**
 * The intensity between air and tissue; undefined where no air is seen. Otsu's threshold (IEEE Trans. SMC 9:62, 1979) of the
 * logarithm of intensity above air: on MRI the plain one lies between muscle and fat, which differ by more units than air and
 * muscle but by a smaller factor. Where the darker class is not air, it is split once more: little air beside much tissue.
 *
 * @throws NacreError `flat-image` where no voxel is finite
 */
export function airThreshold(data: VoxelArray, { air }: BodyOptions = {}): number | undefined {
  const { low, high } = rangeOf(data);
  const zero = air ?? (low < -20 ? -1000 : Math.min(0, low));
  if (!(high > zero)) return undefined;
  const floor = noiseFloor * (high - zero);
  const bottom = log(floor);
  const width = (log(high - zero + floor) - bottom) / bins;
  const counts = new Float64Array(bins);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) continue;
    const bin = Math.floor((log(Math.max(0, data[i] - zero) + floor) - bottom) / width);
    counts[Math.min(bins - 1, bin)]++;
  }
  const intensity = (bin: number) => exp(bottom + bin * width) - floor;
  let end = bins;
  for (let split = 0; split < 2; split++) {
    const edge = otsuEdge(counts, end);
    if (edge === undefined) return undefined;
    const dark = intensity(medianBin(counts, 0, edge) + 0.5);
    const bright = intensity(medianBin(counts, edge, bins) + 0.5);
    if (dark < airShare * bright) return zero + intensity(edge);
    end = edge;
  }
  return undefined;
}

/**
 * The patient's body: voxels above air, the largest piece of them, holes filled in every slice and in space. Air within (lung,
 * bowel) belongs to the body then, as far as a slice encloses it. Where no air is seen (a crop within the body), all is body.
 *
 * @throws NacreError `flat-image` where no voxel is finite
 */
export function bodyMask(image: Volume, options: BodyOptions = {}): Mask {
  const threshold = airThreshold(image.data, options);
  const data = new Uint8Array(image.data.length);
  if (threshold === undefined) {
    return withDisplay({ ...geometryOf(image), data: data.fill(1) });
  }
  for (let i = 0; i < data.length; i++) if (image.data[i] >= threshold) data[i] = 1;
  const body = largestComponent({ ...geometryOf(image), data }, { connectivity: 6 });
  return withDisplay(fillHoles(fillHoles(body, { slicewise: true })));
}

/** The bin, of those before `end`, from which on the brighter of the two classes begins. */
function otsuEdge(counts: Float64Array, end: number): number | undefined {
  let total = 0;
  let sum = 0;
  for (let b = 0; b < end; b++) {
    total += counts[b];
    sum += b * counts[b];
  }
  let below = 0;
  let sumBelow = 0;
  let best: number | undefined;
  let bestVariance = 0;
  for (let b = 0; b < end - 1; b++) {
    below += counts[b];
    sumBelow += b * counts[b];
    if (below === 0 || below === total) continue;
    const difference = sumBelow / below - (sum - sumBelow) / (total - below);
    const variance = below * (total - below) * difference * difference;
    if (variance <= bestVariance) continue;
    bestVariance = variance;
    best = b + 1;
  }
  return best;
}

function medianBin(counts: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let b = from; b < to; b++) total += counts[b];
  let seen = 0;
  for (let b = from; b < to; b++) {
    seen += counts[b];
    if (2 * seen >= total) return b;
  }
  return from;
}

/** The lowest voxel and the 99.5th percentile: metal or vessels do not stretch the scale. */
function rangeOf(data: VoxelArray): { low: number; high: number } {
  // Every n-th voxel is enough for a percentile; which ones is fixed.
  const step = Math.max(1, Math.floor(data.length / 200_000));
  const sample = new Float64Array(Math.ceil(data.length / step));
  let n = 0;
  let low = Number.POSITIVE_INFINITY;
  for (let i = 0; i < data.length; i += step) {
    if (!Number.isFinite(data[i])) continue;
    low = Math.min(low, data[i]);
    sample[n++] = data[i];
  }
  if (n > 0) {
    return { low, high: nthSmallest(sample.subarray(0, n), Math.floor(0.995 * (n - 1))) };
  }
  throw new NacreError('flat-image', 'no body can be found in the image', {
    found: 'no finite voxel',
    expected: 'an image with tissue',
    todo: 'give a body mask',
  });
}
