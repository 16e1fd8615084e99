import { describe, expect, it } from 'vitest';
import { memoryByteSource } from '../../../src/deep/checkpoint/byte-source.ts';
import { openEntry, readZipDirectory } from '../../../src/deep/checkpoint/zip-directory.ts';
import { parseStateDict } from '../../../src/deep/state-dict.ts';
import { torchZipFixture } from './tiny-checkpoint.ts';
import { type ZipFixtureEntry, zipFixture } from './zip-fixture.ts';

const read = (entries: ZipFixtureEntry[], zip64 = false) => {
  const source = memoryByteSource('a.pth', zipFixture(entries, zip64));
  const directory = readZipDirectory(source);
  return [...directory.values()].map((entry) => {
    const opened = openEntry(source, entry);
    const bytes = new Uint8Array(entry.bytes);
    opened.source.readInto(bytes, opened.position);
    return [entry.name, Buffer.from(bytes).toString()];
  });
};

describe('zip directory', () => {
  const text = Buffer.from('weights '.repeat(20));

  it.each([false, true])('reads stored and deflated entries (ZIP64 %s)', (zip64) => {
    const entries = [
      { name: 'a', bytes: text },
      { name: 'folder/b', bytes: text, deflate: true },
      { name: 'empty', bytes: new Uint8Array(0) },
    ];
    expect(read(entries, zip64)).toEqual([
      ['a', String(text)],
      ['folder/b', String(text)],
      ['empty', ''],
    ]);
  });

  it('finds the directory before a comment', () => {
    const archive = zipFixture([{ name: 'a', bytes: text }]);
    archive.writeUInt16LE(5, archive.length - 2);
    const source = memoryByteSource('a.pth', Buffer.concat([archive, Buffer.from('hello')]));
    expect([...readZipDirectory(source).keys()]).toEqual(['a']);
  });

  it('notices a damaged entry by its checksum', () => {
    expect(() => read([{ name: 'a', bytes: text, crc: 1 }])).toThrow(/a is damaged: found crc32/);
  });

  it('refuses two files of one name', () => {
    const twice = { name: 'a', bytes: text };
    expect(() => read([twice, twice])).toThrow(/lists a file twice/);
  });

  it('refuses a zip bomb before unpacking: by what it claims, and by what it does', () => {
    const bomb = { name: 'a', bytes: new Uint8Array(64 * 1024 * 1024), deflate: true };
    expect(() => read([bomb])).toThrow(/unpacks to far more than its size/);
    expect(() => read([{ ...bomb, claimedBytes: 10 }])).toThrow(/does not unpack/);
    expect(() => read([{ name: 'a', bytes: text, deflate: true, claimedBytes: 161 }])).toThrow(
      /unpacks to another size/,
    );
  });

  it('refuses entries that overlap into more than the file', () => {
    const archive = zipFixture([
      { name: 'a', bytes: text },
      { name: 'b', bytes: text },
      { name: 'c', bytes: text },
    ]);
    // Every entry now claims to begin at the first header and to be nearly as long as the file.
    let at = 0;
    for (let i = 0; i < 3; i++) {
      at = archive.indexOf(Buffer.from([0x50, 0x4b, 1, 2]), at + 1);
      archive.writeUInt32LE(0, at + 42);
      archive.writeUInt32LE(archive.length - 31, at + 20);
      archive.writeUInt32LE(archive.length - 31, at + 24);
    }
    expect(() => readZipDirectory(memoryByteSource('a.pth', archive))).toThrow(
      /unpacks to far more/,
    );
  });

  it('refuses an archive that torch did not write, and TorchScript', () => {
    const parse = (entries: ZipFixtureEntry[]) =>
      parseStateDict(memoryByteSource('a.pth', zipFixture(entries)));
    expect(() => parse([{ name: 'notes.txt', bytes: text }])).toThrow(/not a checkpoint of torch/);
    expect(() =>
      parse([
        { name: 'x/data.pkl', bytes: text },
        { name: 'x/constants.pkl', bytes: text },
      ]),
    ).toThrow(/TorchScript/);
  });

  it('refuses another byte order and a storage of another length', () => {
    const archive = torchZipFixture();
    const parse = (bytes: Uint8Array) => parseStateDict(memoryByteSource('a.pth', bytes));
    expect(() =>
      parse(
        zipFixture([
          { name: 'data.pkl', bytes: text },
          { name: 'byteorder', bytes: Buffer.from('middle') },
        ]),
      ),
    ).toThrow(/found middle, expected little or big/);
    const renamed = Buffer.from(
      archive.toString('latin1').replaceAll('data/1', 'data/7'),
      'latin1',
    );
    expect(() => parse(renamed)).toThrow(/not in the archive: expected archive\/data\/1/);
    const swapped = archive
      .toString('latin1')
      .replaceAll('data/1', 'data/x')
      .replaceAll('data/0', 'data/1')
      .replaceAll('data/x', 'data/0');
    expect(() => parse(Buffer.from(swapped, 'latin1'))).toThrow(
      /storage 0 has another length: found 8 bytes, expected 24 bytes \(6 of float32\)/,
    );
  });
});
