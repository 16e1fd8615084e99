import { dirname, resolve } from 'node:path';
import { NacreError } from '../runtime/errors.ts';
import { CellOutputs } from './cell-outputs.ts';
import { compareNotebooks, type Drift } from './compare-outputs.ts';
import { startKernelClient } from './kernel-client.ts';
import {
  joinText,
  type Notebook,
  type NotebookOutput,
  readNotebook,
  writeNotebook,
} from './notebook-file.ts';
import { withParameters } from './parameters.ts';

export interface RunNotebookOptions {
  /** Values for the parameter cell, by name. */
  set?: Record<string, string> | undefined;
  /** Where the executed notebook goes; default over the input. With `set` it must be named. */
  out?: string | undefined;
  /** Compare fresh outputs with the saved ones instead of saving them. */
  check?: boolean | undefined;
  /** Relative difference of numbers that `check` accepts. Default 1e-6. */
  tolerance?: number | undefined;
  /** Longest time a cell may take, seconds. Default 600. */
  timeoutSeconds?: number | undefined;
  /** Called when a code cell has run. */
  onCell?: ((done: number, total: number) => void) | undefined;
}

export interface NotebookRun {
  notebook: Notebook;
  /** Where saved numbers and fresh ones differ; empty unless `check` was asked for. */
  drifts: Drift[];
}

/**
 * Executes a notebook on the nacre kernel, without Jupyter or Python, in the notebook's own folder, and saves its outputs.
 * Stops at the first cell that fails; the file on disk is then left as it was.
 *
 * @throws NacreError `cell-failed`, `cell-timeout`, `kernel-died`, `file-missing`, `notebook-broken`, `unknown-name`
 */
export async function runNotebook(
  file: string,
  options: RunNotebookOptions = {},
): Promise<NotebookRun> {
  const { set = {}, check = false, timeoutSeconds = 600 } = options;
  const path = resolve(file);
  const saved = readNotebook(path);
  const changed = Object.keys(set).length > 0;
  if (changed && !check && options.out === undefined) {
    throw new NacreError('no-output-file', 'other parameters need a file of their own', {
      file,
      todo: 'name it with --out FILE; the saved notebook keeps its own parameters',
    });
  }
  const notebook = await execute(withParameters(saved, set), path, timeoutSeconds, options.onCell);
  if (check) return { notebook, drifts: compareNotebooks(saved, notebook, options.tolerance) };
  writeNotebook(options.out ?? path, notebook);
  return { notebook, drifts: [] };
}

async function execute(
  notebook: Notebook,
  path: string,
  timeoutSeconds: number,
  onCell: RunNotebookOptions['onCell'],
): Promise<Notebook> {
  const total = notebook.cells.filter((cell) => cell.cell_type === 'code').length;
  const displays = new Map<string, Extract<NotebookOutput, { data: object }>[]>();
  const kernel = await startKernelClient(dirname(path));
  try {
    const cells: Notebook['cells'] = [];
    let count = 0;
    for (const [index, cell] of notebook.cells.entries()) {
      if (cell.cell_type !== 'code') {
        cells.push(cell);
        continue;
      }
      const code = joinText(cell.source);
      const collected = new CellOutputs(displays);
      if (code.trim() === '') {
        cells.push({ ...cell, outputs: [], execution_count: null });
        continue;
      }
      count++;
      const where = { file: path, column: `cell ${index + 1}` };
      try {
        await kernel.execute(code, collected.take, timeoutSeconds);
      } catch (error) {
        throw error instanceof NacreError ? error.located(where) : error;
      }
      const fault = collected.outputs.find((output) => output.output_type === 'error');
      if (fault !== undefined) throw cellFailed(where, code, fault);
      cells.push({ ...cell, outputs: collected.outputs, execution_count: count });
      onCell?.(count, total);
    }
    return { ...notebook, cells };
  } finally {
    await kernel.close();
  }
}

function cellFailed(
  where: { file: string; column: string },
  code: string,
  fault: Extract<NotebookOutput, { output_type: 'error' }>,
): NacreError {
  const shown = code
    .split('\n')
    .map((line, i) => `${String(i + 1).padStart(4)} | ${line}`)
    .join('\n');
  const found =
    fault.traceback.length > 0 ? fault.traceback.join('\n') : `${fault.ename}: ${fault.evalue}`;
  return new NacreError('cell-failed', `the cell failed\n\n${shown}\n\n`, {
    ...where,
    found,
    todo: 'fix the cell and run again; the saved notebook was not changed',
  });
}
