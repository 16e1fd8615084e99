import { describe, expect, it } from 'vitest';
import { fittedTable } from '../../../src/runtime/terminal/fitted-table.ts';
import { terminalWidth } from '../../../src/runtime/terminal/terminal-width.ts';
import { wrapWords } from '../../../src/runtime/terminal/wrap-words.ts';

const metrics = ['balanced accuracy', 'sensitivity', 'specificity', 'AUC'];
const header = ['features', ...metrics.map((value) => ({ value, detail: '95% interval' })), 'p'];
const rows = ['Clinical', 'Handcrafted (CaPTk) with clinical variables'].map((name, r) => [
  name,
  ...metrics.map((_, m) => ({ value: `${50 + m}.${r} ± 9.1`, detail: `40.${r} to 6${m}.5` })),
  '< 0.001',
]);
const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));
const words = (text: string) => text.split(/\s+/).filter((word) => !/^(─+|)$/.test(word));

describe('a table of the terminal', () => {
  it('has one line per row where that fits, and details in columns of their own', () => {
    const wide = fittedTable(header, rows, Number.POSITIVE_INFINITY);
    expect(wide.split('\n')).toHaveLength(4);
    expect(wide.split('\n')[2].split(/ {2,}/)).toEqual([
      'Clinical',
      ...metrics.flatMap((_, m) => [`${50 + m}.0 ± 9.1`, `40.0 to 6${m}.5`]),
      '< 0.001',
    ]);
    expect(fittedTable(header, rows, widest(wide))).toBe(wide);
  });

  it.each([170, 159, 120, 100, 80, 60, 48])('is no wider than %i and loses nothing', (width) => {
    const text = fittedTable(header, rows, width);
    expect(widest(text)).toBeLessThanOrEqual(width);
    for (const cell of rows.flat().slice(1)) {
      if (typeof cell === 'string') continue;
      expect(text).toContain(cell.value);
      expect(text).toContain(cell.detail);
    }
    expect(new Set(words(text))).toEqual(
      new Set(words(fittedTable(header, rows, Number.POSITIVE_INFINITY))),
    );
  });

  it('puts the interval below its mean before it parts the table', () => {
    const lines = fittedTable(header, rows, 100).split('\n');
    const at = lines.findIndex((line) => line.startsWith('Clinical'));
    expect(lines[at]).toContain('50.0 ± 9.1');
    expect(lines[at + 1].trim().startsWith('40.0 to 60.5')).toBe(true);
    expect(lines.filter((line) => line.startsWith('Clinical'))).toHaveLength(1);
    const narrow = fittedTable(header, rows, 50).split('\n');
    expect(narrow.filter((line) => line.startsWith('Clinical')).length).toBeGreaterThan(1);
  });
});

describe('words', () => {
  it('break at spaces; what cannot be broken stays whole unless it may be cut', () => {
    expect(wrapWords('a short line', 80)).toEqual(['a short line']);
    expect(wrapWords('one two three four', 9, { indent: '  ' })).toEqual([
      'one two',
      '  three',
      '  four',
    ]);
    expect(wrapWords('see /a/long/path/to.file', 8)).toEqual(['see', '/a/long/path/to.file']);
    expect(wrapWords('abcdefghij', 4, { cut: true })).toEqual(['abcd', 'efgh', 'ij']);
  });
});

describe('the width', () => {
  it('is the terminal’s, else that of COLUMNS, else 80', () => {
    expect(terminalWidth({ columns: 132 }, { COLUMNS: '40' })).toBe(132);
    expect(terminalWidth({}, { COLUMNS: '40' })).toBe(40);
    expect(terminalWidth({}, { COLUMNS: 'wide' })).toBe(80);
    expect(terminalWidth({}, {})).toBe(80);
  });
});
