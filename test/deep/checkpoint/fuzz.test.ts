import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memoryByteSource } from '../../../src/deep/checkpoint/byte-source.ts';
import { parseStateDict } from '../../../src/deep/state-dict.ts';
import { NacreError } from '../../../src/runtime/errors.ts';
import { RandomStream } from '../../../src/runtime/random-stream.ts';
import { legacyFixture, torchZipFixture } from './tiny-checkpoint.ts';

const goldens = new URL('goldens/', import.meta.url).pathname;

/** Seeds of the fuzz: every checkpoint that torch wrote, and ours with deflated and ZIP64 archives. */
const seeds: [string, Uint8Array][] = [
  ...readdirSync(goldens)
    .filter((name) => /\.(pth|safetensors)$/.test(name))
    .map((name): [string, Uint8Array] => [name, readFileSync(join(goldens, name))]),
  ['legacy', legacyFixture()],
  ['zip-deflated', torchZipFixture({ deflate: true })],
  ['zip64', torchZipFixture({ zip64: true })],
];

/** Numbers that readers trip over. */
const nasty = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

function mutate(seed: Uint8Array, random: RandomStream): Uint8Array {
  const bytes = Uint8Array.from(seed);
  const changes = random.integer(1, 6);
  for (let i = 0; i < changes; i++) {
    const at = random.integer(0, bytes.length - 1);
    switch (random.integer(0, 5)) {
      case 0:
        bytes[at] = random.integer(0, 255);
        break;
      case 1:
        bytes[at] ^= 1 << random.integer(0, 7);
        break;
      case 2: {
        const view = new DataView(bytes.buffer);
        const value = nasty[random.integer(0, nasty.length - 1)];
        if (at + 4 <= bytes.length) view.setUint32(at, value, true);
        break;
      }
      case 3: {
        const from = random.integer(0, bytes.length - 1);
        bytes.copyWithin(at, from, from + random.integer(1, 64));
        break;
      }
      case 4:
        bytes.fill(nasty[random.integer(0, 4)], at, at + random.integer(1, 16));
        break;
      default:
        return bytes.slice(0, at);
    }
  }
  return bytes;
}

describe('fuzzing the reader', () => {
  const mutations = 30_000;

  it(`${mutations} mutations: weights or a NacreError, never more memory than the file allows`, () => {
    const random = RandomStream.of(4, 'fuzz');
    const before = process.memoryUsage();
    let most = 0;
    let read = 0;
    const codes = new Map<string, number>();
    for (let i = 0; i < mutations; i++) {
      const [name, seed] = seeds[i % seeds.length];
      const bytes = mutate(seed, random);
      try {
        const { tensors } = parseStateDict(memoryByteSource(name, bytes));
        let numbers = 0;
        for (const { data } of tensors.values()) numbers += data.byteLength;
        expect(numbers, `${name}, mutation ${i}`).toBeLessThanOrEqual(8 * bytes.length + 65_536);
        read++;
      } catch (error) {
        if (!(error instanceof NacreError)) {
          throw new Error(`${name}, mutation ${i}: ${(error as Error).stack}`);
        }
        codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
      }
      if (i % 500 === 0) most = Math.max(most, process.memoryUsage().rss);
    }
    expect(read).toBeGreaterThan(100);
    const known = /^(checkpoint-.*|truncated|too-large)$/;
    expect([...codes.keys()].filter((code) => !known.test(code))).toEqual([]);
    expect(codes.size).toBeGreaterThanOrEqual(3);
    expect(most - before.rss).toBeLessThan(400 * 1024 * 1024);
  });
});
