import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import type { ModelList } from '../../src/deep/models/model-list.ts';
import { madeSlice } from '../imaging/dicom/made-dicom.ts';
import { sourceExamples } from './source-examples.ts';
import { makeWorld, type World } from './world.ts';

const published = vi.hoisted(() => ({ list: undefined as ModelList | undefined }));
vi.mock('../../src/deep/models/model-list.ts', async (original) => {
  const real = await original<typeof import('../../src/deep/models/model-list.ts')>();
  const readModelList: typeof real.readModelList = (path) =>
    path === undefined && published.list !== undefined ? published.list : real.readModelList(path);
  return { ...real, readModelList };
});

const root = resolve('.');
const examples = sourceExamples(root);

/**
 * Names that an example takes as given, as its text does: a scan and its mask, an encoder, a finished run. Only those that
 * the code uses and does not declare itself are made.
 */
const given: Readonly<Record<string, string>> = {
  volume: "await nacre.readVolume('scan.nii.gz')",
  scan: "await nacre.readVolume('scan.nii.gz')",
  mask: "await nacre.readMask('mask.nii.gz')",
  tumour: "await nacre.readMask('tumour.nii.gz')",
  encoder: "await nacre.ResNetEncoder.load(['resnet10', 'resnet34'], { threads: 1 })",
  run: "await nacre.openRun('runs/ispy1')",
  series: "await nacre.readVolume('series')",
  lesion: '{ ...series, data: Uint8Array.from(series.data, (_, i) => Number(i === 0)) }',
};

/** Examples that compile but need what a test has not, with the reason. */
const onlyCompiled: Readonly<Record<string, string>> = {
  'src/notebook/comms.ts': 'the kernel of a notebook; test/notebook runs it there',
};

const read = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const options: ts.CompilerOptions = {
  ...ts.parseJsonConfigFileContent(read.config, ts.sys, root).options,
  noUnusedLocals: false,
  noEmit: true,
  typeRoots: [join(root, 'node_modules/@types')],
};
/** Parses each file once: the sources are read for their names, and again with the examples. */
const host = ts.createCompilerHost(options);
const parsed = new Map<string, ts.SourceFile | undefined>();
const { getSourceFile } = host;
host.getSourceFile = (path, ...rest) => {
  if (!parsed.has(path)) parsed.set(path, getSourceFile(path, ...rest));
  return parsed.get(path);
};

/** Where a name of an example is exported: the face of nacre first, else the file that the example stands in. */
const faceNames = exportedBy(join(root, 'src/index.ts'));

function exportedBy(file: string): Set<string> {
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const symbol = source && checker.getSymbolAtLocation(source);
  return new Set(symbol === undefined ? [] : checker.getExportsOfModule(symbol).map((s) => s.name));
}

/** Names that the code uses freely: neither declared in it nor a property. */
function freeNames(code: string): Set<string> {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ESNext, true);
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      const isName =
        (ts.isVariableDeclaration(parent) ||
          ts.isFunctionDeclaration(parent) ||
          ts.isParameter(parent) ||
          ts.isBindingElement(parent) ||
          ts.isImportSpecifier(parent)) &&
        parent.name === node;
      const isProperty =
        (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
        (ts.isPropertyAssignment(parent) && parent.name === node) ||
        (ts.isBindingElement(parent) && parent.propertyName === node);
      if (isName) declared.add(node.text);
      else if (!isProperty) used.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const name of declared) used.delete(name);
  return used;
}

/** Every exported name of the sources and the file that exports it. */
const homes = new Map<string, string>();
for (const name of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.ts')) continue;
  const text = readFileSync(join(root, 'src', name), 'utf8');
  for (const [, exported] of text.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)) {
    homes.set(exported, join(root, 'src', name));
  }
}

