import { expect, it } from 'vitest';
import { recalibration } from '../../src/evaluation/recalibration.ts';
import fc from '../property-runs.ts';

/** `count` patients of one predicted probability, of whom `ones` have label 1. */
function groups(...of: [probability: number, count: number, ones: number][]) {
  const labels = of.flatMap(([, count, ones]) =>
    Array.from({ length: count }, (_, i) => +(i < ones)),
  );
  const probabilities = of.flatMap(([p, count]) => Array.from({ length: count }, () => p));
  return recalibration(labels, probabilities);
}

it('two groups that come out as predicted are calibrated', () => {
  const { slope, intercept, observed, predicted } = groups([0.2, 50, 10], [0.7, 50, 35]);
  expect(slope).toBeCloseTo(1, 9);
  expect(intercept).toBeCloseTo(0, 9);
  expect(predicted).toBeCloseTo(0.45, 12);
  expect(observed).toBeCloseTo(0.45, 12);
});

it('has the intercept of Van Calster with the slope fixed at 1, and the slope of Cox with its own', () => {
  // scipy 1.11.4: brentq on the score of the offset model; BFGS on the likelihood in (intercept, slope).
  const labels = [0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1];
  const probabilities = [
    0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9,
  ];
  const { intercept, slope, slopeIntercept } = recalibration(labels, probabilities);
  expect(intercept).toBeCloseTo(0.9737735645453286, 11);
  expect(slope).toBeCloseTo(1.22121344, 7);
  expect(slopeIntercept).toBeCloseTo(1.12155256, 7);
});

it('shifts by the intercept give the observed number of events: the score of the offset model', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true })), {
        minLength: 2,
        maxLength: 40,
      }),
      (pairs) => {
        const labels = pairs.map(([label]) => +label);
        fc.pre(new Set(labels).size === 2);
        const clipped = pairs.map(([, p]) => Math.min(1 - 1e-6, Math.max(1e-6, p)));
        const { intercept } = recalibration(labels, clipped);
        const events = clipped.reduce((sum, p) => {
          const logit = Math.log(p / (1 - p));
          return sum + 1 / (1 + Math.exp(-(intercept + logit)));
        }, 0);
        expect(events).toBeCloseTo(
          labels.reduce((a, b) => a + b, 0),
          8,
        );
      },
    ),
  );
});

it('two groups too sure of themselves have the slope that joins their logits', () => {
  // With two groups the regression is exact: logit(observed) = intercept + slope logit(predicted).
  const logit = (p: number) => Math.log(p / (1 - p));
  const { slope, slopeIntercept } = groups([0.1, 40, 12], [0.9, 40, 24]);
  const expected = (logit(0.6) - logit(0.3)) / (logit(0.9) - logit(0.1));
  expect(slope).toBeCloseTo(expected, 9);
  expect(slopeIntercept).toBeCloseTo(logit(0.3) - expected * logit(0.1), 9);
});

it('reaches the top of the likelihood, where steps rise less than it is rounded', () => {
  // Both derivatives are zero there. Halved for a fall by rounding, the last steps did not arrive, after thousands of evaluations.
  const logits = Array.from({ length: 400 }, (_, i) => ((i * 37) % 400) / 100 - 2);
  for (let sample = 0; sample < 20; sample++) {
    const labels = logits.map((logit, i) => +(logit > ((i * (53 + sample)) % 400) / 80 - 2.5));
    const probabilities = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
    const { slope, slopeIntercept } = recalibration(labels, probabilities);
    let [first, second] = [0, 0];
    for (const [i, logit] of logits.entries()) {
      const rest = labels[i] - 1 / (1 + Math.exp(-(slopeIntercept + slope * logit)));
      first += rest;
      second += rest * logit;
    }
    expect(Math.max(Math.abs(first), Math.abs(second))).toBeLessThan(1e-9);
  }
});

it('has no value where there is one class, and no slope for one probability or classes that it separates', () => {
  expect(groups([0.3, 10, 0], [0.6, 10, 0])).toMatchObject({
    intercept: Number.NaN,
    slope: Number.NaN,
  });
  const flat = groups([0.5, 10, 4]);
  expect(flat.slope).toBeNaN();
  expect(flat.intercept).toBeCloseTo(Math.log(0.4 / 0.6), 11);
  const separated = groups([0.2, 10, 0], [0.6, 10, 10]);
  expect(separated.slope).toBeNaN();
  expect(Number.isFinite(separated.intercept)).toBe(true);
});
