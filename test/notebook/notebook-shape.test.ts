import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { joinText, readNotebook } from '../../src/notebook/notebook-file.ts';
import { parameterNames } from '../../src/notebook/parameters.ts';

const longestCell = 10;
const longestLine = 150;

describe.each(readdirSync('notebooks').filter((file) => file.endsWith('.ipynb')))('%s', (file) => {
  const notebook = readNotebook(join('notebooks', file));
  const code = notebook.cells.filter(({ cell_type }) => cell_type === 'code');

  it('opens with one cell of parameters, the run folder among them', () => {
    expect(parameterNames(notebook)).toContain('run');
    expect(joinText(code[0].source)).toMatch(/^(?:const \w+(?:: [^=]+)? = [^;]+;\n?)+$/);
  });

  it(`has cells of at most ${longestCell} lines, executed in order`, () => {
    const cells = code.map(({ source }) => joinText(source).split('\n'));
    expect(Math.max(...cells.map(({ length }) => length))).toBeLessThanOrEqual(longestCell);
    expect(Math.max(...cells.flat().map(({ length }) => length))).toBeLessThanOrEqual(longestLine);
    expect(code.map((cell) => cell.execution_count)).toEqual(code.map((_, i) => i + 1));
  });

  it('ends with two or three exercises, their solutions folded away', () => {
    const end = joinText(notebook.cells[notebook.cells.length - 1].source);
    const exercises = end.match(/^\*\*\d\.\*\* /gm) ?? [];
    expect([2, 3]).toContain(exercises.length);
    expect(end.match(/<details><summary>Solution<\/summary>/g)).toHaveLength(exercises.length);
  });
});
