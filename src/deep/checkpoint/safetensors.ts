import { NacreError } from '../../runtime/errors.ts';
import { type ByteSource, requireRange } from './byte-source.ts';
import { bytesPerElement } from './elements.ts';
import { invalidCheckpoint } from './invalid-checkpoint.ts';
import { readTensor } from './read-tensor.ts';
import type { Tensor, TensorType } from './tensor.ts';

const types: Record<string, TensorType> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
};

const mostHeaderBytes = 16 * 1024 * 1024;
const mostAxes = 16;

interface Placed {
  key: string;
  type: TensorType;
  shape: number[];
  count: number;
  begin: number;
  end: number;
}

/** Whether the file starts as safetensors does: a plausible header length, then `{`. */
export function looksLikeSafetensors(source: ByteSource): boolean {
  if (source.size < 10) return false;
  const bytes = new Uint8Array(9);
  source.readInto(bytes, 0);
  const length = new DataView(bytes.buffer).getBigUint64(0, true);
  return length >= 2n && length <= BigInt(mostHeaderBytes) && bytes[8] === 0x7b;
}

/**
 * Reads safetensors: a 64-bit header length, a JSON header of types, shapes and byte ranges, the elements
 * (little-endian, C order). Ranges must lie in the file, fit the shape and not overlap.
 *
 * @throws NacreError `checkpoint-invalid`, `truncated`, `checkpoint-type`
 */
export function readSafetensors(source: ByteSource): {
  tensors: Map<string, Tensor>;
  randomSeed?: number | undefined;
} {
  const head = new Uint8Array(8);
  source.readInto(head, 0);
  const length = Number(new DataView(head.buffer).getBigUint64(0, true));
  if (length > mostHeaderBytes)
    throw invalidCheckpoint(source, 'the header is too long', `${length} bytes`);
  requireRange(source, 8, length);
  const text = new Uint8Array(length);
  source.readInto(text, 8);
  const header = parseHeader(source, text);
  const start = 8 + length;
  const placed = Object.entries(header)
    .filter(([key]) => key !== '__metadata__')
    .map(([key, value]) => place(source, key, value));
  if (placed.length === 0) throw invalidCheckpoint(source, 'the file holds no tensors');
  let at = 0;
  for (const { key, begin, end } of [...placed].sort((a, b) => a.begin - b.begin)) {
    if (begin !== at)
      throw invalidCheckpoint(source, `${key} overlaps another tensor or leaves a hole`);
    at = end;
  }
  requireRange(source, start, at);
  const tensors = new Map<string, Tensor>();
  for (const { key, type, shape, count, begin } of placed) {
    const range = { source, position: start + begin, count, type, bigEndian: false };
    tensors.set(key, readTensor(range, 0, shape, cOrder(shape)));
  }
  const seed = Number((header.__metadata__ as Record<string, unknown> | undefined)?.randomSeed);
  return { tensors, randomSeed: Number.isSafeInteger(seed) ? seed : undefined };
}

function parseHeader(source: ByteSource, text: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch (cause) {
    throw invalidCheckpoint(source, 'the header is not JSON', (cause as Error).message);
  }
  if (header === null || typeof header !== 'object' || Array.isArray(header)) {
    throw invalidCheckpoint(source, 'the header is not an object');
  }
  return header as Record<string, unknown>;
}

function place(source: ByteSource, key: string, value: unknown): Placed {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const type = types[String(dtype)];
  if (typeof dtype !== 'string' || type === undefined) {
    throw new NacreError('checkpoint-type', `${key} is of another element type`, {
      file: source.name,
      found: String(dtype),
      expected: Object.keys(types).join(', '),
      todo: 'convert the weights to float32 before saving',
    });
  }
  if (!areCounts(shape) || shape.length > mostAxes || !areCounts(offsets) || offsets.length !== 2) {
    throw invalidCheckpoint(source, `${key} has no proper shape or data_offsets`);
  }
  const [begin, end] = offsets;
  const count = shape.reduce((product, size) => product * size, 1);
  if (end - begin !== count * bytesPerElement[type]) {
    throw invalidCheckpoint(
      source,
      `${key} has another length than its shape`,
      `${end - begin} bytes`,
      `${count * bytesPerElement[type]} bytes (${shape.join('×') || 'a scalar'} of ${type})`,
    );
  }
  return { key, type, shape, count, begin, end };
}

function areCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** Strides of a contiguous tensor. */
function cOrder(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    stride[axis] = stride[axis + 1] * shape[axis + 1];
  }
  return stride;
}
