import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const home = fileURLToPath(new URL('..', import.meta.url));
const source = join(home, 'src');
const { sideEffects } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
  sideEffects: string[];
};

/** Compiled by a project of their own into one file each, so that they are no modules of the package. */
const bundledPages = /^explore\/(page|worker)\//;

interface SourceModule {
  /** Path below `src`. */
  path: string;
  /** Whether its import alone does something: it holds a statement that is neither a declaration, an import nor an export. */
  acts: boolean;
  /** Modules that it imports for their effect, by their paths below `src`. */
  importsForEffect: string[];
  /** Whether it hands on what other modules export. A bundler passes it over then, and takes the names from their modules. */
  handsOn: boolean;
}

const modules = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !bundledPages.test(path))
  .map(moduleAt);

/** What bundlers may not leave out: what acts, and the faces that import it for its effect. */
const acting = modules.filter(({ acts }) => acts);
const actingFaces = modules.filter(
  ({ importsForEffect, handsOn }) => handsOn && importsForEffect.length > 0,
);

describe('sideEffects of package.json', () => {
  it('names the modules whose import alone does something, and the faces that import them for it', () => {
    expect(sideEffects).toEqual([...acting, ...actingFaces].map(({ path }) => listed(path)).sort());
  });

  it('a module that is imported for its effect has one', () => {
    const effective = new Set([...acting, ...actingFaces].map(({ path }) => path));
    const wanted = modules.flatMap(({ importsForEffect }) => importsForEffect);
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter((path) => !effective.has(path))).toEqual([]);
  });

  it.each(actingFaces)('a bundle of one name of $path keeps its effects', async (face) => {
    const [kept, without] = await Promise.all([
      bundled(face, (path) => sideEffects.includes(listed(path))),
      bundled(face, () => false),
    ]);
    expect(kept).toEqual(expect.arrayContaining(face.importsForEffect));
    // Without the list they are gone: it is the list that keeps them.
    expect(without).toEqual(expect.not.arrayContaining(face.importsForEffect));
  });
});

function listed(path: string): string {
  return `./dist/${path.replace(/\.ts$/, '.js')}`;
}

function moduleAt(path: string): SourceModule {
  const file = ts.createSourceFile(
    path,
    readFileSync(join(source, path), 'utf8'),
    ts.ScriptTarget.ESNext,
  );
  const importsForEffect = file.statements.flatMap((statement) =>
    ts.isImportDeclaration(statement) &&
    statement.importClause === undefined &&
    ts.isStringLiteral(statement.moduleSpecifier)
      ? [join(dirname(path), statement.moduleSpecifier.text).replaceAll('\\', '/')]
      : [],
  );
  return {
    path,
    importsForEffect,
    acts: file.statements.some((statement) => !declares(statement)),
    handsOn: file.statements.some(
      (statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined,
    ),
  };
}

function declares(statement: ts.Statement): boolean {
  return (
    ts.isImportDeclaration(statement) ||
    ts.isExportDeclaration(statement) ||
    ts.isExportAssignment(statement) ||
    ts.isVariableStatement(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isModuleDeclaration(statement)
  );
}

/** The modules of nacre, by their paths below `src`, of which a program that imports one name of a face holds something. */
async function bundled(
  face: SourceModule,
  hasEffect: (path: string) => boolean,
): Promise<string[]> {
  const told: Plugin = {
    name: 'effects',
    setup(run) {
      run.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
        const resolved = join(resolveDir, path);
        return {
          path: resolved,
          sideEffects: hasEffect(relative(source, resolved).replaceAll('\\', '/')),
        };
      });
    },
  };
  const { metafile } = await build({
    stdin: {
      contents: `import { NacreError } from './${face.path}'; console.log(NacreError);`,
      resolveDir: source,
    },
    absWorkingDir: home,
    bundle: true,
    write: false,
    outfile: 'program.js',
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
    plugins: [told],
  });
  return Object.entries(metafile.outputs['program.js'].inputs)
    .filter(([path, { bytesInOutput }]) => path.startsWith('src/') && bytesInOutput > 0)
    .map(([path]) => path.slice('src/'.length));
}
