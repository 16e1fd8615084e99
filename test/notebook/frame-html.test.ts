import { expect, it } from 'vitest';
import { formatCell, frameHtml, frameText } from '../../src/notebook/frame-html.ts';

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

it('of 300 columns shows the first and the last, counts the others, and keeps the first in sight', () => {
  const columns = ['patient', ...Array.from({ length: 299 }, (_, c) => `f${c + 1}`)];
  const values = [0, 1].map((row) => columns.map((_, c) => (c === 0 ? `P${row}` : c + row / 10)));
  const html = frameHtml({ columns, values });
  const titles = [...html.matchAll(/<th [^>]*>([^<]*)/g)].map(([, title]) => title);
  expect(titles).toEqual([...columns.slice(0, 10), '… 281 columns …', ...columns.slice(-9)]);
  expect(html).toContain('19 of 300 columns');
  // Every second row is shaded by JupyterLab, and its first cell with it.
  const colours = [...html.matchAll(/position:sticky;left:0;background:var\(--jp-([\w-]+)/g)];
  expect(colours.map(([, colour]) => colour)).toEqual([
    'layout-color0',
    'layout-color0',
    'rendermime-table-row-background',
  ]);
  // Names have room; numbers take what they need.
  expect(html.match(/min-width/g)).toHaveLength(3);
  const numbers = frameHtml({
    columns: columns.slice(1),
    values: values.map((row) => row.slice(1)),
  });
  expect(numbers).toContain('sticky');
  expect(numbers).not.toContain('min-width');
  const second = [...html.matchAll(/<td[^>]*>([^<]*)/g)].map(([, cell]) => cell).slice(20);
  expect(second.slice(8, 12)).toEqual(['8.100', '9.100', '…', '291.1']);
  expect(
    frameText({ columns, values }, { columns: 4 })
      .split('\n')
      .map((line) => line.split(/ {2,}/)),
  ).toEqual([
    ['patient', 'f1', '… 297 columns …', 'f299'],
    ['───────', '─────', '───────────────', '─────'],
    ['P0', '1', '…', '299'],
    ['P1', '1.100', '…', '299.1'],
    ['3 of 300 columns'],
  ]);
});

it('a frame of few columns is a plain table', () => {
  const html = frameHtml({ columns: ['a', 'b'], values: [[1, 2]] });
  expect(html).toMatch(/^<table>.*<\/table>$/s);
  expect(html).not.toContain('sticky');
});
