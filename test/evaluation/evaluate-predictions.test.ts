import { describe, expect, it } from 'vitest';
import {
  comparePredictions,
  evaluatePredictions,
} from '../../src/evaluation/evaluate-predictions.ts';
import { bootstrapPatients } from '../../src/evaluation/patient-bootstrap.ts';
import { recalibrated, updatedProbability } from '../../src/evaluation/recalibrated.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';

/** Patients whose outcome follows the true probability; `shift` and `slope` bend what a model predicts of it. */
function made(n: number, { shift = 0, slope = 1, seed = 1 } = {}) {
  const stream = RandomStream.of(seed, 'made');
  const logits = Float64Array.from({ length: n }, () => -0.7 + 1.2 * stream.normal());
  const labels = Uint8Array.from(logits, (z) => Number(stream.next() < 1 / (1 + Math.exp(-z))));
  const probabilities = logits.map((z) => 1 / (1 + Math.exp(-(shift + slope * z))));
  return { labels, probabilities };
}

describe('evaluatePredictions', () => {
  it('finds a calibrated model calibrated, and one that is bent by as much as it was bent', () => {
    const good = made(1500);
    const plain = evaluatePredictions(good.labels, good.probabilities, {
      threshold: 0.5,
      resamples: 40,
    });
    expect(plain.calibration.intercept.low).toBeLessThan(0);
    expect(plain.calibration.intercept.high).toBeGreaterThan(0);
    expect(plain.calibration.slope.low).toBeLessThan(1);
    expect(plain.calibration.slope.high).toBeGreaterThan(1);
    const bent = made(1500, { shift: 1, slope: 2 });
    const off = evaluatePredictions(bent.labels, bent.probabilities, {
      threshold: 0.5,
      resamples: 40,
    });
    expect(off.calibration.slope.value).toBeCloseTo(0.5, 1);
    expect(off.calibration.intercept.high).toBeLessThan(0);
    // Recalibration brings the Brier score back to that of the calibrated model; the order of patients, so the AUC, is the same.
    expect(off.metrics.brier.value).toBeGreaterThan(plain.metrics.brier.value + 0.01);
    expect(off.recalibrated?.brier).toBeCloseTo(plain.metrics.brier.value, 2);
    expect(off.metrics.auc).toEqual(plain.metrics.auc);
  });

  it('gives intervals that hold the value, the same for the same seed, others for another', () => {
    const { labels, probabilities } = made(150);
    const evaluate = (seed: number) =>
      evaluatePredictions(labels, probabilities, { threshold: 0.4, seed, resamples: 60 });
    const first = evaluate(1);
    for (const { value, low, high } of Object.values(first.metrics)) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
    expect(evaluate(1)).toEqual(first);
    expect(evaluate(2).metrics.brier.low).not.toBe(first.metrics.brier.low);
    expect(evaluate(2).metrics.auc).toEqual(first.metrics.auc);
  });

  it('covers the true value about as often as it states', () => {
    // Mean of labels with probability 0.3, 60 patients: 95% of the intervals should hold 0.3; 200 cohorts, so 95 ± 5.
    let held = 0;
    for (let run = 0; run < 200; run++) {
      const stream = RandomStream.of(run, 'coverage');
      const labels = Uint8Array.from({ length: 60 }, () => Number(stream.next() < 0.3));
      const { estimates } = bootstrapPatients(
        labels,
        (rows) => ({ share: rows.reduce((sum, row) => sum + labels[row], 0) / rows.length }),
        { stream, resamples: 200 },
      );
      if (estimates.share.low <= 0.3 && estimates.share.high >= 0.3) held++;
    }
    expect(held / 200).toBeGreaterThan(0.88);
    expect(held / 200).toBeLessThanOrEqual(1);
  });

  it('has no interval where the number has no value in too many samples', () => {
    const { estimates, samples } = bootstrapPatients(
      Uint8Array.of(0, 1, 0, 1),
      (rows) => ({ rare: rows[0] === 0 ? 1 : Number.NaN }),
      { stream: RandomStream.of(1, 'rare'), resamples: 100 },
    );
    expect(samples.rare).toBeLessThan(60);
    expect(estimates.rare).toEqual({ value: 1, low: Number.NaN, high: Number.NaN });
  });
});

describe('recalibrated', () => {
  it('does not gain from the answer: an outcome without signal is no better after it', () => {
    const stream = RandomStream.of(4, 'null');
    const labels = Uint8Array.from({ length: 400 }, () => Number(stream.next() < 0.3));
    const probabilities = Float64Array.from(labels, () => stream.next());
    const update = recalibrated(labels, probabilities, stream);
    const brier = (of: ArrayLike<number>) =>
      labels.reduce((sum, y, i) => sum + (y - of[i]) * (y - of[i]), 0) / labels.length;
    const base = 0.3 * 0.7;
    expect(brier(update?.probabilities ?? [])).toBeGreaterThan(base - 0.02);
  });

  it('moves each patient by an update fitted without that patient', () => {
    const { labels, probabilities } = made(80);
    const whole = recalibrated(labels, probabilities, RandomStream.of(1, 'folds'));
    const flipped = Uint8Array.from(labels, (y, i) => (i === 7 ? 1 - y : y));
    expect(whole).toBeDefined();
    // With a patient's own outcome flipped, folds are dealt anew; the update of all patients changes, by a little.
    const other = recalibrated(flipped, probabilities, RandomStream.of(1, 'folds'));
    expect(other?.slope).not.toBe(whole?.slope);
    expect(updatedProbability(0.5, { intercept: 0, slope: 3 })).toBe(0.5);
  });

  it('is undefined where a class has one patient, or where probabilities separate the classes', () => {
    const stream = RandomStream.of(1, 'none');
    const of = (labels: number[], p: number[]) =>
      recalibrated(Uint8Array.from(labels), Float64Array.from(p), stream);
    expect(of([0, 0, 1], [0.1, 0.2, 0.3])).toBeUndefined();
    expect(of([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])).toBeUndefined();
    expect(of([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5])).toBeUndefined();
  });
});

describe('comparePredictions', () => {
  it('finds no difference between a model and itself', () => {
    const { labels, probabilities } = made(100);
    const same = { probabilities, threshold: 0.5 };
    const { auc, classes } = comparePredictions(labels, same, same);
    expect(auc.difference).toBe(0);
    expect(auc.p).toBe(1);
    expect(classes).toMatchObject({ onlyFirst: 0, onlySecond: 0, exact: 1 });
  });

  it('tells signal from noise, each at its own threshold', () => {
    const { labels, probabilities } = made(600);
    const stream = RandomStream.of(9, 'noise');
    const noise = Float64Array.from(labels, () => stream.next());
    const compared = comparePredictions(
      labels,
      { probabilities, threshold: 0.4 },
      { probabilities: noise, threshold: 0.5 },
    );
    expect(compared.auc.p).toBeLessThan(1e-6);
    expect(compared.classes.onlyFirst).toBeGreaterThan(compared.classes.onlySecond);
    expect(compared.classes.exact).toBeLessThan(0.001);
  });

  it('refuses answers about different patients', () => {
    expect(() =>
      comparePredictions(
        Uint8Array.of(0, 1),
        { probabilities: [0.1, 0.2], threshold: 0.5 },
        { probabilities: [0.1], threshold: 0.5 },
      ),
    ).toThrow('different patients');
  });
});
