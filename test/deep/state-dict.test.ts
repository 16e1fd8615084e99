import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memoryByteSource } from '../../src/deep/checkpoint/byte-source.ts';
import { parseStateDict, readStateDict } from '../../src/deep/state-dict.ts';
import { sha256 } from '../../src/runtime/hash.ts';
import { legacyFixture, tinyTensors, torchZipFixture } from './checkpoint/tiny-checkpoint.ts';

interface ExpectedTensor {
  shape: number[];
  dtype: string;
  values: number[];
}

const goldens = new URL('checkpoint/goldens/', import.meta.url).pathname;
const expected = JSON.parse(readFileSync(join(goldens, 'expected.json'), 'utf8')) as {
  files: Record<string, Record<string, ExpectedTensor>>;
};

const forms: Record<string, string> = { 'legacy.pth': 'torch-legacy', 'zip.pth': 'torch-zip' };

describe('checkpoints written by torch', () => {
  it.each(Object.keys(expected.files))('reads %s as torch does', async (name) => {
    const { tensors, source } = await readStateDict(join(goldens, name));
    const wanted = expected.files[name];
    expect([...tensors.keys()].sort()).toEqual(Object.keys(wanted).sort());
    for (const [key, { shape, dtype, values }] of Object.entries(wanted)) {
      const tensor = tensors.get(key)!;
      expect({ key, shape: tensor.shape, dtype: tensor.dtype }).toEqual({ key, shape, dtype });
      expect({ key, data: tensor.data }).toEqual({ key, data: Float32Array.from(values) });
    }
    expect(source.form).toBe(forms[name.replace(/.*-/, '')] ?? 'safetensors');
    expect(source.sha256).toBe(sha256(readFileSync(join(goldens, name))));
  });

  it.each(['protocol4-legacy.pth', 'protocol5-legacy.pth', 'protocol5-zip.pth'])(
    'reads %s, newer pickles',
    async (name) => {
      const { tensors } = await readStateDict(join(goldens, name));
      expect([...tensors].map(([key, { shape, data }]) => [key, shape, [...data]])).toEqual([
        ['a.weight', [2, 3], [0, 1, 2, 3, 4, 5]],
        ['n', [], [3]],
      ]);
    },
  );

  it('a protocol of tomorrow and a bare pickle have sentences of their own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nacre-protocol-'));
    const tomorrow = Buffer.from(readFileSync(join(goldens, 'plain-legacy.pth')));
    tomorrow[16] = 6;
    writeFileSync(join(folder, 'six.pth'), tomorrow);
    const [six, bare] = await Promise.all(
      [
        ['six.pth', tomorrow],
        ['bare.pth', Buffer.from([0x80, 5, 0x7d, 0x2e])],
      ].map(([name, bytes]) => {
        writeFileSync(join(folder, name as string), bytes);
        return readStateDict(join(folder, name as string)).catch((error) => String(error.message));
      }),
    );
    expect(six).toMatch(/protocol of pickle: found protocol 6.*save the weights again/);
    expect(bare).toMatch(/a bare pickle.*not with pickle\.dump/);
  });

  it.each([
    ['evil-legacy.pth', 'checkpoint-forbidden', /posix\.system \(os\.system\)/],
    ['evil-zip.pth', 'checkpoint-forbidden', /posix\.system \(os\.system\)/],
    ['evil-protocol4-zip.pth', 'checkpoint-forbidden', /posix\.system \(os\.system\)/],
    ['whole-module-legacy.pth', 'checkpoint-forbidden', /torch\.nn\.modules\.linear\.Linear/],
    ['complex-zip.pth', 'checkpoint-type', /torch\.ComplexFloatStorage/],
  ])('refuses %s by name', async (name, code, message) => {
    const error = await readStateDict(join(goldens, name)).catch((e) => e);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(name);
    expect(existsSync('nacre-was-here')).toBe(false);
  });
});

describe('what surrounds the weights', () => {
  const values = (bytes: Uint8Array) =>
    [...parseStateDict(memoryByteSource('tiny', bytes)).tensors].map(([key, { data }]) => [
      key,
      [...data],
    ]);
  const wanted = tinyTensors.map((tensor) => [
    tensor.key.replace('module.', ''),
    [...tensor.values()].map(Number),
  ]);

  it.each([
    ['stored', {}],
    ['deflated', { deflate: true }],
    ['ZIP64', { zip64: true }],
    ['big-endian', { bigEndian: true }],
    ['all three', { deflate: true, zip64: true, bigEndian: true }],
  ])('zip, %s', (_, options) => {
    expect(values(torchZipFixture(options))).toEqual(wanted);
  });

  it('legacy, little-endian and big-endian storages (told by their own count)', () => {
    const little = legacyFixture();
    expect(values(little)).toEqual(wanted);
    const big = Buffer.from(little);
    let at = big.length;
    for (const tensor of [...tinyTensors].reverse()) {
      const bytes = tensor.values().byteLength;
      at -= bytes;
      const block = big.subarray(at, at + bytes);
      tensor.dtype === 'int64' ? block.swap64() : block.swap32();
      at -= 8;
      big.subarray(at, at + 8).swap64();
    }
    expect(values(big)).toEqual(wanted);
  });

  it('legacy of Python 2: byte strings, OrderedDict of pairs', () => {
    const legacy = legacyFixture(tinyTensors.slice(1, 2));
    const text = legacy.toString('latin1');
    // BINUNICODE length 10 'bn1.weight' becomes SHORT_BINSTRING.
    const python2 = text.replace('X\n\0\0\0bn1.weight', 'U\nbn1.weight');
    expect(python2.length).toBe(text.length - 3);
    expect(values(Buffer.from(python2, 'latin1'))).toEqual([['bn1.weight', [0.5, 2]]]);
  });

  it('two keys that differ by the prefix only are refused', () => {
    const [conv] = tinyTensors;
    const both = legacyFixture([conv, { ...conv, key: 'conv1.weight' }]);
    expect(() => values(both)).toThrow(/two tensors have one name/);
  });

  it('NaN and infinite weights are refused, with their place', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const tensor = { ...tinyTensors[1], values: () => Float32Array.from([1, bad]) };
      expect(() => values(legacyFixture([tensor]))).toThrow(
        new RegExp(`bn1.weight holds weights that are not numbers: found ${bad} at element 1`),
      );
    }
  });

  it('every truncation is an error that names the file', () => {
    for (const whole of [legacyFixture(), torchZipFixture()]) {
      for (let length = 0; length < whole.length; length++) {
        expect(() => values(whole.subarray(0, length)), `${length} bytes`).toThrow(/^file tiny: /);
      }
    }
  });
});

describe('files that are no checkpoints', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-state-dict-'));
  it.each([
    ['empty.pth', ''],
    ['page.pth', '<!DOCTYPE html><html>Not found</html>'],
    ['pointer.pth', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n'],
  ])('%s', async (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    await expect(readStateDict(path)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  });

  it('a missing file and a folder', async () => {
    await expect(readStateDict(join(folder, 'none.pth'))).rejects.toMatchObject({
      code: 'file-missing',
    });
    await expect(readStateDict(folder)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  });
});
