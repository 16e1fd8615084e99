import { joinText, type NotebookCell } from '../../../src/notebook/notebook-file.ts';

/** A number in a sentence, with the words around it. */
export interface HandNumber {
  number: string;
  around: string;
}

const words =
  'two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|twenty|thirty|forty|fifty|sixty|eighty|hundreds?|thousands?|half|thirds?|quarters?|fifths?';
const number = new RegExp(
  `(?<![\\w.·-])(?:\\d[\\d,.]*\\d|\\d)(?![\\w-]*[A-Za-z])|\\b(?:${words})\\b`,
  'gi',
);

/** Parts of a text whose numbers are no statement about a run: where they stand says what they are. */
const notProse: readonly RegExp[] = [
  // Exercises put cases of their own; sources are bibliography.
  /^## Exercises$[\s\S]*/m,
  /^### Sources$[\s\S]*/m,
  // A reference: parentheses or a clause with a year.
  /\((?:[^()]|\(\d+\))*\b(?:19|20)\d\d\b(?:[^()]|\(\d+\))*\)/g,
  /\b[A-Z]\w+(?: (?:and|et al\.) ?\w*)* (?:19|20)\d\d\b/g,
  // Numbers of headings, names of notebooks, code, formulas, addresses.
  /^#+ \d+ · /gm,
  /\b\d\d-[a-z-]+/g,
  /\]\([^)]*\)/g,
  /`[^`]*`|<code>.*?<\/code>/g,
  /\$[^$]*\$/g,
];

/** Characters of a sentence kept on both sides of a number: a phrase that explains it must fit. */
const reach = 130;

/** The numbers that no phrase explains: one that stands around the number and has it in itself. */
export function unexplained(
  numbers: readonly HandNumber[],
  phrases: readonly string[],
): HandNumber[] {
  return numbers.filter(
    ({ number: text, around }) =>
      !phrases.some((phrase) => around.includes(phrase) && phrase.includes(text)),
  );
}

/** Numbers written by hand: those of a markdown cell, or of the text that a code cell puts together. */
export function handNumbers(cell: Pick<NotebookCell, 'cell_type' | 'source'>): HandNumber[] {
  const source = joinText(cell.source);
  // The parameter cell names what to open.
  if (/^(?:const \w+(?:: [^=]+)? = [^;]+;\n?)+$/.test(source)) return [];
  return numbersIn(cell.cell_type === 'markdown' ? source : stringsOf(source));
}

export function numbersIn(text: string): HandNumber[] {
  const prose = notProse.reduce((rest, part) => rest.replace(part, ' '), text);
  return [...prose.matchAll(number)].map((match) => ({
    number: match[0],
    around: prose
      .slice(Math.max(0, match.index - reach), match.index + match[0].length + reach)
      .replace(/\s+/g, ' '),
  }));
}

/** Sentences among the strings of code: those with a space, which file names and options have not. */
function stringsOf(code: string): string {
  return [...code.matchAll(/"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)]
    .map((match) => match[1] ?? match[2])
    .filter((text) => /\s/.test(text))
    .join(' ¦ ');
}
