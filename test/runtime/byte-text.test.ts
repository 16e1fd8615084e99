import { expect, it } from 'vitest';
import { hexText, latin1Bytes, latin1Text, utf8Bytes } from '../../src/runtime/byte-text.ts';

const bytes = Uint8Array.from({ length: 10_000 }, (_, i) => i % 256);

it('texts of bytes are those of Buffer', () => {
  expect(latin1Text(bytes)).toBe(Buffer.from(bytes).toString('latin1'));
  expect(hexText(bytes)).toBe(Buffer.from(bytes).toString('hex'));
  expect(latin1Text(new Uint8Array(0))).toBe('');
});

it('bytes of texts are those of Buffer', () => {
  for (const text of ['', 'scan', 'Größe €', 'a\u{1F600}b', '\uD800']) {
    expect([...latin1Bytes(text)]).toEqual([...Buffer.from(text, 'latin1')]);
    expect([...utf8Bytes(text)]).toEqual([...Buffer.from(text, 'utf8')]);
  }
});
