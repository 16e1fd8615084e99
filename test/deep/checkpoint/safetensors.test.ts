import { describe, expect, it } from 'vitest';
import { memoryByteSource } from '../../../src/deep/checkpoint/byte-source.ts';
import { parseStateDict } from '../../../src/deep/state-dict.ts';
import { safetensorsFixture } from './tiny-checkpoint.ts';

const parse = (header: unknown, bytes: number) =>
  parseStateDict(
    memoryByteSource('w.safetensors', safetensorsFixture(header, new Uint8Array(bytes))),
  );
const one = (fields: object) => ({
  w: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16], ...fields },
});

describe('safetensors', () => {
  it('reads numbers in place', () => {
    const data = new Uint8Array(Float32Array.from([1, 2, 3, 4]).buffer);
    const { tensors } = parseStateDict(
      memoryByteSource('w', safetensorsFixture({ __metadata__: { a: 'b' }, ...one({}) }, data)),
    );
    expect(tensors.get('w')).toEqual({
      shape: [2, 2],
      dtype: 'float32',
      data: Float32Array.from([1, 2, 3, 4]),
    });
  });

  it.each([
    ['shape and length differ', one({ shape: [2, 3] }), 16, /found 16 bytes, expected 24 bytes/],
    ['a range behind the end', one({}), 8, /ends too early/],
    ['a hole', one({ data_offsets: [4, 20] }), 20, /leaves a hole/],
    ['another type', one({ dtype: 'F8_E4M3' }), 16, /found F8_E4M3/],
    ['a negative size', one({ shape: [-2, -2] }), 16, /no proper shape/],
    ['no offsets', one({ data_offsets: undefined }), 16, /no proper shape or data_offsets/],
    ['no tensors', {}, 0, /holds no tensors/],
    ['an entry that is null', { w: null }, 0, /another element type/],
    ['broken JSON', '{"w": {', 0, /not JSON/],
  ])('%s is refused', (_, header, bytes, message) => {
    expect(() => parse(header, bytes)).toThrow(message);
  });

  it('overlapping tensors are refused', () => {
    const two = { ...one({}), v: { dtype: 'F32', shape: [2], data_offsets: [8, 16] } };
    expect(() => parse(two, 16)).toThrow(/overlaps/);
  });

  it('an enormous shape is refused before anything is allocated', () => {
    const huge = one({ shape: [2 ** 40], data_offsets: [0, 2 ** 42] });
    expect(() => parse(huge, 16)).toThrow(/ends too early/);
  });
});
