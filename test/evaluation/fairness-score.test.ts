import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantAnswerScore, fairnessScore } from '../../src/evaluation/fairness-score.ts';
import type { Confusion } from '../../src/evaluation/metrics.ts';

const counts = (tp: number, fn: number, fp: number, tn: number): Confusion => ({
  truePositive: tp,
  falseNegative: fn,
  falsePositive: fp,
  trueNegative: tn,
});
const sum = (parts: readonly Confusion[]) =>
  parts.reduce(
    (a, b) =>
      counts(
        a.truePositive + b.truePositive,
        a.falseNegative + b.falseNegative,
        a.falsePositive + b.falsePositive,
        a.trueNegative + b.trueNegative,
      ),
    counts(0, 0, 0, 0),
  );

describe("the MAMA-MIA challenge's score", () => {
  it('is half balanced accuracy, half one minus the mean gap, by hand', () => {
    // Young: sensitivity 0.8, false positive rate 0.4; old: 0.5 and 0.1. Gap 0.3 + 0.3. Menopause: no gap.
    const young = counts(8, 2, 4, 6);
    const old = counts(5, 5, 1, 9);
    const found = fairnessScore(sum([young, old]), [
      { variable: 'age', levels: [young, old] },
      { variable: 'menopause', levels: [sum([young, old])] },
    ]);
    // Balanced accuracy: (13/20 + 15/20) / 2 = 0.7; mean gap (0.6 + 0) / 2 = 0.3.
    expect(found.gaps[0].gap).toBeCloseTo(0.6, 12);
    expect(found.balancedAccuracy).toBeCloseTo(0.7, 12);
    expect(found.score).toBeCloseTo((0.7 + 1 - 0.3) / 2, 12);
  });

  it('is 0.75 for a constant answer, whatever the levels', () => {
    const level = fc.tuple(fc.nat(30), fc.nat(30));
    fc.assert(
      fc.property(fc.array(level, { minLength: 1, maxLength: 6 }), fc.boolean(), (levels, yes) => {
        const made = levels.map(([p, n]) => (yes ? counts(p, 0, n, 0) : counts(0, p, 0, n)));
        const all = sum(made);
        fc.pre(
          all.truePositive + all.falseNegative > 0 && all.falsePositive + all.trueNegative > 0,
        );
        const { score } = fairnessScore(all, [{ variable: 'age', levels: made }]);
        return Math.abs(score - constantAnswerScore) < 1e-12;
      }),
    );
  });

  it('cuts the mean gap at 1, and is 1 for an answer that is always right', () => {
    const right = counts(5, 0, 0, 5);
    const wrong = counts(0, 5, 5, 0);
    const levels = [{ variable: 'age', levels: [right, wrong] }];
    expect(fairnessScore(sum([right, wrong]), levels)).toMatchObject({ meanGap: 1, score: 0.25 });
    expect(fairnessScore(right, [{ variable: 'age', levels: [right] }]).score).toBe(1);
  });
});
