import { describe, expect, it } from 'vitest';
import { meanAndSd, resampledInterval, resampledTest } from '../../src/evaluation/resampled-t.ts';

const a = [0.61, 0.72, 0.58, 0.66, 0.7, 0.63, 0.69, 0.55, 0.74, 0.62];
const b = [0.58, 0.7, 0.6, 0.61, 0.66, 0.6, 0.7, 0.52, 0.69, 0.6];

describe('the corrected resampled t-test (Nadeau and Bengio 2003)', () => {
  it('is 1.87 times as wide as the naive interval at ten 80/20 partitions', () => {
    const { low, high } = resampledInterval(a, 0.25);
    const { sd } = meanAndSd(a);
    // 2.262157162798 is the 97.5% point of t with 9 degrees of freedom (R: qt(0.975, 9)).
    const naive = (2 * 2.262157162798205 * sd) / Math.sqrt(10);
    expect((high - low) / naive).toBeCloseTo(Math.sqrt(3.5), 10);
  });

  it("gives the two-sided p-value of Student's t with 9 degrees of freedom (integrated numerically)", () => {
    const { t, p, difference } = resampledTest(a, b, 0.25);
    const differences = a.map((value, i) => value - b[i]);
    const { mean, sd } = meanAndSd(differences);
    expect(difference).toBeCloseTo(0.024, 12);
    expect(t).toBeCloseTo(mean / (sd * Math.sqrt(0.35)), 12);
    expect(p).toBeCloseTo(0.114161070268, 8);
  });

  it('is sure of nothing when a partition is all there is, and of no difference when there is none', () => {
    expect(resampledInterval([0.6], 0.25).low).toBeNaN();
    expect(resampledTest(a, a, 0.25)).toMatchObject({ difference: 0, t: 0, p: 1 });
    // The same difference everywhere, up to rounding: no spread to test by, and no infinite t.
    const shifted = resampledTest(
      a,
      a.map((value) => value - 0.1),
      0.25,
    );
    expect(shifted.difference).toBeCloseTo(0.1, 12);
    expect(shifted).toMatchObject({ t: null, p: null });
    expect(resampledTest([0.7], [0.6], 0.25)).toMatchObject({ t: null, p: null });
  });
});
