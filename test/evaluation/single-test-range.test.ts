import { expect, it } from 'vitest';
import { confusionAt } from '../../src/evaluation/metrics.ts';
import { singleTestRange } from '../../src/evaluation/single-test-range.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';

it('holds the balanced accuracy of about 95% of drawn test sets', () => {
  const counts = { positives: 40, negatives: 60 };
  const { low, high } = singleTestRange(counts, { truth: 0.7 });
  expect((low + high) / 2).toBeCloseTo(0.7, 12);
  const stream = RandomStream.of(1, 'single test range');
  const draws = 4000;
  let inside = 0;
  const labels = Uint8Array.from({ length: 100 }, (_, i) => (i < counts.positives ? 1 : 0));
  for (let draw = 0; draw < draws; draw++) {
    const right = Float64Array.from(labels, (label) => (stream.next() < 0.7 ? label : 1 - label));
    const { truePositive, trueNegative } = confusionAt(labels, right, 0.5);
    const balanced = (truePositive / counts.positives + trueNegative / counts.negatives) / 2;
    if (balanced >= low && balanced <= high) inside++;
  }
  // Shares of few patients are steps: the normal range holds 93% to 97%.
  expect(inside / draws).toBeGreaterThan(0.93);
  expect(inside / draws).toBeLessThan(0.97);
});

it('is cut at 0 and 1, and refuses an empty class', () => {
  expect(singleTestRange({ positives: 2, negatives: 2 }, { truth: 0.9 }).high).toBe(1);
  expect(singleTestRange({ positives: 5, negatives: 5 }, { truth: 1 })).toEqual({
    low: 1,
    high: 1,
  });
  expect(() => singleTestRange({ positives: 0, negatives: 5 })).toThrow(
    'one patient of each class',
  );
});
