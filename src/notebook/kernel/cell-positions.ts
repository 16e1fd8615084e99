import { SourceMap } from 'node:module';

/** A place in a cell as its user sees it; lines and columns count from 1. */
export interface CellPlace {
  cell: number;
  line: number;
  column: number;
}

/** A line of a stack, and its place in a cell where it has one. */
export interface StackFrame {
  text: string;
  place: CellPlace | undefined;
}

interface RunCell {
  /** Lines of the code that runs; the wrapper's call stands behind them. */
  lines: number;
  source: readonly string[];
  /** From the code that runs back to the TypeScript of the cell: two translations, each with its map. */
  maps: readonly SourceMap[];
}

/** tslab puts `export {};` on a line of its own before each cell. */
const linesBefore = 1;

/** Maps lines of the running code back to lines of the executed cells. */
export class CellPositions {
  readonly #cells = new Map<number, RunCell>();

  /**
   * @param cell number of the execution
   * @param source the cell as its user wrote it
   * @param script the code that runs, in tslab's wrapper
   * @param maps JSON of the source maps of both translations, last one first; empty where they are not known
   */
  add(cell: number, source: string, script: string, maps: readonly string[]): void {
    this.#cells.set(cell, {
      lines: script.split('\n').length - 1,
      source: source.split('\n'),
      maps: maps.map((text) => new SourceMap(JSON.parse(text))),
    });
  }

  /** File name under which the code of a cell runs; stack frames show it. */
  static fileName(cell: number): string {
    return `nacre-cell-${cell}.js`;
  }

  /** The frames of a stack that lie in cells (with the user's own lines) and in packages, without Node's and tslab's own. */
  frames(stack: string): StackFrame[] {
    return stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .filter(
        (line) =>
          !/node:internal|\(node:|at node:|[\\/]tslab[\\/]dist[\\/]|[\\/]notebook[\\/]kernel[\\/]/.test(
            line,
          ),
      )
      .flatMap((line): StackFrame[] => {
        const found = /nacre-cell-(\d+)\.js:(\d+):(\d+)/.exec(line);
        if (found === null) return [{ text: line, place: undefined }];
        const place = this.#place(Number(found[1]), Number(found[2]), Number(found[3]));
        // The wrapper around a cell has no line of its own.
        if (place === undefined) return [];
        const name = /^\s+at (?:async )?(?:new )?(?:Proxy\.)?([\w$.<>]+) \(/.exec(line)?.[1];
        const call = name === undefined || name === '<anonymous>' ? '' : `${name} (`;
        const text = `    at ${call}cell ${place.cell}, line ${place.line}, column ${place.column}${call === '' ? '' : ')'}`;
        return [{ text, place }];
      });
  }

  /** Lines of a cell around a place, with an arrow at its line. */
  excerpt({ cell, line }: Pick<CellPlace, 'cell' | 'line'>): string[] {
    return excerptOf(this.#cells.get(cell)?.source ?? [], line);
  }

  #place(cell: number, line: number, column: number): CellPlace | undefined {
    const run = this.#cells.get(cell);
    if (run === undefined || line > run.lines) return undefined;
    let place = { line: line - 1, column: column - 1 };
    for (const map of run.maps) {
      const entry = map.findEntry(place.line, place.column);
      if (!('originalLine' in entry)) return undefined;
      place = { line: entry.originalLine, column: entry.originalColumn };
    }
    const found = place.line - (run.maps.length > 0 ? linesBefore : 0) + 1;
    if (found < 1 || found > run.source.length) return undefined;
    return { cell, line: found, column: place.column + 1 };
  }
}

/** Lines around line `line` (from 1), numbered, with an arrow at it. */
export function excerptOf(source: readonly string[], line: number): string[] {
  const from = Math.max(1, line - 2);
  const to = Math.min(source.length, line + 2);
  const rows: string[] = [];
  for (let n = from; n <= to; n++) {
    rows.push(`${n === line ? '-->' : '   '} ${String(n).padStart(3)} | ${source[n - 1]}`);
  }
  return rows;
}
