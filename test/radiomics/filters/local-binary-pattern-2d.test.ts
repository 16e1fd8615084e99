import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { crop } from '../../../src/imaging/crop.ts';
import type { VoxelArray } from '../../../src/imaging/volume.ts';
import {
  type LbpMethod,
  localBinaryPattern2d,
} from '../../../src/radiomics/filters/local-binary-pattern-2d.ts';
import { grid } from '../small-volumes.ts';

const golden: {
  skimage: string;
  size: [number, number, number];
  cases: {
    kind: 'int16' | 'float32' | 'float64';
    method: LbpMethod;
    /** As PyRadiomics counts: 0 is z. */
    axis: number;
    radius: number;
    samples: number;
    values: (number | null)[];
  }[];
} = JSON.parse(
  readFileSync(new URL('../../goldens/local-binary-pattern-2d.json', import.meta.url), 'utf8'),
);

function image(kind: string) {
  let state = 12345n;
  const whole = Int16Array.from({ length: 210 }, () => {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    return Number(state % 9n);
  });
  const factor = Math.fround(0.37);
  const data = {
    int16: whole,
    float32: Float32Array.from(whole, (x) => x * factor),
    float64: Float64Array.from(whole, (x) => x * factor),
  }[kind];
  return { ...grid(golden.size), data: data as VoxelArray };
}

describe(`localBinaryPattern2d beside scikit-image ${golden.skimage}`, () => {
  it.each(golden.cases)(
    '$kind, $method, axis $axis, radius $radius, $samples samples',
    ({ kind, method, axis, radius, samples, values }) => {
      const across = (2 - axis) as 0 | 1 | 2;
      const options = { method, across, radius, samples };
      const { data } = localBinaryPattern2d(image(kind), options).volume;
      for (const [at, value] of values.entries()) {
        if (value === null) expect(data[at]).toBeNaN();
        else expect(Math.abs(data[at] - value)).toBeLessThanOrEqual(1e-6 * Math.abs(value));
      }
    },
  );

  it('within a box is the same voxels of the whole', () => {
    const box = { low: [1, 2, 0], high: [5, 5, 3] } as const;
    const whole = localBinaryPattern2d(image('float32'), { radius: 2 }).volume;
    const part = localBinaryPattern2d(image('float32'), { radius: 2, within: box }).volume;
    expect(part.data).toEqual(crop(whole, box).data);
  });
});
