import type { RandomStream } from '../../runtime/random-stream.ts';

/** Block of the noise in a phantom cohort: `extractor: noise` in a study. */
export const noiseBlock = 'noise';

/** About as many columns as there are handcrafted features of one region of one scan. */
const columns = 200;

export const noiseColumns: readonly string[] = Array.from(
  { length: columns },
  (_, i) => `noise_${i}`,
);

/** Standard normals of one patient, as cells: they know nothing of the patient, the scans or the outcome. */
export function drawNoise(stream: RandomStream): string[] {
  return noiseColumns.map(() => stream.normal().toFixed(6));
}
