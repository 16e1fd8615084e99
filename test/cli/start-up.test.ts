import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const source = resolve('src');

/** What a module loads before its first line runs: nacre's own modules, and packages with the module that names them. */
function loadedBy(entry: string): { modules: string[]; packages: Map<string, string> } {
  const modules = new Set<string>();
  const packages = new Map<string, string>();
  const visit = (file: string) => {
    if (modules.has(file)) return;
    modules.add(file);
    const parsed = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
    for (const statement of parsed.statements) {
      const name = valuesFrom(statement);
      if (name === undefined || name.startsWith('node:')) continue;
      if (name.startsWith('.')) visit(join(dirname(file), name));
      else packages.set(name, relative(source, file));
    }
  };
  visit(join(source, entry));
  return { modules: [...modules].map((file) => relative(source, file)), packages };
}

/** The module that a statement imports values from; types leave no import behind. */
function valuesFrom(statement: ts.Statement): string | undefined {
  if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return undefined;
  const { moduleSpecifier } = statement;
  if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return undefined;
  const clause = ts.isImportDeclaration(statement) ? statement.importClause : statement;
  if (clause?.isTypeOnly) return undefined;
  const named = ts.isImportDeclaration(statement)
    ? statement.importClause?.namedBindings
    : statement.exportClause;
  const elements = named && 'elements' in named ? [...named.elements] : [];
  const isTypes = elements.length > 0 && elements.every(({ isTypeOnly }) => isTypeOnly);
  const hasDefault = ts.isImportDeclaration(statement) && statement.importClause?.name;
  return isTypes && !hasDefault ? undefined : moduleSpecifier.text;
}

describe('the command line', () => {
  const { modules, packages } = loadedBy('cli/program.ts');

  it('loads the options of all commands, and the work of none', () => {
    expect(modules).toContain('cli/study.ts');
    expect(modules.filter((path) => path.startsWith('cli/actions/'))).toEqual([]);
  });

  it('loads no package but its parser', () => {
    expect([...packages.keys()]).toEqual(['commander']);
  });

  it('loads of the rooms below only names of choices, errors and places', () => {
    const below = modules.filter((path) => !path.startsWith('cli/'));
    expect(below.sort()).toEqual([
      'cohort/locate.ts',
      'deep/architecture.ts',
      'deep/onnx-file/poolings.ts',
      'deep/session-options.ts',
      'imaging/image-address.ts',
      'radiomics/ibsi-configuration-names.ts',
      'radiomics/image-type-names.ts',
      'report/checklists/form-names.ts',
      'report/row-formats.ts',
      'runtime/errors.ts',
      'runtime/version.ts',
      'table/separators.ts',
    ]);
  });

  it('loads for one case of radiomics no reader of other files, no display and no thread', () => {
    const radiomics = loadedBy('cli/actions/radiomics.ts');
    expect(radiomics.modules).toContain('radiomics/extractor.ts');
    const unneeded = /excel|hyparquet|fflate|dicom-parser|cli-progress|onnxruntime|plotly/;
    expect([...radiomics.packages.keys()].filter((name) => unneeded.test(name))).toEqual([]);
  });

  it('would be seen to load a study, where it did', () => {
    const study = loadedBy('cli/actions/study.ts');
    expect(study.modules.length).toBeGreaterThan(300);
    expect(study.packages.get('zod')).toMatch(/\.ts$/);
  });
});

/** Rooms of which a worker thread loads nothing: each thread loads its modules anew. */
const unneeded = {
  'cohort/phantom/phantom-worker.ts': ['radiomics', 'deep', 'features', 'learning', 'table'],
  'features/random-network-worker.ts': ['imaging', 'radiomics', 'learning', 'cohort', 'table'],
  'features/radiomics-worker.ts': ['deep', 'cohort', 'learning', 'table', 'study'],
  'features/extraction-worker.ts': ['cohort', 'learning', 'evaluation', 'table', 'study'],
  'study/unit-worker.ts': ['imaging', 'radiomics', 'deep', 'features', 'cohort', 'report'],
  'machine/parquet-worker.ts': ['imaging', 'radiomics', 'deep', 'features', 'cohort', 'study'],
};

describe('a worker thread', () => {
  it.each(Object.entries(unneeded))('%s loads only what its task needs', (entry, rooms) => {
    const { modules, packages } = loadedBy(entry);
    expect(modules).toContain(entry);
    expect(modules.filter((path) => rooms.includes(path.split('/')[0]))).toEqual([]);
    expect([...packages.keys()]).not.toContain('cli-progress');
  });

  it.each([
    'features/extraction-worker.ts',
    'features/radiomics-worker.ts',
    'features/voxel-worker.ts',
  ])('%s loads no schema and nothing of networks before there is one', (entry) => {
    const { modules, packages } = loadedBy(entry);
    expect([...packages.keys()].filter((name) => /zod|yaml|onnx/.test(name))).toEqual([]);
    expect(modules.filter((path) => path.startsWith('deep/'))).toEqual([]);
  });

  it('of a batch loads no check of settings, which come checked', () => {
    const { packages } = loadedBy('features/radiomics-worker.ts');
    expect([...packages.keys()].sort()).toEqual([
      '@noble/hashes/legacy.js',
      '@noble/hashes/sha2.js',
      'nifti-reader-js',
      'pako',
    ]);
  });
});
