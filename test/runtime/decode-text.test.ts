import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeText } from '../../src/runtime/decode-text.ts';
import { NacreError } from '../../src/runtime/errors.ts';
import { readText } from '../../src/runtime/read-text.ts';

const table = 'patient,age,her2\nPatü,46,1\nPatö,51,0\n';
const utf16le = Buffer.from(table, 'utf16le');
const utf16be = Buffer.from(utf16le).swap16();
const utf32le = Buffer.concat(
  [...table].map((letter) => {
    const four = Buffer.alloc(4);
    four.writeUInt32LE(letter.codePointAt(0) as number);
    return four;
  }),
);
const utf32be = Buffer.from(utf32le).swap32();
const mark = (...bytes: number[]) => Buffer.from(bytes);
const plain = (text: string) => Buffer.from(text, 'latin1');

const refusal = (bytes: Uint8Array) => {
  try {
    decodeText(bytes, { file: 'f.csv', what: 'the table' });
  } catch (error) {
    return error as NacreError;
  }
  throw new Error('expected a refusal');
};

describe('decodeText', () => {
  it('reads UTF-8, with and without a byte order mark', () => {
    expect(decodeText(Buffer.from(table))).toBe(table);
    expect(decodeText(Buffer.concat([mark(0xef, 0xbb, 0xbf), Buffer.from(table)]))).toBe(table);
    expect(decodeText(Buffer.from(''))).toBe('');
  });

  it.each([
    ['Latin-1', plain(table), /Latin-1 .*or Windows-1252, byte 0xfc in line 2/],
    ['Windows-1252', plain('id,a\nP\x80,\x93x\x94\n'), /Windows-1252, byte 0x80 in line 2/],
    ['UTF-16 LE', utf16le, /UTF-16, little-endian, without a byte order mark/],
    ['UTF-16 BE', utf16be, /UTF-16, big-endian, without a byte order mark/],
    [
      'UTF-16 LE with mark',
      Buffer.concat([mark(0xff, 0xfe), utf16le]),
      /UTF-16, little-endian, by its/,
    ],
    [
      'UTF-16 BE with mark',
      Buffer.concat([mark(0xfe, 0xff), utf16be]),
      /UTF-16, big-endian, by its/,
    ],
    ['UTF-32 LE', utf32le, /UTF-32, little-endian, without/],
    ['UTF-32 BE', utf32be, /UTF-32, big-endian, without/],
    [
      'UTF-32 LE with mark',
      Buffer.concat([mark(0xff, 0xfe, 0, 0), utf32le]),
      /UTF-32, little-endian, by/,
    ],
    [
      'UTF-32 BE with mark',
      Buffer.concat([mark(0, 0, 0xfe, 0xff), utf32be]),
      /UTF-32, big-endian, by/,
    ],
    ['zeros in text', Buffer.concat([Buffer.from(table), Buffer.alloc(3)]), /zero bytes/],
    [
      'a broken sequence',
      Buffer.concat([Buffer.from(table), mark(0xc3)]),
      /UTF-8 with invalid bytes/,
    ],
    ['GBK', mark(...[0x69, 0x64, 0x0a, 0xb2, 0xa1, 0xc8, 0xcb, 0xd2, 0xbb, 0xba, 0xc5]), /GBK/],
  ])('refuses %s by name', (_, bytes, name) => {
    const error = refusal(bytes);
    expect(error).toBeInstanceOf(NacreError);
    expect(error.code).toBe('not-utf8');
    expect(error.message).toMatch(/^file f\.csv: the table is not UTF-8/);
    expect(error.facts.found).toMatch(name);
  });

  it('is what readText reads with', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'nacre-text-')), 'study.yaml');
    writeFileSync(path, utf16le);
    expect(() => readText(path, 'the study file', 'YAML', 'check')).toThrow(
      /study\.yaml: the study file is not UTF-8: found UTF-16, little-endian/,
    );
  });
});
