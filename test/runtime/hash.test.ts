import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha1, sha256, sha256Bytes } from '../../src/runtime/hash.ts';
import { sha256OfFile } from '../../src/runtime/hash-file.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { loadedAsInPage } from './in-a-page.ts';

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

describe('in a page', async () => {
  const page = await loadedAsInPage(async () => ({
    ...(await import('../../src/runtime/hash.ts')),
    ...(await import('../../src/runtime/random-stream.ts')),
  }));

  it('hashes are the same, of any text and bytes', () => {
    expect(page.sha256).not.toBe(sha256);
    expect(page.sha256('abc')).toBe(abc);
    // FIPS 180-4, the one-block example of SHA-1.
    expect(page.sha1(Buffer.from('abc'))).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
    for (const data of [
      '',
      'Größe €',
      '\uD800',
      Uint8Array.from({ length: 70_000 }, (_, i) => i),
    ]) {
      expect(page.sha256(data)).toBe(sha256(data));
      expect([...page.sha256Bytes(data)]).toEqual([...sha256Bytes(data)]);
      if (typeof data !== 'string') expect(page.sha1(data)).toBe(sha1(data));
    }
  });

  it('random streams are the same', () => {
    for (const [seed, label] of [
      [1, 'a'],
      [42, 'partition'],
    ] as const) {
      const [ours, theirs] = [
        RandomStream.of(seed, label, 3),
        page.RandomStream.of(seed, label, 3),
      ];
      expect(Array.from({ length: 9 }, () => theirs.next())).toEqual(
        Array.from({ length: 9 }, () => ours.next()),
      );
      expect(theirs.derive('x').normal()).toBe(ours.derive('x').normal());
    }
  });
});

describe('canonicalJson', () => {
  it('sorts keys at every depth and leaves arrays in order', () => {
    const one = canonicalJson({ b: [{ y: 1, x: 2 }], a: undefined, c: 1 });
    expect(one).toBe('{"b":[{"x":2,"y":1}],"c":1}');
  });
});
