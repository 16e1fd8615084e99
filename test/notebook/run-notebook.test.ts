import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, vi } from 'vitest';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { runCli } from '../../src/cli/program.ts';
import { writeNotebook } from '../../src/notebook/notebook-file.ts';
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

it('keeps all that a cell prints; a second run gives the same bytes, and an edited number is its one drift', async () => {
  const file = notebookOf(
    'prints.ipynb',
    'const x = 0.25;\nlet y = 3;\nlet z = 0;',
    'for (let i = 0; i < 2000; i++) console.log("line", i);\nconsole.log("sum", x + 1);',
    // A shorthand property names a variable of an earlier cell.
    '({ y, z = 7 } = { y: 5 } as { y: number; z?: number });\nfor (const w of [1]) console.log(JSON.stringify({ x, y, z, w, ...{ x } }));',
  );
  const { notebook } = await runNotebook(file);
  const text = JSON.stringify(notebook.cells[1].outputs);
  for (const i of [0, 1000, 1999]) expect(text).toContain(`line ${i}\\n`);
  expect(JSON.stringify(notebook.cells[2].outputs)).toContain(
    JSON.stringify('{"x":0.25,"y":5,"z":7,"w":1}\n').slice(1, -1),
  );
  const first = readFileSync(file, 'utf8');
  // The saved cell is the one that was written, not the one that ran.
  expect(first).toContain('{ x, y, z, w, ...{ x } }');
  writeFileSync(file, first.replace('sum 1.25', 'sum 1.26'));
  const second = await runNotebook(file, { check: true });
  expect(second.drifts).toHaveLength(1);
  expect(second.drifts[0]).toMatchObject({ cell: 2 });
  writeNotebook(file, second.notebook);
  expect(readFileSync(file, 'utf8') === first).toBe(true);
});

it.each([
  ['rejects unheard', 'void Promise.reject(new Error("planted rejection"));', /planted rejection/],
  ['does not type', 'const n: number = "text";', /not assignable/],
  ['ends the kernel', 'process.exit(7);', /kernel ended.*exit code 7/s],
  ['kills the kernel', 'process.kill(process.pid, "SIGKILL");', /kernel ended.*SIGKILL/s],
  // The one that throws: what it awaits rejects.
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

it('types of nacre, its rooms and the packages it speaks of can be named outside the checkout, and hold', async () => {
  const run = writeSyntheticRun(join(folder, 'typed'));
  const study = resolve('studies/phantom.yaml');
  const cells = [
    `import { figures, NacreError, openRun, readStudyConfig, resultsFrame } from 'nacre';
import { radiomicsSettings } from 'nacre/radiomics';
const opened = await openRun(${JSON.stringify(run)});
const { pipeline } = readStudyConfig(${JSON.stringify(study)});
const { data, layout } = figures.balancedAccuracy(opened);
const table = await resultsFrame(opened);
const grouped = table.groupby(['feature set']);`,
    `const width: number = layout.width;
const found = [table.shape[0] > 0, data.length > 0, width > 0, grouped.ngroups > 0, typeof radiomicsSettings, NacreError.name].join();
if (found !== 'true,true,true,true,function,NacreError') throw new Error(found);`,
    'const rows: string = table.shape[0];\nconst method = pipeline.mrmr.methot;\nconst n: number = radiomicsSettings;',
  ];
  // The first two cells go through; the third has a fault of type on each line.
  await expect(runNotebook(notebookOf('typed.ipynb', ...cells))).rejects.toThrow(
    /cell 3: .*'number' is not assignable to type 'string'.*did you mean 'method'.*not assignable to type 'number'/is,
  );
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
