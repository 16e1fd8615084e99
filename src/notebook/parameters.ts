import { NacreError, nearestName } from '../runtime/errors.ts';
import { joinText, type Notebook } from './notebook-file.ts';

/** A line such as `const run: string = "../runs/synthetic"; // comment`. */
const declaration =
  /^(\s*(?:const|let)\s+([A-Za-z_$][\w$]*)\s*(?::[^=]+)?=\s*)(.*?)(;?\s*(?:\/\/.*)?)$/;

/**
 * The notebook with values of its parameter cell replaced; the parameter cell is the one tagged `parameters`
 * (as in papermill), else the first code cell. Values that read as JSON numbers, booleans or arrays go in as such,
 * others as strings.
 *
 * @throws NacreError `unknown-name` with the nearest name there is
 */
export function withParameters(notebook: Notebook, values: Record<string, string>): Notebook {
  if (Object.keys(values).length === 0) return notebook;
  const { at, lines, names } = parameterCell(notebook);
  for (const name of Object.keys(values)) {
    if (names.includes(name)) continue;
    const near = nearestName(name, names);
    throw new NacreError('unknown-name', 'the notebook has no such parameter', {
      column: name,
      expected: names.length > 0 ? `one of ${names.join(', ')}` : 'a parameter cell',
      todo: near === undefined ? 'correct the name' : `did you mean ${near}?`,
    });
  }
  const source = lines
    .map((line) => {
      const match = declaration.exec(line);
      if (match === null || values[match[2]] === undefined) return line;
      return `${match[1]}${literal(values[match[2]])}${match[4]}`;
    })
    .join('\n');
  const cells = notebook.cells.map((cell, i) => (i === at ? { ...cell, source } : cell));
  return { ...notebook, cells };
}

/** Names that the notebook's parameter cell declares, in order. */
export function parameterNames(notebook: Notebook): string[] {
  return parameterCell(notebook).names;
}

/** Number of the parameter cell (-1 where there is no code), its lines and the names that they declare. */
function parameterCell({ cells }: Notebook): { at: number; lines: string[]; names: string[] } {
  const tagged = cells.findIndex(({ metadata: { tags } }) => {
    return Array.isArray(tags) && tags.includes('parameters');
  });
  const at = tagged >= 0 ? tagged : cells.findIndex((cell) => cell.cell_type === 'code');
  const lines = at >= 0 ? joinText(cells[at].source).split('\n') : [];
  return { at, lines, names: lines.flatMap((line) => declaration.exec(line)?.[2] ?? []) };
}

function literal(value: string): string {
  try {
    const parsed: unknown = JSON.parse(value);
    if (parsed !== null && typeof parsed !== 'string') return JSON.stringify(parsed);
  } catch {
    // Not JSON: a plain string.
  }
  return JSON.stringify(value);
}
