import { describe, expect, it } from 'vitest';
import { averagePrecision, metricsAt, rocAuc } from '../../src/evaluation/metrics.ts';
import fc from '../property-runs.ts';

describe('metricsAt', () => {
  it('equals scikit-learn on a case with ties', () => {
    // sklearn 1.2.2: y, p below; threshold 0.5
    const labels = [0, 0, 1, 1, 1, 0, 0, 1];
    const probabilities = [0.1, 0.4, 0.35, 0.8, 0.4, 0.6, 0.2, 0.9];
    const metrics = metricsAt(labels, probabilities, 0.5);
    expect(metrics.balancedAccuracy).toBeCloseTo(0.625, 12);
    expect(metrics.sensitivity).toBeCloseTo(0.5, 12);
    expect(metrics.specificity).toBeCloseTo(0.75, 12);
    expect(metrics.accuracy).toBeCloseTo(0.625, 12);
    expect(metrics.f1).toBeCloseTo(4 / 7, 12);
    // Pairs: 16; wins 0.35: 2, 0.8: 4, 0.4: 2½, 0.9: 4 = 12½.
    expect(metrics.auc).toBeCloseTo(12.5 / 16, 12);
    // Distinct scores from the top: .9 (1/1), .8 (2/2), .6, .4 (3/5), .35 (4/6), each × ¼.
    expect(metrics.prAuc).toBeCloseTo((1 + 1 + 3 / 5 + 4 / 6) / 4, 12);
    expect(metrics.brier).toBeCloseTo(
      labels.reduce((sum, label, i) => sum + (probabilities[i] - label) ** 2, 0) / 8,
      12,
    );
  });

  it('counts a probability at the threshold as class 1', () => {
    expect(metricsAt([1, 0], [0.5, 0.49], 0.5).balancedAccuracy).toBe(1);
  });

  it('refuses what is not a prediction', () => {
    expect(() => metricsAt([1, 0], [0.5], 0.5)).toThrow(/found 2 labels and 1 predictions/);
    expect(() => metricsAt([1, 0], [0.5, Number.NaN], 0.5)).toThrow(/row 2.*found NaN/);
    expect(() => metricsAt([1, 1], [0.5, 0.2], 0.5)).toThrow(/one class only/);
  });
});

const scored = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 9 })), {
    minLength: 4,
    maxLength: 40,
  })
  .filter((rows) => new Set(rows.map(([label]) => label)).size === 2);

describe('rocAuc', () => {
  it('equals the brute-force count of ordered pairs', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        let wins = 0;
        let pairs = 0;
        for (const [la, sa] of rows) {
          for (const [lb, sb] of rows) {
            if (la !== 1 || lb !== 0) continue;
            pairs++;
            wins += sa > sb ? 1 : sa === sb ? 0.5 : 0;
          }
        }
        const labels = rows.map(([label]) => label);
        const scores = rows.map(([, score]) => score);
        expect(rocAuc(labels, scores)).toBeCloseTo(wins / pairs, 12);
        expect(averagePrecision(labels, scores)).toBeGreaterThan(0);
        expect(averagePrecision(labels, scores)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
