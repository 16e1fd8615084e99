import { bfloat16ToNumber, halfToNumber } from './half.ts';
import type { TensorType } from './tensor.ts';

/** Bytes of one element. */
export const bytesPerElement: Record<TensorType, number> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

/** Whether weights may be of this type. */
export function isFloating(type: TensorType): boolean {
  return type === 'float64' || type === 'float32' || type === 'float16' || type === 'bfloat16';
}

const hostIsBigEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;

/** Turns bytes of the file's order into those of this machine, in place. */
export function toHostOrder(bytes: Uint8Array, type: TensorType, bigEndian: boolean): void {
  if (bigEndian === hostIsBigEndian) return;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = bytesPerElement[type];
  if (width === 2) buffer.swap16();
  else if (width === 4) buffer.swap32();
  else if (width === 8) buffer.swap64();
}

/**
 * Writes elements as float32 from `out[at]` on. Doubles are rounded to nearest; integers above 2^24 lose their
 * last bits (only batch counters are integers, and nothing is computed from them).
 *
 * @param bytes elements in this machine's byte order; starts at a multiple of 8 in its buffer
 */
export function decodeElements(
  bytes: Uint8Array,
  type: TensorType,
  out: Float32Array,
  at: number,
): void {
  const { buffer, byteOffset } = bytes;
  const count = bytes.length / bytesPerElement[type];
  switch (type) {
    case 'float64':
      out.set(new Float64Array(buffer, byteOffset, count), at);
      return;
    case 'float32':
      out.set(new Float32Array(buffer, byteOffset, count), at);
      return;
    case 'float16': {
      const bits = new Uint16Array(buffer, byteOffset, count);
      for (let i = 0; i < count; i++) out[at + i] = halfToNumber(bits[i]);
      return;
    }
    case 'bfloat16': {
      const bits = new Uint16Array(buffer, byteOffset, count);
      for (let i = 0; i < count; i++) out[at + i] = bfloat16ToNumber(bits[i]);
      return;
    }
    case 'int64': {
      const words = new BigInt64Array(buffer, byteOffset, count);
      for (let i = 0; i < count; i++) out[at + i] = Number(words[i]);
      return;
    }
    case 'int32':
      out.set(new Int32Array(buffer, byteOffset, count), at);
      return;
    case 'int16':
      out.set(new Int16Array(buffer, byteOffset, count), at);
      return;
    case 'int8':
      out.set(new Int8Array(buffer, byteOffset, count), at);
      return;
    case 'uint8':
    case 'bool':
      out.set(bytes, at);
      return;
  }
}
