import { describe, expect, it } from 'vitest';
import { metricNames } from '../../src/evaluation/metrics.ts';
import { meanAndSd, resampledInterval, resampledTest } from '../../src/evaluation/resampled-t.ts';
import fc from '../property-runs.ts';

const a = [0.61, 0.72, 0.58, 0.66, 0.7, 0.63, 0.69, 0.55, 0.74, 0.62];
const b = [0.58, 0.7, 0.6, 0.61, 0.66, 0.6, 0.7, 0.52, 0.69, 0.6];

describe('the corrected resampled t-test (Nadeau and Bengio 2003)', () => {
  it('is 1.87 times as wide as the naive interval at ten 80/20 partitions, on the angular scale', () => {
    const { low, high, mean } = resampledInterval(a, 0.25);
    const { sd } = meanAndSd(a);
    // 2.262157162798 is the 97.5% point of t with 9 degrees of freedom (R: qt(0.975, 9)).
    const naive = (2.262157162798205 * sd) / Math.sqrt(10);
    const angle = (share: number) => Math.asin(Math.sqrt(share));
    const half = (Math.sqrt(3.5) * naive) / (2 * Math.sqrt(mean * (1 - mean)));
    expect(angle(mean) - angle(low)).toBeCloseTo(half, 10);
    expect(angle(high) - angle(mean)).toBeCloseTo(half, 10);
  });

  it('widens an AUC near chance, and hardly one far from it', () => {
    const patients = { positives: 5000, negatives: 5000 };
    const length = (values: number[], metric: 'auc' | 'accuracy') => {
      const { low, high } = resampledInterval(values, 0.25, { metric, patients });
      return high - low;
    };
    const at = (centre: number) => a.map((value) => centre + (value - 0.65) / 4);
    const ratio = (centre: number) => length(at(centre), 'auc') / length(at(centre), 'accuracy');
    // √1.7 at chance itself; both ends lie some two standard errors away from it.
    expect(ratio(0.5)).toBeGreaterThan(1.15);
    expect(ratio(0.5)).toBeLessThan(Math.sqrt(1.7));
    expect(ratio(0.9)).toBeLessThan(1.01);
  });

  it('takes no more information from partitions than their patients hold', () => {
    const calm = [0.8, 0.8, 0.81, 0.8, 0.79, 0.8, 0.8, 0.8, 0.8, 0.8];
    const length = (patients: { positives: number; negatives: number }) => {
      const { low, high } = resampledInterval(calm, 0.25, { metric: 'sensitivity', patients });
      return high - low;
    };
    expect(length({ positives: 20, negatives: 30 })).toBeGreaterThan(0.3);
    expect(length({ positives: 20, negatives: 30 })).toBe(
      length({ positives: 20, negatives: 999 }),
    );
    expect(length({ positives: 20000, negatives: 30 })).toBeLessThan(0.02);
  });

  it('lies within [0, 1], holds its mean and is never empty, whatever the partitions', () => {
    const share = fc.oneof(
      fc.constantFrom(0, 0.25, 0.5, 1),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    const cases = fc.record({
      values: fc.array(share, { minLength: 2, maxLength: 12 }),
      metric: fc.constantFrom(...metricNames),
      positives: fc.integer({ min: 2, max: 300 }),
      negatives: fc.integer({ min: 2, max: 300 }),
      known: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, ({ values, metric, positives, negatives, known }) => {
        const patients = known ? { positives, negatives } : undefined;
        const { mean, low, high } = resampledInterval(values, 0.25, { metric, patients });
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThan(high);
        expect(low).toBeLessThanOrEqual(mean + 1e-12);
        expect(high).toBeGreaterThanOrEqual(mean - 1e-12);
      }),
    );
  });

  it('is Wilson on the patients where all partitions agree, and is marked as Wilson', () => {
    const patients = { positives: 20, negatives: 28 };
    const same = Array<number>(10).fill(0.75);
    const { low, high, method } = resampledInterval(same, 0.25, {
      metric: 'sensitivity',
      patients,
    });
    expect(method).toBe('wilson');
    expect(low).toBeLessThan(0.55);
    expect(high).toBeGreaterThan(0.87);
    const all = resampledInterval(Array<number>(10).fill(1), 0.25, { metric: 'auc', patients });
    expect(all).toMatchObject({ high: 1, method: 'wilson' });
    expect(all.low).toBeLessThan(0.95);
    expect(resampledInterval(a, 0.25).method).toBeUndefined();
  });

  it('never gives a p-value of 0, nor a difference beyond 1', () => {
    const high = [0.99, 1, 0.98, 1, 0.99, 1, 0.97, 1, 1, 0.99];
    const low = high.map((value, i) => value - 0.9 - 0.001 * i);
    const { p, high: end } = resampledTest(high, low, 0.25);
    expect(p).toBe(1e-4);
    expect(end).toBeLessThanOrEqual(1);
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
    expect(resampledTest(a, a, 0.25)).toMatchObject({
      difference: 0,
      t: 0,
      p: 1,
      method: 'wilson',
    });
    // The same difference everywhere, up to rounding: no spread to test by, and no infinite t.
    const shifted = resampledTest(
      a,
      a.map((value) => value - 0.1),
      0.25,
    );
    expect(shifted.difference).toBeCloseTo(0.1, 12);
    expect(shifted).toMatchObject({ t: null, p: null, method: 'wilson' });
    expect(shifted.low).toBeLessThan(shifted.high);
    expect(resampledTest([0.7], [0.6], 0.25)).toMatchObject({ t: null, p: null });
  });
});
