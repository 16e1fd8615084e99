import { describe, expect, it } from 'vitest';
import { identityDirection, type Volume } from '../../../src/imaging/volume.ts';
import { wavelet } from '../../../src/radiomics/filters/wavelet.ts';
import { scalingCoefficients } from '../../../src/radiomics/filters/wavelet-coefficients.ts';
import { waveletNames } from '../../../src/radiomics/filters/wavelet-filters.ts';

/** Rounding of the table's doubles over up to 40 taps; a wrong digit in any tap would show long before. */
const tolerance = 1e-9;

const names = Object.keys(scalingCoefficients);

/** Moments of the high-pass that vanish: N of dbN and symN (2N taps), 2N of coifN (6N taps). */
function moments(name: string): number {
  const order = Number(/\d+$/.exec(name)?.[0]);
  return name.startsWith('coif') ? 2 * order : order;
}

describe('the table of scaling coefficients', () => {
  it('holds db1 to db20, sym2 to sym20, coif1 to coif5, each of its length', () => {
    const range = (family: string, from: number, to: number) =>
      Array.from({ length: to - from + 1 }, (_, i) => `${family}${from + i}`);
    const all = [...range('db', 1, 20), ...range('sym', 2, 20), ...range('coif', 1, 5)];
    expect([...names].sort()).toEqual(all.sort());
    for (const name of names) {
      const taps = name.startsWith('coif') ? 3 * moments(name) : 2 * moments(name);
      expect(scalingCoefficients[name], name).toHaveLength(taps);
    }
  });

  it.each(names)('%s: orthonormal to its even shifts, sum √2', (name) => {
    const h = scalingCoefficients[name];
    expect(Math.abs(h.reduce((sum, x) => sum + x, 0) - Math.SQRT2)).toBeLessThan(tolerance);
    for (let shift = 0; shift < h.length; shift += 2) {
      let product = 0;
      for (let i = shift; i < h.length; i++) product += h[i] * h[i - shift];
      expect(Math.abs(product - (shift === 0 ? 1 : 0)), `shift ${shift}`).toBeLessThan(tolerance);
    }
  });

  it.each(names)('%s: the moments of its high-pass vanish', (name) => {
    const h = scalingCoefficients[name];
    // Centred and scaled to ±1, so that high powers keep their digits; vanishing does not depend on it.
    const half = (h.length - 1) / 2;
    const moment = (p: number) =>
      h.reduce((sum, x, i) => sum + (i % 2 === 0 ? x : -x) * ((i - half) / half) ** p, 0);
    for (let p = 0; p < moments(name); p++) {
      expect(Math.abs(moment(p)), `moment ${p}`).toBeLessThan(tolerance);
    }
    // The count is sharp: the next one does not vanish (beyond order 6 it is too small to be told from rounding).
    if (moments(name) <= 6) expect(Math.abs(moment(moments(name)))).toBeGreaterThan(1e-4);
  });
});

describe('wavelet', () => {
  it('keeps energy: the squares of the eight sub-bands sum to 8 times the image, for every orthogonal wavelet', () => {
    const data = Float64Array.from({ length: 512 }, (_, i) => ((i * 7919) % 101) - 50);
    const volume: Volume = {
      size: [8, 8, 8],
      spacing: [1, 1, 1],
      origin: [0, 0, 0],
      direction: identityDirection,
      data,
    };
    const energy = data.reduce((sum, x) => sum + x * x, 0);
    // The discrete Meyer wavelet is orthogonal up to 1e-3 only; biorthogonal ones do not keep energy.
    for (const name of waveletNames.filter((one) => !/bio|dmey/.test(one))) {
      const bands = wavelet(volume, { wavelet: name });
      let sum = 0;
      for (const band of bands) for (const x of band.volume.data) sum += x * x;
      expect(Math.abs(sum / (8 * energy) - 1), name).toBeLessThan(1e-8);
    }
  });

  it('of a constant is its low-pass alone, 2√2 times the constant', () => {
    const flat: Volume = {
      size: [6, 5, 4],
      spacing: [1, 1, 1],
      origin: [0, 0, 0],
      direction: identityDirection,
      data: new Float64Array(120).fill(10),
    };
    for (const { name, volume } of wavelet(flat)) {
      const expected = name === 'wavelet-LLL' ? 10 * 2 * Math.SQRT2 : 0;
      for (const x of volume.data) expect(Math.abs(x - expected), name).toBeLessThan(1e-9);
    }
  });

  it('names the nearest wavelet where there is none of that name', () => {
    const volume: Volume = {
      size: [1, 1, 1],
      spacing: [1, 1, 1],
      origin: [0, 0, 0],
      direction: identityDirection,
      data: Float64Array.of(1),
    };
    expect(() => wavelet(volume, { wavelet: 'coiff1' })).toThrow(/coif1/);
  });
});
