import { describe, expect, it } from 'vitest';
import { selectionFrequency } from '../../src/evaluation/selection-frequency.ts';
import { selectionStability } from '../../src/evaluation/stability.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';

describe('selectionStability (Nogueira 2018)', () => {
  it('is 1 when every partition keeps the same features', () => {
    expect(
      selectionStability(
        [
          ['a', 'b'],
          ['b', 'a'],
          ['a', 'b'],
        ],
        10,
      ).value,
    ).toBeCloseTo(1, 12);
  });

  it('is a hand-worked value for two partitions that share one of two features of four', () => {
    // p = (1, ½, ½, 0): unbiased variances 0, ½, ½, 0 with mean ¼; k̄/d = ½, so 1 − ¼ / ¼ = 0.
    expect(
      selectionStability(
        [
          ['a', 'b'],
          ['a', 'c'],
        ],
        4,
      ).value,
    ).toBeCloseTo(0, 12);
  });

  it('is about 0 for sets drawn by chance, and its interval covers 0', () => {
    const names = Array.from({ length: 100 }, (_, i) => `f${i}`);
    const stream = RandomStream.of(1, 'stability');
    const sets = Array.from({ length: 200 }, () => stream.shuffled(names).slice(0, 10));
    const { value, low, high } = selectionStability(sets, 100);
    expect(Math.abs(value)).toBeLessThan(0.02);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });

  it('has no value where all candidates were kept', () => {
    expect(
      selectionStability(
        [
          ['a', 'b'],
          ['a', 'b'],
        ],
        2,
      ).value,
    ).toBeNaN();
  });
});

describe('selectionFrequency', () => {
  it('ranks by frequency, then mean rank, then name', () => {
    const pick = (...features: string[]) =>
      features.map((feature, i) => ({ feature, rank: i + 1, gain: 2 }));
    expect(selectionFrequency([pick('b', 'a'), pick('b', 'c'), pick('b', 'd')])).toEqual([
      { feature: 'b', frequency: 1, meanRank: 1, meanGain: 2 },
      { feature: 'a', frequency: 1 / 3, meanRank: 2, meanGain: 2 },
      { feature: 'c', frequency: 1 / 3, meanRank: 2, meanGain: 2 },
      { feature: 'd', frequency: 1 / 3, meanRank: 2, meanGain: 2 },
    ]);
  });
});
