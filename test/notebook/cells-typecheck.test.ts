import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { joinText, readNotebook } from '../../src/notebook/notebook-file.ts';

const folder = resolve('notebooks');

/** Options of tsconfig.json; cells may leave a variable for the reader's own next cell. */
function strictOptions(): ts.CompilerOptions {
  const read = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, resolve('.'));
  return {
    ...options,
    noUnusedLocals: false,
    paths: { nacre: [resolve('src/index.ts')] },
  };
}

/**
 * What strict TypeScript says of the cells of notebooks, each notebook one module: the kernel's own check is loose.
 * A line names notebook, cell and line in it.
 */
function faultsOf(notebooks: ReadonlyMap<string, readonly string[]>): string[] {
  const modules = new Map<string, { name: string; starts: number[]; text: string }>();
  for (const [name, cells] of notebooks) {
    const starts: number[] = [];
    let text = '';
    for (const cell of cells) {
      starts.push(text.split('\n').length - 1);
      text += `${cell}\n`;
    }
    modules.set(join(folder, `${name}.cells.ts`), { name, starts, text: `${text}export {};\n` });
  }
  const options = strictOptions();
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (path) => modules.has(path) || fileExists(path);
  host.readFile = (path) => modules.get(path)?.text ?? readFile(path);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const module = modules.get(path);
    return module === undefined
      ? getSourceFile(path, languageVersion, ...rest)
      : ts.createSourceFile(path, module.text, languageVersion);
  };
  const program = ts.createProgram([...modules.keys()], options, host);
  return [...modules].flatMap(([path, { name, starts }]) => {
    const file = program.getSourceFile(path);
    const diagnostics = [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ];
    return diagnostics.map(({ start = 0, messageText }) => {
      const line = file?.getLineAndCharacterOfPosition(start).line ?? 0;
      const cell = starts.filter((first) => first <= line).length - 1;
      const message = ts.flattenDiagnosticMessageText(messageText, ' ');
      return `${name}, code cell ${cell + 1}, line ${line - (starts[cell] ?? 0) + 1}: ${message}`;
    });
  });
}

describe('strict TypeScript', () => {
  it('finds no fault in any cell of the notebooks, and finds those that are planted', () => {
    const notebooks = new Map(
      readdirSync(folder)
        .filter((file) => file.endsWith('.ipynb'))
        .map((file) => [
          file,
          readNotebook(join(folder, file)).cells.flatMap((cell) =>
            cell.cell_type === 'code' ? [joinText(cell.source)] : [],
          ),
        ]),
    );
    expect(notebooks.size).toBeGreaterThanOrEqual(9);
    notebooks.set('planted', [
      'import { openRun } from "nacre";\nconst folder = "runs/x";',
      'const opened = await openRun(folder);\nconst title: number = opened.results.study.title;',
      'const none = opened.results.endpoints[0].table.sets;',
    ]);
    expect(faultsOf(notebooks)).toEqual([
      "planted, code cell 2, line 2: Type 'string' is not assignable to type 'number'.",
      "planted, code cell 3, line 1: Object is possibly 'undefined'.",
    ]);
  });
});
