import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { printed, printedScript, signed, significant } from '../../src/report/printed-number.ts';

it('numbers are printed with a true minus, and zero without a sign', () => {
  const texts = ['-4.3', '4.0', '-0.0', '0.0', '-0', '-1.505e-8', '-0.04', '-1000'];
  expect(texts.map(printed).join(' ')).toBe('−4.3 4.0 0.0 0.0 0 −1.505e−8 −0.04 −1000');
  expect(texts.map(signed).join(' ')).toBe('−4.3 +4.0 0.0 0.0 0 −1.505e−8 −0.04 −1000');
  expect(signed('0.3')).toBe('+0.3');
});

it('digits that count, and none behind them', () => {
  expect([1234.5, -0.00012, 0.5, -1e-9].map((value) => significant(value, 3)).join(' ')).toBe(
    '1230 −0.00012 0.5 −1e−9',
  );
});

it('the scripts of pages print numbers by the same rule', () => {
  const inPage = new Function(`${printedScript}return printed;`)() as typeof printed;
  const texts = ['-4.3', '4.0', '-0.0', '-0.000', '0', '-0', '1e-8', '-1.5e-8', '-1000', 'NaN'];
  expect(texts.map(inPage)).toEqual(texts.map(printed));
});

it('no other module writes a minus of its own in front of a number', () => {
  const source = fileURLToPath(new URL('../../src/', import.meta.url));
  const byHand = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('printed-number.ts'))
    .filter((path) =>
      /replace(All)?\('-', ?'(−|\\+u2212)'|[<>] 0 \? '−' : '\+'/.test(
        readFileSync(source + path, 'utf8'),
      ),
    );
  expect(byHand).toEqual([]);
});
