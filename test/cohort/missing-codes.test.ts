import { describe, expect, it } from 'vitest';
import { noteMissingCode } from '../../src/cohort/missing-codes.ts';
import type { Assumption } from '../../src/runtime/assumptions.ts';

function notesOf(values: readonly number[]): Assumption[] {
  const notes: Assumption[] = [];
  noteMissingCode(values, 'size', 'a.csv', (note) => notes.push(note));
  return notes;
}

describe('a number that stands for a missing value', () => {
  const positive = [3.5, 12, 8, 21.5];
  const signed = [-3.5, 12, -80, 21.5];

  it.each([
    [999, positive],
    [888, positive],
    [-9, positive],
    [-1000, positive],
    [-32_768, signed],
    [32_767, signed],
    [-2_147_483_648, signed],
    [2_147_483_647, signed],
    [-3.4028234663852886e38, signed],
    [-Number.MAX_VALUE, signed],
    [Number.MAX_VALUE, positive],
  ])('%d is named', (code, others) => {
    expect(notesOf([...others, code, code])).toMatchObject([
      { kind: 'missing-code', found: expect.stringContaining(`the value ${code} in 2 cells`) },
    ]);
  });

  it.each([[[...signed, -99]], [[...positive, 700]], [[-1020, -1000, 300]], [[30_000, 32_767]]])(
    '%j holds none',
    (values) => {
      expect(notesOf(values)).toEqual([]);
    },
  );
});
