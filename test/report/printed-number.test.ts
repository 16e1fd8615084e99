import { expect, it } from 'vitest';
import { printed, signed } from '../../src/report/printed-number.ts';

it('numbers are printed with a true minus, and zero without a sign', () => {
  const texts = ['-4.3', '4.0', '-0.0', '0.0', '-0', '-1.505e-8', '-0.04', '-1000'];
  expect(texts.map(printed).join(' ')).toBe('−4.3 4.0 0.0 0.0 0 −1.505e-8 −0.04 −1000');
  expect(texts.map(signed).join(' ')).toBe('−4.3 +4.0 0.0 0.0 0 −1.505e-8 −0.04 −1000');
  expect(signed('0.3')).toBe('+0.3');
});
