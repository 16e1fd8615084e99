import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

/**
 * Of V8's functions that nacre uses, `**` and `Math.pow` alone give other bits on another version of Node (measured: the
 * last bit, between 22 and 24; `npm run nodes` measures again). Squares and powers of two are exact on all of them.
 */
it('src raises to powers in no way that depends on the version of Node', () => {
  const folder = 'src';
  const found: string[] = [];
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue;
    const text = readFileSync(join(folder, path), 'utf8');
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
    const visit = (node: ts.Node): void => {
      if (isPower(node) && !isExact(node)) found.push(`${path}: ${node.getText()}`);
      if (ts.isPropertyAccessExpression(node) && node.getText() === 'Math.pow') {
        found.push(`${path}: Math.pow`);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  expect(found).toEqual([]);
});

function isPower(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskAsteriskToken
  );
}

function isExact({ left, right }: ts.BinaryExpression): boolean {
  return left.getText() === '2' || right.getText() === '2';
}
