import { textTable } from './text-table.ts';
import { wrapWords } from './wrap-words.ts';

/** A value with a remark on it, such as a mean with its interval: beside each other where there is room, else below. */
export interface DetailedCell {
  value: string;
  detail: string;
}

export type Cell = string | DetailedCell;

/** Narrowest first column before the others go to a table of their own. */
const narrowestStub = 16;

/**
 * A table no wider than `width`: on one line per row if that fits; else details below their values and long titles on
 * several lines; else in several tables, each of which repeats the first column. Nothing is left out.
 *
 * @param header one title per column; of a column with details also theirs
 * @param rows as many cells as the header has titles; the first one names the row
 * @param width in characters; Infinity for one line per row
 */
export function fittedTable(
  header: readonly Cell[],
  rows: readonly (readonly Cell[])[],
  width: number,
): string {
  const wide = textTable(
    flattened(header, header),
    rows.map((row) => flattened(row, header)),
  );
  if (lineWidth(wide) <= width) return wide;
  const [stub, ...others] = header.map((title, c) =>
    columnOf(
      title,
      rows.map((row) => row[c] ?? ''),
    ),
  );
  const names = narrowed(stub, width, others);
  const blocks: StackedColumn[][] = [[]];
  let used = names.width;
  for (const column of others) {
    if (used + 2 + column.width > width && blocks[blocks.length - 1].length > 0) {
      blocks.push([]);
      used = names.width;
    }
    blocks[blocks.length - 1].push(column);
    used += 2 + column.width;
  }
  return blocks.map((block) => drawn([names, ...block])).join('\n\n');
}

/** Widest line of a text. */
function lineWidth(text: string): number {
  return Math.max(...text.split('\n').map((line) => line.length));
}

/** Details become columns of their own. */
function flattened(cells: readonly Cell[], header: readonly Cell[]): string[] {
  return header.flatMap((title, c) => {
    const cell = cells[c] ?? '';
    if (typeof title === 'string') return typeof cell === 'string' ? cell : joined(cell);
    return typeof cell === 'string' ? [cell, ''] : [cell.value, cell.detail];
  });
}

function joined({ value, detail }: DetailedCell): string {
  return `${value}, ${detail}`;
}

/** A column whose cells may have several lines. */
interface StackedColumn {
  title: string[];
  cells: string[][];
  width: number;
  right: boolean;
}

function columnOf(title: Cell, cells: readonly Cell[]): StackedColumn {
  const lines = cells.map((cell) =>
    typeof cell === 'string' ? [cell] : [cell.value, cell.detail].filter((line) => line !== ''),
  );
  const values = cells.map((cell) => (typeof cell === 'string' ? cell : cell.value));
  const titles = typeof title === 'string' ? [title] : [title.value, title.detail];
  const longestWord = Math.max(...titles.flatMap((text) => text.split(' ')).map((w) => w.length));
  const width = Math.max(longestWord, ...lines.flat().map((line) => line.length));
  return {
    title: titles.flatMap((text) => wrapWords(text, width)),
    cells: lines,
    width,
    right: values.length > 0 && values.every((value) => /^([-+−]?[\d.]|–|<|$)/.test(value)),
  };
}

/** The first column, broken into lines where that spares another table. */
function narrowed(
  stub: StackedColumn,
  width: number,
  others: readonly StackedColumn[],
): StackedColumn {
  const rest = others.reduce((sum, column) => sum + 2 + column.width, 0);
  const room = width - rest;
  // In several tables the first one of them sets the room: a third of the line is enough for a name.
  const target = room >= narrowestStub ? room : Math.max(narrowestStub, Math.floor(width / 3));
  if (stub.width <= target) return stub;
  const cells = stub.cells.map((lines) =>
    lines.flatMap((line) => wrapWords(line, target, { indent: '  ', cut: true })),
  );
  const title = stub.title.flatMap((line) => wrapWords(line, target, { cut: true }));
  const used = Math.max(...[...cells.flat(), ...title].map((line) => line.length));
  return { ...stub, title, cells, width: used };
}

function drawn(columns: readonly StackedColumn[]): string {
  const lines = (parts: readonly string[][], fromBottom = false) => {
    const height = Math.max(...parts.map((part) => part.length));
    return Array.from({ length: height }, (_, at) =>
      columns
        .map(({ width, right }, c) => {
          const line = parts[c][fromBottom ? at - (height - parts[c].length) : at] ?? '';
          return right ? line.padStart(width) : line.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    );
  };
  const rule = columns.map(({ width }) => '─'.repeat(width)).join('  ');
  const titles = lines(
    columns.map(({ title }) => title),
    true,
  );
  const body = columns[0].cells.flatMap((_, row) => lines(columns.map(({ cells }) => cells[row])));
  return [...titles, rule, ...body].join('\n');
}
