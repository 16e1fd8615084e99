import { describe, expect, it } from 'vitest';
import { delong, delongTest } from '../../src/evaluation/delong.ts';
import {
  type HeldOutGroup,
  heldOutComparison,
  heldOutEstimates,
} from '../../src/evaluation/held-out-estimates.ts';
import { metricNames, metricsAt } from '../../src/evaluation/metrics.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';

const stream = () => RandomStream.of(1, 'held-out test');

/** Scores of class 1 lie higher by `shift` standard deviations; some ties. */
function group(n: number, shift: number, seed: number): HeldOutGroup {
  const draw = RandomStream.of(seed, 'group');
  const labels = Uint8Array.from({ length: n }, (_, row) => (row % 3 === 0 ? 1 : 0));
  const probabilities = Float64Array.from(labels, (label) => {
    const x = draw.normal() + shift * label;
    return Math.round(100 / (1 + Math.exp(-x))) / 100;
  });
  return { labels, probabilities, threshold: 0.5 };
}
const one = group(98, 1, 1);
const two = group(160, 0.4, 2);

describe('estimates where each patient is tested once', () => {
  it('of one test set are the plain metrics, the AUC with the interval of DeLong', () => {
    const found = heldOutEstimates([one], stream());
    const plain = metricsAt(one.labels, one.probabilities, 0.5);
    for (const name of metricNames) {
      expect(found[name].mean).toBeCloseTo(plain[name], 12);
      expect(found[name].low).toBeLessThan(found[name].mean);
      expect(found[name].high).toBeGreaterThan(found[name].mean);
    }
    const { low, high } = delong(one.labels, one.probabilities);
    expect(found.auc).toEqual({ mean: plain.auc, low, high, method: 'delong' });
  });

  it('of several groups count patients, and pairs within groups for the AUC', () => {
    const found = heldOutEstimates([one, two], stream());
    const [a, b] = [one, two].map((of) => delong(of.labels, of.probabilities));
    const pairs = [a, b].map(({ positives, negatives }) => positives * negatives);
    const auc = (pairs[0] * a.auc + pairs[1] * b.auc) / (pairs[0] + pairs[1]);
    expect(found.auc.mean).toBeCloseTo(auc, 12);
    const all = {
      labels: [...Array.from(one.labels), ...Array.from(two.labels)],
      probabilities: [...Array.from(one.probabilities), ...Array.from(two.probabilities)],
    };
    const plain = metricsAt(all.labels, all.probabilities, 0.5);
    for (const name of ['balancedAccuracy', 'sensitivity', 'specificity', 'brier', 'f1'] as const) {
      expect(found[name].mean).toBeCloseTo(plain[name], 12);
    }
  });

  it('does not let one group be shifted against another', () => {
    // A model of its own per group may be badly calibrated: adding 0.4 to one side of it must not change the AUC.
    const low = { ...two, probabilities: Float64Array.from(two.probabilities, (p) => p / 2) };
    const auc = (of: HeldOutGroup) => heldOutEstimates([one, of], stream()).auc.mean;
    expect(auc(low)).toBeCloseTo(auc(two), 12);
  });

  it('falls back to Wilson where every patient is right', () => {
    const right = { ...one, probabilities: Float64Array.from(one.labels, (label) => label) };
    const { balancedAccuracy, auc } = heldOutEstimates([right], stream());
    for (const { mean, low, high } of [balancedAccuracy, auc]) {
      expect([mean, high]).toEqual([1, 1]);
      expect(low).toBeGreaterThan(0.8);
      expect(low).toBeLessThan(1);
    }
  });

  it('covers about 95 in 100 for balanced accuracy and AUC', () => {
    // True values by a large sample of the same formula.
    const truth = metricsAt(...sample(200_000, 99));
    let [balanced, auc] = [0, 0];
    const cohorts = 60;
    for (let cohort = 0; cohort < cohorts; cohort++) {
      const [labels, probabilities] = sample(150, cohort);
      const found = heldOutEstimates([{ labels, probabilities, threshold: 0.5 }], stream());
      const within = (name: 'balancedAccuracy' | 'auc') =>
        found[name].low <= truth[name] && truth[name] <= found[name].high ? 1 : 0;
      balanced += within('balancedAccuracy');
      auc += within('auc');
    }
    for (const covered of [balanced, auc]) {
      expect(covered / cohorts).toBeGreaterThan(0.88);
    }
  });
});

function sample(n: number, seed: number): [Uint8Array, Float64Array, number] {
  const { labels, probabilities } = group(n, 0.8, 1000 + seed);
  return [labels as Uint8Array, probabilities as Float64Array, 0.5];
}

describe('comparisons where each patient is tested once', () => {
  const other = { ...one, probabilities: group(98, 0.5, 3).probabilities };

  it('of one test set are DeLong’s test for the AUC', () => {
    const found = heldOutComparison('auc', [one], [other], stream());
    const test = delongTest(one.labels, one.probabilities, other.probabilities);
    expect(found).toMatchObject({ difference: test.difference, method: 'delong' });
    expect(found.p).toBeCloseTo(test.p as number, 14);
    expect(found.t).toBeCloseTo(test.z as number, 12);
  });

  it('are a paired bootstrap for balanced accuracy, without a p-value', () => {
    const found = heldOutComparison('balancedAccuracy', [one], [other], stream());
    expect(found).toMatchObject({ t: null, p: null, method: 'bootstrap' });
    expect(found.low).toBeLessThan(found.difference);
    expect(found.high).toBeGreaterThan(found.difference);
    const same = heldOutComparison('balancedAccuracy', [one], [one], stream());
    expect([same.difference, same.low, same.high]).toEqual([0, 0, 0]);
  });
});
