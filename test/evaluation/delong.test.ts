import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delong, delongTest } from '../../src/evaluation/delong.ts';
import { rocAuc } from '../../src/evaluation/metrics.ts';

describe('DeLong (values of the reference implementations: test/parity/statistics.ts)', () => {
  it('is what the definition gives on four patients', () => {
    // Components of the positives 1 and 1/2, of the negatives 1 and 1/2: variance 1/8 / 2 + 1/8 / 2.
    const { auc, variance, low, high, interval } = delong([1, 1, 0, 0], [4, 2, 3, 1]);
    expect(auc).toBe(0.75);
    expect(variance).toBeCloseTo(0.125, 15);
    expect(interval).toBe('logit');
    const half = (1.959963984540054 * Math.sqrt(0.125)) / (0.75 * 0.25);
    expect(Math.log(low / (1 - low))).toBeCloseTo(Math.log(3) - half, 12);
    expect(Math.log(high / (1 - high))).toBeCloseTo(Math.log(3) + half, 12);
  });

  it('stays in [0, 1], reports Wilson where nothing varies, and has a bound there', () => {
    const perfect = delong([1, 1, 1, 0, 0, 0, 0], [7, 6, 5, 4, 3, 2, 1]);
    expect(perfect).toMatchObject({ auc: 1, variance: 0, high: 1, interval: 'wilson' });
    // Wilson's lower bound of 3 of 3.
    expect(perfect.low).toBeCloseTo(3 / (3 + 1.959963984540054 ** 2), 12);
    const useless = delong([1, 1, 0, 0], [1, 1, 1, 1]);
    expect(useless).toMatchObject({ auc: 0.5, variance: 0, interval: 'wilson' });
    expect(useless.low).toBeGreaterThan(0);
    expect(useless.high).toBeLessThan(1);
  });

  it('agrees with the AUC of the metrics, lies within its interval, and turns over with the labels', () => {
    const patient = fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 6 }));
    fc.assert(
      fc.property(fc.array(patient, { minLength: 8, maxLength: 60 }), (patients) => {
        const labels = patients.map(([label]) => label);
        const scores = patients.map(([, score]) => score);
        const positives = labels.filter((label) => label === 1).length;
        fc.pre(positives >= 2 && labels.length - positives >= 2);
        const { auc, low, high, variance } = delong(labels, scores);
        expect(auc).toBeCloseTo(rocAuc(labels, scores), 12);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(auc + 1e-12);
        expect(high).toBeGreaterThanOrEqual(auc - 1e-12);
        const turned = delong(
          labels.map((label) => 1 - label),
          scores,
        );
        expect(turned.auc).toBeCloseTo(1 - auc, 12);
        expect(turned.variance).toBeCloseTo(variance, 12);
      }),
    );
  });

  it('tests nothing where the two scores order all pairs alike', () => {
    const labels = [1, 1, 0, 0, 1, 0];
    const scores = [6, 2, 3, 1, 5, 4];
    const same = delongTest(
      labels,
      scores,
      scores.map((score) => 10 * score),
    );
    expect(same).toMatchObject({ difference: 0, z: null, p: 1 });
    // All right against all wrong: a difference of 1 without a variance.
    const apart = delongTest([1, 1, 0, 0], [4, 3, 2, 1], [1, 2, 3, 4]);
    expect(apart).toMatchObject({ difference: 1, z: null, p: null, high: 1 });
  });

  it('refuses what has no AUC or no variance', () => {
    expect(() => delong([1, 0], [1])).toThrow(/2 labels and 1 scores/);
    expect(() => delong([1, 1, 0], [1, 2, 3])).toThrow(/2 of class 1 and 1 of class 0/);
    expect(() => delong([1, 1], [1, 2])).toThrow(/2 of class 1 and 0 of class 0/);
    expect(() => delong([1, 2, 0], [1, 2, 3])).toThrow(/neither 0 nor 1/);
    expect(() => delong([1, 0, 1, 0], [1, Number.NaN, 3, 4])).toThrow(/row 2/);
  });
});