/** The example as a module: what it takes as given in front of it. */
function moduleOf(code: string, index: number): string {
  const own = code
    .replace(/from (['"])nacre\1/g, `from '${join(root, 'src/index.ts')}'`)
    .replace(
      /from (['"])nacre\/([\w-]+)\1/g,
      (_, quote, room) => `from ${quote}${roomFile(room)}${quote}`,
    );
  const lines = [`import * as nacre from '${join(root, 'src/index.ts')}';`];
  const wanted = [...freeNames(code)];
  for (const name of wanted) {
    const nodes = { writeFileSync: 'node:fs', readFileSync: 'node:fs', join: 'node:path' } as const;
    if (name in nodes)
      lines.push(`import { ${name} } from '${nodes[name as keyof typeof nodes]}';`);
    else if (given[name] === undefined && (faceNames.has(name) || homes.has(name))) {
      const home = faceNames.has(name) ? join(root, 'src/index.ts') : homes.get(name);
      lines.push(`import { ${name} } from '${home}';`);
    }
  }
  for (const name of wanted)
    if (given[name] !== undefined) lines.push(`const ${name} = ${given[name]};`);
  return `${lines.join('\n')}\n${own}\nexport const example = ${index};\nvoid nacre;\n`;
}

/** The file behind `nacre/radiomics` and the like. */
function roomFile(room: string): string {
  const { exports = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const entry = exports[`./${room}`];
  const target = typeof entry === 'string' ? entry : (entry?.default ?? entry?.import ?? '');
  const path = typeof target === 'string' ? target : (target.default ?? '');
  return join(root, path.replace('./dist/', 'src/').replace(/\.js$/, '.ts'));
}

/** Three slices of a DICOM series in a folder. */
function writeSeries(folder: string): void {
  mkdirSync(folder);
  for (let i = 0; i < 3; i++) {
    const slice = madeSlice({ position: [-10, 20, 3 * i], number: i + 1 });
    writeFileSync(join(folder, `slice-${i}.dcm`), slice);
  }
}

let world: World;
const files: string[] = [];
beforeAll(async () => {
  world = await makeWorld();
  published.list = world.list;
  process.chdir(world.folder);
  process.env.NACRE_CACHE = join(world.folder, 'cache');
  process.env.NACRE_MODELS = join(world.folder, 'models');
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  vi.spyOn(console, 'log').mockImplementation(() => {});
  const code = await runCli(['node', 'nacre', 'study', 'ispy1.yaml', '--no-report']);
  if (code !== 0) throw new Error('the run that examples take as given could not be made');
  mkdirSync('examples');
  writeSeries('series');
  writeFileSync(join('examples', 'package.json'), '{"type":"module"}');
  examples.forEach(({ code }, i) => {
    files.push(join(world.folder, 'examples', `example-${i}.ts`));
    writeFileSync(files[i], moduleOf(code, i));
  });
});
afterAll(() => {
  vi.restoreAllMocks();
  process.chdir(root);
  world?.close();
});

describe('TypeScript examples', () => {
  it('are found in docstrings, and compile', () => {
    expect(examples.length).toBeGreaterThanOrEqual(10);
    const program = ts.createProgram(files, options, host);
    const faults = files.flatMap((path, i) => {
      const file = program.getSourceFile(path);
      return [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ].map(
        ({ messageText }) =>
          `${examples[i].place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      );
    });
    expect(faults).toEqual([]);
  });

  it('that are compiled alone still stand there', () => {
    for (const [file, reason] of Object.entries(onlyCompiled)) {
      const stands = examples.some(({ place }) => place.startsWith(file));
      expect(stands, `${file} (${reason}) has no example any more`).toBe(true);
    }
  });

  const runs = examples
    .map(({ place }, i) => [place, i] as const)
    .filter(([place]) => onlyCompiled[place.replace(/:\d+$/, '')] === undefined);
  it.each(runs)('%s runs', async (_, i) => {
    const { example } = await import(/* @vite-ignore */ files[i]);
    expect(example).toBe(i);
  });
});
