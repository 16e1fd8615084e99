import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

/** What of `Math` is exact on every engine. All else is as exact as an engine likes: src/runtime/elementary has it to the bit. */
const exact = new Set([
  ...[
    'abs',
    'ceil',
    'clz32',
    'floor',
    'fround',
    'imul',
    'max',
    'min',
    'round',
    'sign',
    'sqrt',
    'trunc',
  ],
  ...['E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'PI', 'SQRT1_2', 'SQRT2'],
]);

/**
 * `**` differs between Node 22 and 24, `Math.exp` and its kin between V8 14 and 15, between browsers anyway (measured: the last bit;
 * `npm run nodes` measures again). Squares and powers of two are exact on all of them.
 */
it('src computes with nothing whose last bit is an affair of the engine', () => {
  const folder = 'src';
  const found: string[] = [];
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue;
    const text = readFileSync(join(folder, path), 'utf8');
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
    const visit = (node: ts.Node): void => {
      if (isPower(node) && !isExact(node)) found.push(`${path}: ${node.getText()}`);
      if (isOfMath(node) && !exact.has(node.name.text)) found.push(`${path}: ${node.getText()}`);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  // Code for the page in which plotly draws: a fixed sequence in place of chance.
  expect(found).toEqual(['report/static-export.ts: Math.random']);
});

function isOfMath(node: ts.Node): node is ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node) && node.expression.getText() === 'Math';
}

function isPower(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken
  );
}

function isExact({ left, right }: ts.BinaryExpression): boolean {
  return left.getText() === '2' || right.getText() === '2';
}
