import { airThreshold } from './body.ts';
import type { Mask, Volume } from './volume.ts';

/** Grey values under a mask, beside those of the tissue of its scan. In the scan's own unit unless said otherwise. */
export interface MaskIntensities {
  mean: number;
  /** Standard deviation. */
  sd: number;
  /** 5th and 95th percentile. */
  low: number;
  high: number;
  /** Share of the mask that is air, 0 to 1; zero where the scan shows no air. */
  airShare: number;
  /** Voxels under the mask that are not finite. */
  notFinite: number;
  /** Median and distance of the quartiles of all voxels above air. */
  tissue: { median: number; spread: number };
  /** Mean of the ring; undefined without one. */
  ringMean?: number | undefined;
}

/** Measures the grey values; undefined where no voxel under the mask is finite. */
export function maskIntensities(
  image: Volume,
  mask: Mask,
  ring?: Mask,
): MaskIntensities | undefined {
  const values = valuesUnder(image, mask);
  const inside = values.filter(Number.isFinite).sort();
  if (inside.length === 0) return undefined;
  const air = airThreshold(image.data);
  const mean = meanOf(inside);
  let squares = 0;
  for (let i = 0; i < inside.length; i++) squares += (inside[i] - mean) ** 2;
  const dark = air === undefined ? 0 : inside.findIndex((value) => value >= air);
  const around = ring === undefined ? undefined : valuesUnder(image, ring).filter(Number.isFinite);
  return {
    mean,
    sd: Math.sqrt(squares / inside.length),
    low: percentile(inside, 0.05),
    high: percentile(inside, 0.95),
    airShare: (dark < 0 ? inside.length : dark) / inside.length,
    notFinite: values.length - inside.length,
    tissue: tissueOf(image, air),
    ringMean: around === undefined || around.length === 0 ? undefined : meanOf(around),
  };
}

function valuesUnder({ data }: Volume, mask: Mask): Float64Array {
  let n = 0;
  for (let i = 0; i < mask.data.length; i++) if (mask.data[i] !== 0) n++;
  const values = new Float64Array(n);
  n = 0;
  for (let i = 0; i < mask.data.length; i++) if (mask.data[i] !== 0) values[n++] = data[i];
  return values;
}

function tissueOf({ data }: Volume, air = Number.NEGATIVE_INFINITY): MaskIntensities['tissue'] {
  // Every n-th voxel is enough for a percentile; which ones is fixed.
  const step = Math.max(1, Math.floor(data.length / 200_000));
  const sample = new Float64Array(Math.ceil(data.length / step));
  let n = 0;
  for (let i = 0; i < data.length; i += step) {
    if (data[i] > air && Number.isFinite(data[i])) sample[n++] = data[i];
  }
  const sorted = sample.subarray(0, n).sort();
  const spread = percentile(sorted, 0.75) - percentile(sorted, 0.25);
  return { median: percentile(sorted, 0.5), spread };
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))] ?? 0;
}
