import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const folder = join('src', 'report', 'figures');

/** The texts that figures are made from: captions, titles, axes; what a run fills in is left out. */
export function figureTexts(): { file: string; text: string }[] {
  return readdirSync(folder).flatMap((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    return textsOf(source).map((text) => ({ file, text }));
  });
}

/** Strings of at least four words; file names, options and keys are shorter. */
export function textsOf(source: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node)) {
      const filled = node.templateSpans.map((span) => ` … ${span.literal.text}`);
      texts.push([node.head.text, ...filled].join(''));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('figure.ts', source, ts.ScriptTarget.Latest));
  return texts.filter((text) => text.split(' ').length > 3);
}
