import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { airThreshold, bodyMask } from '../../src/imaging/body.ts';
import { peritumoralRing } from '../../src/imaging/peritumoral-ring.ts';
import { identityDirection, type Volume } from '../../src/imaging/volume.ts';
import { readMask, readVolume } from '../../src/machine/read-volume.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { sharedFolder } from '../shared-folder.ts';

const n = 40;

/** A cylinder along k: `inside` by the distance from its axis in voxels, `outside` beyond 16. Noise is uniform, ±`noise`. */
function phantom(inside: (r: number) => number, outside: number, noise: number): Volume {
  const random = RandomStream.of(3, 'body-phantom');
  const data = new Float32Array(n * n * 6);
  for (let at = 0; at < data.length; at++) {
    const r = Math.hypot((at % n) - 19.5, (Math.floor(at / n) % n) - 19.5);
    const value = r <= 16 ? inside(r) : outside;
    data[at] = value + noise * (2 * random.next() - 1);
  }
  return {
    size: [n, n, 6],
    spacing: [1, 1, 3],
    origin: [0, 0, 0],
    direction: identityDirection,
    data,
  };
}

const radius = (at: number) => Math.hypot((at % n) - 19.5, (Math.floor(at / n) % n) - 19.5);

function expectDisc(image: Volume): void {
  const { data } = bodyMask(image);
  let wrong = 0;
  for (let at = 0; at < data.length; at++) if (data[at] !== (radius(at) <= 16 ? 1 : 0)) wrong++;
  expect(wrong).toBe(0);
}

describe('bodyMask', () => {
  it('on T1 MRI parts air from muscle, not muscle from fat', () => {
    // Air 20, muscle 300, fat 1000: the plain Otsu threshold lies near 600.
    const image = phantom((r) => (r < 12 ? 300 : 1000), 20, 20);
    const threshold = airThreshold(image.data) as number;
    expect(threshold).toBeGreaterThan(40);
    expect(threshold).toBeLessThan(280);
    expectDisc(image);
  });

  it('on CT keeps fat, and lung and a gas bubble that the body encloses', () => {
    const image = phantom((r) => (r < 6 ? -850 : r < 12 ? 50 : -100), -1000, 15);
    expectDisc(image);
  });

  it('takes everything where no air is seen: crops within muscle and fat', () => {
    for (const outside of [1000, 900]) {
      const mri = bodyMask(phantom((r) => (r < 12 ? 300 : 1000), outside, 20));
      expect(mri.data.every((x) => x === 1)).toBe(true);
    }
    const ct = bodyMask(phantom((r) => (r < 12 ? 50 : -100), -100, 15));
    expect(ct.data.every((x) => x === 1)).toBe(true);
    const flat = bodyMask({ ...phantom(() => 7, 7, 0) });
    expect(flat.data.every((x) => x === 1)).toBe(true);
  });

  it('finds little air beside much tissue', () => {
    const image = phantom((r) => (r < 12 ? 300 : 1000), 1000, 20);
    const data = Float32Array.from(image.data);
    for (let at = 0; at < data.length; at++) if (at % n === 0) data[at] = 10;
    const { data: body } = bodyMask({ ...image, data });
    for (let at = 0; at < body.length; at++) expect(body[at]).toBe(at % n === 0 ? 0 : 1);
  });

  it('works on normalised images, and takes the intensity of air from the caller', () => {
    const image = phantom((r) => (r < 12 ? 300 : 1000), 20, 20);
    const scaled = Float32Array.from(image.data, (x) => (x - 300) / 400);
    expectDisc({ ...image, data: scaled });
    const shifted = Float32Array.from(image.data, (x) => x + 5000);
    expect(bodyMask({ ...image, data: shifted }).data.every((x) => x === 1)).toBe(true);
    const { data } = bodyMask({ ...image, data: shifted }, { air: 5000 });
    expect(data).toEqual(bodyMask(image).data);
  });

  it('leaves what hangs apart from the body out', () => {
    const image = phantom((r) => (r < 12 ? 300 : 1000), 20, 20);
    const data = Float32Array.from(image.data);
    data[0] = 900;
    expect(bodyMask({ ...image, data }).data[0]).toBe(0);
  });

  it('refuses an image without a finite voxel', () => {
    const image = phantom(() => Number.NaN, Number.NaN, 0);
    expect(() => bodyMask(image)).toThrow(/no finite voxel/);
  });
});

const shared = sharedFolder();
if (shared === undefined)
  console.info('skipped: STS patients, no folder ../shared (or NACRE_SHARED)');

describe.skipIf(shared === undefined)('bodyMask on STS patients', () => {
  it.each(['STS_008', 'STS_012', 'STS_034'])(
    '%s: the ring lies in the body on MRI and CT',
    async (patient) => {
      for (const scan of ['CT', 'MR_T1']) {
        const path = (what: string) =>
          join(shared ?? '', 'datasets', 'sts', patient, `${scan}_${what}.nii.gz`);
        const body = bodyMask(await readVolume(path('image')));
        const ring = peritumoralRing(await readMask(path('mask')));
        let all = 0;
        let kept = 0;
        let inBody = 0;
        for (let i = 0; i < ring.data.length; i++) {
          inBody += body.data[i];
          if (ring.data[i] === 0) continue;
          all++;
          kept += body.data[i];
        }
        console.info(`${patient} ${scan}: ${kept} of ${all} voxels of the ring are body`);
        expect(kept / all).toBeGreaterThan(0.98);
        expect(inBody / body.data.length).toBeLessThan(0.95);
      }
    },
  );
});
