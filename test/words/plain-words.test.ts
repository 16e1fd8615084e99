import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/**
 * Words that readers stumbled over, with what to write in their place. A phrase that needs one of them for what it means (a
 * standard, a quotation) goes to `meant`.
 */
const riddles: readonly { word: RegExp; better: string }[] = [
  { word: /\b(?:tells|told|telling)\b/i, better: 'reports, names, shows' },
  { word: /\bmend(?:s|ed|ing)?\b/i, better: 'fix, correct' },
  { word: /\bnought\b/i, better: 'zero' },
  { word: /\bhangs? (?:on|upon)\b/i, better: 'depends on' },
  {
    word: /\bwont to\b|\bfain\b|\bwhence\b|\bhither\b|\bthither\b|\blest\b/i,
    better: 'daily words',
  },
  { word: /\b(?:is|are|was|were) no label\b/i, better: 'is invalid' },
  { word: /\b(?:row|table|file|value|line|score|number) a patient\b/i, better: 'per patient' },
  { word: /\bminds\b/i, better: 'handles, checks' },
  { word: /\bsays so\b/i, better: 'reports it, with what is reported' },
  { word: /\bgainsa(?:y|id)|\bshew|\btwain\b|\bnaught\b/i, better: 'daily words' },
];

/** Names that are no nouns of the field. */
const hollowNames = new Set(['of', 'own', 'there', 'told', 'made', 'its', 'thing', 'stuff']);

const meant: readonly string[] = [];

/** Files below folders, by their ending; without `deep` those of the folders themselves. */
function filesOf(folders: readonly string[], ending: string, { deep = true } = {}): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: deep, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((path) => path.endsWith(ending) && !path.includes('node_modules'))
    .sort();
}

const sources = filesOf(['src', 'bench', 'scripts'], '.ts');

const isStatic = (node: ts.MethodDeclaration): boolean =>
  node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;

/** Each file is parsed once. */
const parsed = new Map<string, ts.SourceFile>();
function parse(file: string): ts.SourceFile {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  parsed.set(file, source);
  return source;
}

/** Text that a reader meets: comments and strings of the code. */
function* wordsOf(file: string): Generator<{ line: number; text: string }> {
  const whole = readFileSync(file, 'utf8').replace(/\s*\n\s*(?:\*|\/\/)?\s*/g, ' ');
  if (!riddles.some(({ word }) => word.test(whole))) return;
  const source = parse(file);
  const lineAt = (at: number) => source.getLineAndCharacterOfPosition(at).line + 1;
  for (const comment of source.text.matchAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm)) {
    yield { line: lineAt(comment.index), text: comment[0] };
  }
  const strings: { line: number; text: string }[] = [];
  const visit = (node: ts.Node) => {
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddleOrTemplateTail(node)
    ) {
      strings.push({ line: lineAt(node.getStart(source)), text: node.text });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  yield* strings;
}

function faults(file: string, text: string, line: number): string[] {
  const flat = text.replace(/\s*\n\s*\*?\s*/g, ' ');
  return riddles.flatMap(({ word, better }) => {
    const found = word.exec(flat);
    if (found === null || meant.some((phrase) => flat.includes(phrase))) return [];
    const around = flat.slice(Math.max(0, found.index - 30), found.index + 40);
    return [`${file}:${line}: "${found[0]}" in "${around}": ${better}`];
  });
}

describe('plain words', () => {
  it('stand in comments, messages and texts of the code', () => {
    const found = sources.flatMap((file) =>
      [...wordsOf(file)].flatMap(({ line, text }) => faults(file, text, line)),
    );
    expect(found).toEqual([]);
  });

  it('stand in the documents', () => {
    const documents = [
      ...filesOf(['.'], '.md', { deep: false }),
      ...filesOf(['docs', 'bench', '.changeset', 'workflow'], '.md', { deep: false }),
      ...filesOf(['data-manifests'], '.md'),
    ];
    const found = documents.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((text, at) => faults(file, text, at + 1)),
    );
    expect(found).toEqual([]);
  });

  it('stand in the notebooks', () => {
    const found = filesOf(['notebooks'], '.ipynb').flatMap((file) => {
      const { cells } = JSON.parse(readFileSync(file, 'utf8')) as {
        cells: { source: string[] }[];
      };
      return cells.flatMap(({ source }, cell) => faults(file, source.join(''), cell));
    });
    expect(found).toEqual([]);
  });

  it('name what the code declares', () => {
    const found = sources.flatMap((file) => {
      const source = parse(file);
      const hollow: string[] = [];
      const visit = (node: ts.Node) => {
        const named =
          ts.isVariableDeclaration(node) ||
          ts.isParameter(node) ||
          ts.isFunctionDeclaration(node) ||
          ts.isBindingElement(node) ||
          ts.isPropertySignature(node) ||
          ts.isPropertyDeclaration(node) ||
          // `RandomStream.of` reads as `Array.of` does.
          (ts.isMethodDeclaration(node) && !isStatic(node));
        if (named && node.name !== undefined && ts.isIdentifier(node.name)) {
          const { line } = source.getLineAndCharacterOfPosition(node.name.getStart());
          if (hollowNames.has(node.name.text))
            hollow.push(`${file}:${line + 1}: ${node.name.text}`);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
      return hollow;
    });
    expect(found).toEqual([]);
  });

  it('the check finds what it forbids', () => {
    expect(faults('a.ts', 'Nobody is told\n * which table a patient has.', 1)).toHaveLength(2);
    expect(faults('a.ts', 'It reports the table per patient.', 1)).toEqual([]);
  });
});
