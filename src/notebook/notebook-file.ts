import { z } from 'zod';
import { NacreError } from '../runtime/errors.ts';
import { sha256 } from '../runtime/hash.ts';
import { parseJson } from '../runtime/read-json.ts';
import { readText } from '../runtime/read-text.ts';
import { checkedValue } from '../runtime/schema-fault.ts';
import { writeWhole } from '../runtime/write-whole.ts';
import { kernelName } from './kernelspec.ts';

const text = z.union([z.string(), z.array(z.string())]);
const metadata = z.looseObject({});

/** Cell outputs as nbformat 4.5 has them. */
const outputSchema = z.discriminatedUnion('output_type', [
  z.looseObject({ output_type: z.literal('stream'), name: z.string(), text }),
  z.looseObject({
    output_type: z.enum(['display_data', 'execute_result']),
    data: z.record(z.string(), z.unknown()),
    metadata,
  }),
  z.looseObject({
    output_type: z.literal('error'),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);

const cellSchema = z.looseObject({
  id: z.string().optional(),
  cell_type: z.enum(['code', 'markdown', 'raw']),
  metadata,
  source: text,
  outputs: z.array(outputSchema).optional(),
  execution_count: z.int().nullable().optional(),
});

export const notebookSchema = z.looseObject({
  nbformat: z.literal(4),
  nbformat_minor: z.int(),
  metadata,
  cells: z.array(cellSchema),
});

export type NotebookOutput = z.output<typeof outputSchema>;
export type NotebookCell = z.output<typeof cellSchema>;
export type Notebook = z.output<typeof notebookSchema>;

/** Reads and checks a notebook. @throws NacreError `file-missing`, `bad-json`, `notebook-broken` */
export function readNotebook(path: string): Notebook {
  return parseNotebook(readText(path, 'the notebook', 'an .ipynb file', 'check the path'), path);
}

/** The same from text; `path` names it in errors. */
export function parseNotebook(raw: string, path: string): Notebook {
  const json = parseJson(raw, {
    what: 'the notebook',
    file: path,
    todo: 'restore it from version control; the file was not touched',
    // Outputs hold figures as JSON.
    deepest: 500,
  });
  const { data, fault } = checkedValue(notebookSchema, json);
  if (fault === undefined) return data;
  throw new NacreError('notebook-broken', 'the file is not an nbformat 4 notebook', {
    file: path,
    column: fault.path.join('.') || '(top level)',
    found: fault.found,
    expected: fault.expected,
    todo: 'open and save it with JupyterLab 4, or restore it; the file was not touched',
  });
}

/** Writes a notebook in the one form that an unchanged rerun gives again: nbformat 4.5, stable ids, no times. */
export function writeNotebook(path: string, notebook: Notebook): void {
  writeWhole(path, `${JSON.stringify(normalised(notebook), null, 1)}\n`);
}

function normalised(notebook: Notebook): object {
  const taken = new Set<string>();
  return {
    cells: notebook.cells.map((cell, index) => {
      const id = cell.id !== undefined && !taken.has(cell.id) ? cell.id : cellId(cell, index);
      taken.add(id);
      const { tags, jupyter, collapsed } = cell.metadata;
      const kept = { tags, jupyter, collapsed };
      const source = toLines(joinText(cell.source));
      if (cell.cell_type !== 'code') {
        return { cell_type: cell.cell_type, id, metadata: kept, source };
      }
      return {
        cell_type: 'code',
        execution_count: cell.execution_count ?? null,
        id,
        metadata: kept,
        outputs: (cell.outputs ?? []).map(normalisedOutput),
        source,
      };
    }),
    metadata: {
      kernelspec: { display_name: 'TypeScript (nacre)', language: 'typescript', name: kernelName },
      language_info: {
        file_extension: '.ts',
        mimetype: 'text/typescript',
        name: 'typescript',
      },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

function normalisedOutput(output: NotebookOutput): object {
  if (output.output_type === 'stream') {
    return { name: output.name, output_type: 'stream', text: toLines(joinText(output.text)) };
  }
  if (output.output_type === 'error') {
    const { ename, evalue, traceback } = output;
    return { ename, evalue, output_type: 'error', traceback };
  }
  const data = Object.entries(output.data)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, value]) => [type, storedValue(type, value)]);
  const count = 'execution_count' in output ? { execution_count: output.execution_count } : {};
  return {
    data: Object.fromEntries(data),
    ...count,
    metadata: output.metadata,
    output_type: output.output_type,
  };
}

/** Text is stored by lines so that diffs stay readable; base64 and JSON as they are. */
function storedValue(type: string, value: unknown): unknown {
  const isText = type.startsWith('text/') || type === 'image/svg+xml';
  return isText && typeof value === 'string' ? toLines(value) : value;
}

/** The id of a cell that has none: from its content and place, so that it is the same next time. */
function cellId(cell: NotebookCell, index: number): string {
  return sha256(`${index}\n${joinText(cell.source)}`).slice(0, 8);
}

export function joinText(source: string | string[]): string {
  return Array.isArray(source) ? source.join('') : source;
}

function toLines(source: string): string[] {
  return source === '' ? [] : source.split(/(?<=\n)/);
}
