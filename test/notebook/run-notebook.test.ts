import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, vi } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { runCli } from '../../src/cli/program.ts';
import { runNotebook } from '../../src/notebook/run-notebook.ts';
import { writeSyntheticRun } from '../report/synthetic-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-notebook-'));

function notebookOf(name: string, ...sources: string[]): string {
  const cells = sources.map((source) => ({
    cell_type: 'code',
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  }));
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  return path;
}

it('keeps all that a cell prints; a rerun gives the same bytes; an edited number is a drift', async () => {
  const file = notebookOf(
    'prints.ipynb',
    'const x = 0.25;',
    'for (let i = 0; i < 2000; i++) console.log("line", i);\nconsole.log("sum", x + 1);',
  );
  const { notebook } = await runNotebook(file);
  const text = JSON.stringify(notebook.cells[1].outputs);
  for (const i of [0, 1000, 1999]) expect(text).toContain(`line ${i}\\n`);
  const first = readFileSync(file, 'utf8');
  await runNotebook(file);
  expect(readFileSync(file, 'utf8') === first).toBe(true);
  writeFileSync(file, first.replace('sum 1.25', 'sum 1.26'));
  const { drifts } = await runNotebook(file, { check: true });
  expect(drifts).toHaveLength(1);
  expect(drifts[0]).toMatchObject({ cell: 2 });
});

it('a shorthand property names a variable of an earlier cell', async () => {
  const file = notebookOf(
    'shorthand.ipynb',
    'const x = 2;\nlet y = 3;\nlet z = 0;',
    '({ y, z = 7 } = { y: 5 } as { y: number; z?: number });\nfor (const w of [1]) console.log(JSON.stringify({ x, y, z, w, ...{ x } }));',
  );
  const { notebook } = await runNotebook(file);
  expect(JSON.stringify(notebook.cells[1].outputs)).toContain(
    JSON.stringify('{"x":2,"y":5,"z":7,"w":1}\n').slice(1, -1),
  );
  // The saved cell is the one that was written, not the one that ran.
  expect(readFileSync(file, 'utf8')).toContain('{ x, y, z, w, ...{ x } }');
});

it.each([
  ['throws', 'throw new Error("planted fault");', /planted fault/],
  ['rejects unheard', 'void Promise.reject(new Error("planted rejection"));', /planted rejection/],
  ['does not type', 'const n: number = "text";', /not assignable/],
  ['ends the kernel', 'process.exit(7);', /kernel ended.*exit code 7/s],
  ['kills the kernel', 'process.kill(process.pid, "SIGKILL");', /kernel ended.*SIGKILL/s],
  [
    'opens a run that is not there',
    `import { openRun } from "nacre";\nawait openRun("/no/such/run");`,
    /\/no\/such\/run.*no finished run here.*nacre study/s,
  ],
])(
  'a cell that %s stops the run, and the file is left as it was',
  async (name, source, message) => {
    const file = notebookOf(`${name}.ipynb`, source);
    const before = readFileSync(file, 'utf8');
    await expect(runNotebook(file)).rejects.toThrow(message);
    expect(readFileSync(file, 'utf8')).toBe(before);
  },
);

it.each([
  ['waits for ever', 'await new Promise(() => {});'],
  ['never lets go', 'while (true) {}'],
])('a cell that %s is stopped, and the file is left as it was', async (name, source) => {
  const file = notebookOf(`${name}.ipynb`, source);
  const before = readFileSync(file, 'utf8');
  await expect(runNotebook(file, { timeoutSeconds: 2 })).rejects.toThrow(/did not end in time/);
  expect(readFileSync(file, 'utf8')).toBe(before);
});

