import { joinText, type Notebook } from '../../../src/notebook/notebook-file.ts';
import { numbersIn, unexplained } from './hand-numbers.ts';
import { numbersThatStay, sameInBothRuns } from './numbers-that-stay.ts';

const phrases = [...Object.values(numbersThatStay), ...Object.values(sameInBothRuns)].flat();

/**
 * Numbers in the sentences that a notebook shows which are the same in two runs of it, and which no phrase explains. A sentence
 * that reads otherwise in the other run is passed over: it was made from it.
 */
export function stayedNumbers(one: Notebook, other: Notebook): string[] {
  return one.cells.flatMap((cell, i) => {
    const [here, there] = [sentencesOf(cell), sentencesOf(other.cells[i])];
    return here.flatMap((sentence, k) => {
      const [first, second] = [numbersIn(sentence), numbersIn(there[k] ?? '')];
      if (first.length !== second.length) return [];
      const same = first.filter(({ number }, n) => number === second[n].number);
      return unexplained(same, phrases).map(
        ({ number, around }) => `cell ${i + 1}: ${number} in “${around}”`,
      );
    });
  });
}

type Bundle = Record<string, string | string[] | undefined>;

/** The Markdown that a cell shows, without tables of formulas. */
function sentencesOf(cell: Notebook['cells'][number]): string[] {
  return (cell.outputs ?? []).flatMap((output) => {
    const text = 'data' in output ? (output.data as Bundle)['text/markdown'] : undefined;
    if (text === undefined) return [];
    const joined = joinText(text);
    return joined.startsWith('|') ? [] : [joined];
  });
}
