import { joinText, type Notebook, type NotebookOutput } from './notebook-file.ts';

/** A difference between a saved and a fresh output. */
export interface Drift {
  /** 1-based place of the cell in the notebook. */
  cell: number;
  saved: string;
  fresh: string;
}

/** Numbers in running text: 0.731, -1.2e-5, 1,024 stays two numbers; a digit inside a word is text. */
const number = /(?<![\w.])[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+−]?\d+)?(?![\w])/g;

/**
 * Compares outputs cell by cell, number by number. Text must be equal, numbers within a relative tolerance;
 * pictures are not compared by their pixels (fonts differ between machines): the plotly JSON beside them is.
 *
 * @param tolerance relative, on the larger of the two; differences below 1e-12 never count. Default 1e-6
 */
export function compareNotebooks(saved: Notebook, fresh: Notebook, tolerance = 1e-6): Drift[] {
  const drifts: Drift[] = [];
  fresh.cells.forEach((cell, index) => {
    if (cell.cell_type !== 'code') return;
    const before = (saved.cells[index]?.outputs ?? []).flatMap(comparable);
    const after = (cell.outputs ?? []).flatMap(comparable);
    for (let i = 0; i < Math.max(before.length, after.length); i++) {
      const difference = compareText(before[i] ?? '(nothing)', after[i] ?? '(nothing)', tolerance);
      if (difference !== undefined) drifts.push({ cell: index + 1, ...difference });
    }
  });
  return drifts;
}

/** The parts of an output that carry meaning, as text. */
function comparable(output: NotebookOutput): string[] {
  if (output.output_type === 'stream') return [`${output.name}: ${joinText(output.text)}`];
  if (output.output_type === 'error') return [`${output.ename}: ${output.evalue}`];
  return Object.keys(output.data)
    .filter((type) => !type.startsWith('image/'))
    .sort()
    .map((type) => {
      const value = output.data[type];
      if (typeof value === 'string') return value;
      if (Array.isArray(value) && value.every((line) => typeof line === 'string')) {
        return value.join('');
      }
      return JSON.stringify(value);
    });
}

function compareText(
  saved: string,
  fresh: string,
  tolerance: number,
): { saved: string; fresh: string } | undefined {
  if (saved === fresh) return undefined;
  const savedNumbers = [...saved.matchAll(number)];
  const freshNumbers = [...fresh.matchAll(number)];
  const skeleton = (text: string) => text.replace(number, '#');
  if (skeleton(saved) !== skeleton(fresh)) {
    let at = 0;
    while (saved[at] === fresh[at]) at++;
    return { saved: around(saved, at), fresh: around(fresh, at) };
  }
  for (let i = 0; i < savedNumbers.length; i++) {
    const a = Number(savedNumbers[i][0].replaceAll('−', '-'));
    const b = Number(freshNumbers[i][0].replaceAll('−', '-'));
    const allowed = Math.max(1e-12, tolerance * Math.max(Math.abs(a), Math.abs(b)));
    if (Math.abs(a - b) <= allowed) continue;
    return {
      saved: around(saved, savedNumbers[i].index),
      fresh: around(fresh, freshNumbers[i].index),
    };
  }
  return undefined;
}

function around(text: string, at: number): string {
  return text.slice(Math.max(0, at - 40), at + 40).replaceAll('\n', ' ');
}
