import { describe, expect, it } from 'vitest';
import { bfloat16ToNumber, halfToNumber } from '../../../src/deep/checkpoint/half.ts';

describe('half and bfloat16', () => {
  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x0400, 2 ** -14],
    [0x8000, -0],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfe00, Number.NaN],
  ])('half %i is %f', (bits, value) => {
    expect(halfToNumber(bits)).toBe(value);
  });

  it.each([
    [0x3f80, 1],
    [0xc049, -3.140625],
    [0x7f80, Number.POSITIVE_INFINITY],
  ])('bfloat16 %i is %f', (bits, value) => {
    expect(bfloat16ToNumber(bits)).toBe(value);
  });
});
