import { describe, expect, it } from 'vitest';
import { codeHash } from '../../src/runtime/code-hash.ts';

describe('codeHash', () => {
  it('is one of the modules named, folders with all below them', () => {
    expect(codeHash(['radiomics'])).toMatch(/^[0-9a-f]{64}$/);
    expect(codeHash(['radiomics'])).toBe(codeHash(['radiomics']));
    expect(codeHash(['radiomics'])).not.toBe(codeHash(['radiomics/classes']));
    expect(codeHash(['runtime/hash'])).not.toBe(codeHash(['runtime/random-stream']));
  });

  it('refuses a part that is not there', () => {
    expect(() => codeHash(['radiomic'])).toThrow(/radiomic/);
    expect(() => codeHash(['runtime/has'])).toThrow(/runtime\/has/);
  });
});
