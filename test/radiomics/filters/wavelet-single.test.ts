import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { identityDirection, type Volume } from '../../../src/imaging/volume.ts';
import { wavelet } from '../../../src/radiomics/filters/wavelet.ts';

interface Golden {
  size: [number, number, number];
  wavelet: string;
  level: number;
  bands: Record<string, string>;
}

/** Printed by wavelet-single.py beside this file. */
const { cases } = JSON.parse(
  readFileSync(new URL('../../goldens/wavelet-single.json', import.meta.url), 'utf8'),
) as { cases: Golden[] };

function volumeOf(size: [number, number, number], data: Volume['data']): Volume {
  return { size, spacing: [1, 1, 1], origin: [0, 0, 0], direction: identityDirection, data };
}

function voxels([x, y, z]: [number, number, number]): Float32Array {
  return Float32Array.from(
    { length: x * y * z },
    (_, at) => ((at * at * 37 + at * 911) % 10007) / 7 - 300,
  );
}

describe('float32 images are filtered in float32, to the last bit as PyWavelets does it', () => {
  it.each(cases)('$size, $wavelet, level $level', ({ size, wavelet: name, level, bands }) => {
    const made = wavelet(volumeOf(size, voxels(size)), { wavelet: name, level });
    expect(made.map((band) => band.name)).toEqual(Object.keys(bands));
    for (const { name: band, volume } of made) {
      expect(volume.data).toBeInstanceOf(Float32Array);
      const bytes = Buffer.from(bands[band], 'base64');
      expect(Buffer.from(volume.data.buffer).equals(bytes), band).toBe(true);
    }
  });

  it('within a box equals the same voxels of the whole response', () => {
    const size: [number, number, number] = [9, 8, 7];
    const image = volumeOf(size, voxels(size));
    const within = { low: [4, 1, 3], high: [8, 6, 6] } as const;
    const whole = wavelet(image, { level: 2 });
    for (const [at, { volume }] of wavelet(image, { level: 2, within }).entries()) {
      expect(volume.size).toEqual([5, 6, 4]);
      for (let v = 0; v < volume.data.length; v++) {
        const [i, j, k] = [v % 5, Math.floor(v / 5) % 6, Math.floor(v / 30)];
        const index = i + 4 + 9 * (j + 1 + 8 * (k + 3));
        expect(volume.data[v]).toBe(whole[at].volume.data[index]);
      }
    }
  });

  it('doubles, whole numbers and other boundaries stay in double precision', () => {
    const size: [number, number, number] = [6, 5, 4];
    const float = volumeOf(size, voxels(size));
    const double = volumeOf(size, Float64Array.from(voxels(size)));
    const short = volumeOf(size, Int16Array.from(voxels(size)));
    for (const made of [
      wavelet(double),
      wavelet(short),
      wavelet(float, { boundary: 'mirror', dilated: true }),
    ]) {
      expect(made.every(({ volume }) => volume.data instanceof Float64Array)).toBe(true);
    }
  });
});
