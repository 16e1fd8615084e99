import { expect, it } from 'vitest';
import { formatCell, frameHtml } from '../../src/notebook/frame-html.ts';

it.each([
  [0.73149, '0.7315'],
  [0.00123456, '0.001235'],
  [0.000123456, '0.0001235'],
  [0.0000123456, '1.235e−5'],
  [0.99996, '1.000'],
  [-0.04167, '−0.04167'],
  [15234.6, '15235'],
  [9999.96, '10000'],
  [1234567.8, '1.235e+6'],
  [120, '120'],
  [0, '0'],
  [Number.NaN, '–'],
  [undefined, '–'],
  [Number.NEGATIVE_INFINITY, '−∞'],
  [false, 'false'],
])('%s is shown as %s', (value, text) => {
  expect(formatCell(value)).toBe(text);
});

it('a table escapes what it shows and says how many rows it leaves out', () => {
  const html = frameHtml(
    {
      columns: ['<a>', 'n'],
      values: [
        ['x & y', 0.00123456],
        ['z', 2],
        ['w', null],
      ],
    },
    { rows: 2, digits: 2 },
  );
  expect(html).toContain('&lt;a&gt;');
  expect(html).toContain('x &amp; y');
  expect(html).toContain('0.0012<');
  expect(html).toContain('2 of 3 rows');
});
