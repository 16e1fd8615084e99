import { expect, it } from 'vitest';
import { recalibration } from '../../src/evaluation/recalibration.ts';

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

it('two groups too sure of themselves have the slope that joins their logits', () => {
  // With two groups the regression is exact: logit(observed) = intercept + slope logit(predicted).
  const logit = (p: number) => Math.log(p / (1 - p));
  const { slope, intercept } = groups([0.1, 40, 12], [0.9, 40, 24]);
  const expected = (logit(0.6) - logit(0.3)) / (logit(0.9) - logit(0.1));
  expect(slope).toBeCloseTo(expected, 9);
  expect(intercept).toBeCloseTo(logit(0.3) - expected * logit(0.1), 9);
});

it('has no value where there is one class or one probability', () => {
  expect(groups([0.3, 10, 0], [0.6, 10, 0]).slope).toBeNaN();
  expect(groups([0.5, 10, 4]).slope).toBeNaN();
});
