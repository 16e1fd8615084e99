import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { type CompletenessParser, completeness } from '../../../src/notebook/kernel/is-complete.ts';

const require = createRequire(import.meta.url);
const ofTslab = createRequire(require.resolve('tslab/dist/main.js'));
const parser = ofTslab('@tslab/typescript-for-tslab') as CompletenessParser;

describe('completeness of a cell', () => {
  it.each([
    '',
    '1',
    'await Promise.resolve(1)',
    'const s = `a $' + '{1} b`',
    '// remark',
    'const f = <T>(x: T): T => x',
    'if (a) {\n}\nelse {\n}',
    'label: for (;;) break label;',
  ])('%j is complete', (code) => {
    expect(completeness(code, parser)).toEqual({ status: 'complete' });
  });

  it.each([
    ['function f() {', '  '],
    ['if (a) {\n  b(', '    '],
    ['const s = `open', ''],
    ['/* open', ''],
    ['1 +', ''],
    ['[1,\n', ''],
    ['const f = () =>', ''],
  ])('%j is incomplete', (code, indent) => {
    expect(completeness(code, parser)).toEqual({ status: 'incomplete', indent });
  });

  it.each([
    'import = 7q',
    'a ]',
    '}',
    "'open",
    'const 1a = 2',
    'class { }}',
    '1 = = 2\nfunction f() {',
  ])('%j is invalid', (code) => {
    expect(completeness(code, parser)).toEqual({ status: 'invalid' });
  });
});
