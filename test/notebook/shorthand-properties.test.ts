import ts from 'typescript';
import { expect, it } from 'vitest';
import { type Parser, writeOutShorthand } from '../../src/notebook/shorthand-properties.ts';

const parser = ts as unknown as Parser;

it.each([
  ['show({ x });', 'show({ x: x });'],
  ['({ a, b = 2 } = c);', '({ a: a, b: b = 2 } = c);'],
  ['const { d } = e;', 'const { d } = e;'],
  ['f({ a: 1, b, ...c, d() {} })', 'f({ a: 1, b: b, ...c, d() {} })'],
  // As an object literal this sets no prototype; written out it would.
  ['g({ __proto__ })', 'g({ __proto__ })'],
  ['"{ x }"; h({ x }); // { x }', '"{ x }"; h({ x: x }); // { x }'],
  ['broken({ x', 'broken({ x: x'],
])('%s', (code, written) => {
  expect(writeOutShorthand(code, parser)).toBe(written);
});
