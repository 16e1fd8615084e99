import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type IccForm, icc, iccForms } from '../../src/learning/icc.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';

const golden: {
  cases: ({ name: string; values: number[][] } & Record<
    IccForm,
    Record<'icc' | 'low' | 'high', number>
  >)[];
} = JSON.parse(readFileSync(new URL('../goldens/icc.json', import.meta.url), 'utf8'));

describe('icc', () => {
  it.each(golden.cases)('is that of pingouin to 1e-8: $name', ({ values, ...expected }) => {
    const ours = icc(values.flat(), values[0].length);
    for (const form of iccForms) {
      for (const item of ['icc', 'low', 'high'] as const) {
        const reference = expected[form][item];
        expect(Math.abs(ours[form][item] - reference)).toBeLessThanOrEqual(
          1e-8 * Math.max(1, Math.abs(reference)),
        );
      }
    }
  });

  it("is that of Shrout and Fleiss' paper: 0.17 and 0.71", () => {
    const { values } = golden.cases[0];
    const { subjects, repetitions, ...forms } = icc(values.flat(), 4);
    expect([subjects, repetitions]).toEqual([6, 4]);
    expect(forms['1,1'].icc).toBeCloseTo(0.17, 2);
    expect(forms['3,1'].icc).toBeCloseTo(0.71, 2);
  });

  it('comes out at the share of variance between subjects, and its interval covers it', () => {
    const stream = RandomStream.of(3, 'icc-test');
    let covered = 0;
    let sum = 0;
    const cohorts = 200;
    for (let cohort = 0; cohort < cohorts; cohort++) {
      const values = Array.from({ length: 30 }, () => {
        const subject = 2 * stream.normal();
        return [0, 1, 2, 3].map(() => subject + stream.normal());
      });
      const { icc: value, low, high } = icc(values.flat(), 4)['1,1'];
      sum += value;
      if (low <= 0.8 && 0.8 <= high) covered++;
    }
    expect(sum / cohorts).toBeCloseTo(0.8, 1.5);
    // 95% of 200: 190 ± 3 standard errors.
    expect(covered).toBeGreaterThan(180);
  });

  it('leaves out who lacks a repetition, and is undefined where nothing varies', () => {
    const whole = [1, 1.2, 3, 2.9, 5, 5.1];
    expect(icc([...whole, 9, Number.NaN], 2)).toEqual(icc(whole, 2));
    expect(icc(new Float64Array(8).fill(3), 2)['1,1'].icc).toBeNaN();
    expect(icc([1, 2], 2)['3,1'].icc).toBeNaN();
    const same = icc([1, 1, 2, 2, 3, 3], 2)['1,1'];
    expect([same.icc, same.low, same.high]).toEqual([1, 1, 1]);
    // A shift of every second measurement counts in 1,1 alone.
    const shifted = icc([1, 2, 3, 4, 5, 6.1], 2);
    expect(shifted['3,1'].icc).toBeGreaterThan(0.99);
    expect(shifted['1,1'].icc).toBeLessThan(0.9);
    for (const [values, k] of [
      [[1, 2, 3], 2],
      [[1, 2], 1],
    ] as const) {
      expect(() => icc(values, k)).toThrow(/repetitions/);
    }
  });
});
