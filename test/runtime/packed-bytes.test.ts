import { deflateRawSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import * as native from '../../src/runtime/packed-bytes.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { loadedAsInPage } from './in-a-page.ts';

const plain = await loadedAsInPage(() => import('../../src/runtime/packed-bytes.ts'));

const stream = RandomStream.of(1, 'packed');
const bytes = Uint8Array.from({ length: 700_000 }, (_, i) => (i % 7) + stream.integer(0, 3));
const formats = [
  ['gunzip', gzipSync(bytes)],
  ['inflate', deflateSync(bytes)],
  ['inflateRaw', deflateRawSync(bytes)],
] as const;

it('a page has its own implementation', () => {
  expect(plain.gunzip).not.toBe(native.gunzip);
  expect(plain.gunzip.toString()).not.toBe(native.gunzip.toString());
});

describe.each([
  ['in Node', native],
  ['in a page', plain],
] as const)('%s', (_, packed) => {
  it.each(formats)('%s gives the bytes, and the beginning of them', (name, whole) => {
    expect(Buffer.compare(packed[name](whole), bytes)).toBe(0);
    const beginning = packed[name](whole.subarray(0, 4096), { beginning: true });
    expect(beginning.length).toBeGreaterThan(4096);
    expect(Buffer.compare(beginning, bytes.subarray(0, beginning.length))).toBe(0);
    expect(Buffer.compare(packed[name](whole, { limit: bytes.length }), bytes)).toBe(0);
  });

  it.each(formats)('%s refuses what is cut, damaged or too large', (name, whole) => {
    const reasonOf = (step: () => unknown) => {
      try {
        step();
      } catch (error) {
        return (error as native.UnpackError).reason;
      }
      return undefined;
    };
    expect(reasonOf(() => packed[name](whole.subarray(0, whole.length >> 1)))).toBe('truncated');
    const damaged = Buffer.from(whole);
    // An invalid block type in the first byte of the deflate stream.
    damaged[name === 'gunzip' ? 10 : name === 'inflate' ? 2 : 0] = 0xff;
    expect(reasonOf(() => packed[name](damaged))).toBe('damaged');
    expect(reasonOf(() => packed[name](whole, { limit: bytes.length - 1 }))).toBe('too-large');
  });

  it('a checksum that does not fit is damage, in the words of zlib', () => {
    const wrong = gzipSync(bytes);
    wrong[wrong.length - 8] ^= 1;
    expect(() => packed.gunzip(wrong)).toThrow('incorrect data check');
    expect(() => packed.gunzip(gzipSync(bytes).subarray(0, 900))).toThrow('unexpected end of file');
    expect(() => packed.gunzip(bytes)).toThrow('incorrect header check');
  });

  it('gzip of several members is one text', () => {
    const two = Buffer.concat([gzipSync('one '), gzipSync('two')]);
    expect(Buffer.from(packed.gunzip(two)).toString()).toBe('one two');
  });

  it('gives a stream of several members whole, though its end declares only the length of the last', () => {
    const members = Buffer.concat([gzipSync(bytes), gzipSync(Buffer.from([1, 2, 3]))]);
    const whole = Buffer.concat([bytes, Buffer.from([1, 2, 3])]);
    expect(Buffer.from(packed.gunzip(members, { limit: 2 ** 21 })).equals(whole)).toBe(true);
    expect(() => packed.gunzip(members, { limit: whole.length - 1 })).toThrow(
      expect.objectContaining({ reason: 'too-large' }),
    );
  });

  it('packs what others unpack, without a time', () => {
    const file = packed.gzip(bytes);
    expect(Buffer.compare(gunzipSync(file), bytes)).toBe(0);
    expect([...file.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
  });
});
