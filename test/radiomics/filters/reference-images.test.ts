import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Volume } from '../../../src/imaging/volume.ts';
import { readVolume } from '../../../src/machine/read-volume.ts';
import { exponential } from '../../../src/radiomics/filters/exponential.ts';
import { gradient } from '../../../src/radiomics/filters/gradient.ts';
import { laplacianOfGaussian } from '../../../src/radiomics/filters/laplacian-of-gaussian.ts';
import { logarithm } from '../../../src/radiomics/filters/logarithm.ts';
import { square } from '../../../src/radiomics/filters/square.ts';
import { squareRoot } from '../../../src/radiomics/filters/square-root.ts';
import { wavelet, waveletBand } from '../../../src/radiomics/filters/wavelet.ts';
import { sharedFolder } from '../../shared-folder.ts';

const shared = sharedFolder();
if (shared === undefined) {
  console.info('skipped: PyRadiomics filtered breast1, no folder ../shared (or NACRE_SHARED)');
}
const at = (...path: string[]) => join(shared ?? '', 'reference', 'pyradiomics', ...path);

const filters: [string, (image: Volume) => Volume][] = [
  ['wavelet-HHH', (image) => waveletBand(image, 'HHH')],
  ['wavelet-HLL', (image) => waveletBand(image, 'HLL')],
  ['wavelet-LLH', (image) => waveletBand(image, 'LLH')],
  ['wavelet-LLL', (image) => waveletBand(image, 'LLL')],
  ['log-sigma-1-0-mm-3D', (image) => laplacianOfGaussian(image, { sigma: 1 }).volume],
  ['log-sigma-3-0-mm-3D', (image) => laplacianOfGaussian(image, { sigma: 3 }).volume],
  ['gradient', (image) => gradient(image).volume],
];

describe.skipIf(shared === undefined)("breast1 filtered equals PyRadiomics' images", () => {
  it.each(filters)('%s, to 1e-6 of the image in float32', async (name, filter) => {
    const ours = filter(await readVolume(at('breast1_image.nrrd')));
    const theirs = await readVolume(at('computed', `breast1_${name}.nrrd`));
    expect(ours.size).toEqual(theirs.size);
    let largest = 0;
    let worst = 0;
    for (let i = 0; i < theirs.data.length; i++) {
      largest = Math.max(largest, Math.abs(theirs.data[i]));
      worst = Math.max(worst, Math.abs(Math.fround(ours.data[i]) - theirs.data[i]));
    }
    console.info(`${name}: largest difference ${worst}, largest value ${largest}`);
    expect(largest).toBeGreaterThan(1);
    expect(worst).toBeLessThanOrEqual(1e-6 * largest);
  });

  it('within a box equals the same voxels of the whole response', async () => {
    const image = await readVolume(at('breast1_image.nrrd'));
    const within = { low: [11, 40, 6], high: [20, 52, 9] } as const;
    const pairs: [Volume, Volume][] = [
      [
        laplacianOfGaussian(image, { sigma: 3, within }).volume,
        laplacianOfGaussian(image, { sigma: 3 }).volume,
      ],
      ...[square, squareRoot, logarithm, exponential, gradient].map((filter): [Volume, Volume] => [
        filter(image, { within }).volume,
        filter(image).volume,
      ]),
      ...wavelet(image, { within, level: 2 }).map(({ name, volume }): [Volume, Volume] => {
        const whole = wavelet(image, { level: 2 }).find((other) => other.name === name);
        return [volume, whole?.volume as Volume];
      }),
    ];
    expect(pairs).toHaveLength(21);
    for (const [part, whole] of pairs) {
      expect(part.size).toEqual([10, 13, 4]);
      for (let v = 0; v < part.data.length; v++) {
        const [i, j, k] = [v % 10, Math.floor(v / 10) % 13, Math.floor(v / 130)];
        const index = i + 11 + whole.size[0] * (j + 40 + whole.size[1] * (k + 6));
        expect(part.data[v]).toBe(whole.data[index]);
      }
    }
  });
});
