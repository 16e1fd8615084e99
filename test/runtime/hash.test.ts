import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256, sha256OfFile } from '../../src/runtime/hash.ts';

// FIPS 180-4, the one-block example.
const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('hash', () => {
  it('is SHA-256 of text and of files', async () => {
    expect(sha256('abc')).toBe(abc);
    const file = join(mkdtempSync(join(tmpdir(), 'nacre-')), 'abc');
    writeFileSync(file, 'abc');
    expect(await sha256OfFile(file)).toBe(abc);
  });
});

describe('canonicalJson', () => {
  it('sorts keys at every depth and leaves arrays in order', () => {
    const one = canonicalJson({ b: [{ y: 1, x: 2 }], a: undefined, c: 1 });
    expect(one).toBe('{"b":[{"x":2,"y":1}],"c":1}');
  });
});
