import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNotebook } from '../../src/notebook/notebook-file.ts';
import { figureTexts, textsOf } from './numbers/figure-texts.ts';
import { handNumbers, numbersIn, unexplained } from './numbers/hand-numbers.ts';
import { numbersOfFigures, numbersThatStay } from './numbers/numbers-that-stay.ts';

const notebooks = readdirSync('notebooks')
  .filter((file) => file.endsWith('.ipynb'))
  .map((file) => ({ file, cells: readNotebook(join('notebooks', file)).cells }));
const phrases = Object.values(numbersThatStay).flat();

describe('numbers written by hand', () => {
  it.each(notebooks)('$file has none that depends on a run', ({ cells }) => {
    const found = cells.flatMap((cell, i) =>
      unexplained(handNumbers(cell), phrases).map(
        ({ number, around }) => `cell ${i + 1}: ${number} in “${around}”`,
      ),
    );
    expect(found).toEqual([]);
  });

  it('finds those that stood there once', () => {
    for (const sentence of [
      'of 15 positive patients three stand in a test set of one fifth',
      'with two classes and some forty patients, F above 4.1 happens by luck',
      'With six independent tests and no difference anywhere',
      'A tumour larger than 96 mm is shown coarser',
      'the same for ten draws of the patients',
    ]) {
      const cell = { cell_type: 'markdown' as const, source: sentence };
      expect(unexplained(handNumbers(cell), phrases)).not.toEqual([]);
      const code = { cell_type: 'code' as const, source: `await show("${sentence}" + n);` };
      expect(unexplained(handNumbers(code), phrases)).not.toEqual([]);
    }
  });

  it('every phrase of the list stands in a notebook', () => {
    const around = notebooks.flatMap(({ cells }) => cells.flatMap((cell) => handNumbers(cell)));
    const unused = phrases.filter((phrase) => !around.some((one) => one.around.includes(phrase)));
    expect(unused).toEqual([]);
  });

  describe('in captions, titles and axes of figures', () => {
    const known = Object.values(numbersOfFigures).flat();
    const texts = figureTexts();

    it('none depends on a run', () => {
      const found = texts.flatMap(({ file, text }) =>
        unexplained(numbersIn(text), known).map(
          ({ number, around }) => `${file}: ${number} in “${around}”`,
        ),
      );
      expect(found).toEqual([]);
      expect(known.filter((phrase) => !texts.some(({ text }) => text.includes(phrase)))).toEqual(
        [],
      );
    });

    it('finds those that stood there once', () => {
      for (const code of [
        "caption: 'Balanced accuracy on the held-out fifth of each partition'",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: code that is read, not run
        'caption: `Features kept in ${n} of ten partitions, most frequent first`',
      ]) {
        const [text] = textsOf(`const figure = { ${code} };`);
        expect(unexplained(numbersIn(text), known)).toHaveLength(1);
      }
    });
  });
});