it('types of nacre and of the packages it speaks of can be named outside the checkout, and hold', async () => {
  const run = writeSyntheticRun(join(folder, 'typed'));
  const study = resolve('studies/phantom.yaml');
  const cells = [
    `import { figures, openRun, readStudyConfig, resultsFrame } from 'nacre';
const opened = await openRun(${JSON.stringify(run)});
const { pipeline } = readStudyConfig(${JSON.stringify(study)});
const { data, layout } = figures.balancedAccuracy(opened);
const table = await resultsFrame(opened);
const grouped = table.groupby(['feature set']);`,
    'console.log("rows", table.shape[0], data.length > 0, layout.width, grouped.ngroups);',
  ];
  const { notebook } = await runNotebook(notebookOf('typed.ipynb', ...cells));
  expect(JSON.stringify(notebook.cells[1].outputs)).toMatch(/rows [1-9]\d* true \d+ [1-9]/);
  const misuse = 'const rows: string = table.shape[0];\nconst method = pipeline.mrmr.methot;';
  await expect(runNotebook(notebookOf('misuse.ipynb', cells[0], misuse))).rejects.toThrow(
    /'number' is not assignable to type 'string'.*did you mean 'method'/is,
  );
});

it('a cell imports a room by its name, with its types', async () => {
  const source =
    "import { radiomicsSettings } from 'nacre/radiomics';\nimport { NacreError } from 'nacre';\n";
  const file = notebookOf(
    'room.ipynb',
    `${source}console.log(typeof radiomicsSettings, NacreError.name);`,
  );
  const { notebook } = await runNotebook(file);
  expect(JSON.stringify(notebook.cells[0].outputs)).toContain('function NacreError');
  const misuse = notebookOf('room-misuse.ipynb', `${source}const n: number = radiomicsSettings;`);
  await expect(runNotebook(misuse)).rejects.toThrow(/not assignable to type 'number'/);
});

it('refuses broken JSON and unknown parameters', async () => {
  const broken = join(folder, 'broken.ipynb');
  writeFileSync(broken, '{"cells": [');
  await expect(runNotebook(broken)).rejects.toThrow('not valid JSON');
  const file = notebookOf('parameters.ipynb', 'const run = "a";');
  await expect(runNotebook(file, { set: { rum: 'b' }, check: true })).rejects.toThrow(
    'did you mean run',
  );
});

it('06-classification goes through on another run folder; one edited result is the one drift', async () => {
  // As on a machine without Chromium: figures stay interactive. Pictures have a test of their own (report).
  vi.stubEnv('NACRE_CHROMIUM', join(folder, 'no-chromium'));
  const run = writeSyntheticRun(join(folder, 'run'));
  const source = join(folder, '06.ipynb');
  const done = join(folder, '06-done.ipynb');
  copyFileSync('notebooks/06-classification.ipynb', source);
  const { notebook } = await runNotebook(source, { set: { run }, out: done });
  const code = notebook.cells.filter((cell) => cell.cell_type === 'code');
  const silent = code.filter((cell) => cell.outputs?.length === 0).map((cell) => cell.source);
  // The parameter cell alone has nothing to show.
  expect(silent).toHaveLength(1);
  const saved = readFileSync(done, 'utf8');
  expect(saved).toContain('SYNTHETIC');
  // One digit of one mean in one table: "0.731" becomes "0.732", say.
  const [cell, digits] = /<td[^>]*>0\.(\d{3})<\/td>/.exec(saved) as RegExpExecArray;
  const other = String((Number(digits) + 1) % 1000).padStart(3, '0');
  writeFileSync(done, saved.replace(cell, cell.replace(digits, other)));
  const print = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const exit = await runCli(['node', 'nacre', 'notebook', 'run', done, '--check']);
  const told = print.mock.calls.map(([text]) => String(text)).join('');
  print.mockRestore();
  vi.unstubAllEnvs();
  expect(exit).toBe(exitCodes.someFailed);
  expect(told).toContain(': 1 differences');
  expect(told).toMatch(new RegExp(`saved .*0\\.${other}.*\\n.*fresh .*0\\.${digits}`));
});
