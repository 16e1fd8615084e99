import { NacreError } from '../../runtime/errors.ts';
import { type ByteSource, requireRange } from './byte-source.ts';
import { bytesPerElement, decodeElements, toHostOrder } from './elements.ts';
import type { Tensor, TensorType } from './tensor.ts';

/** Elements that lie one behind the other somewhere in a file. */
export interface ElementRange {
  source: ByteSource;
  /** Byte position of element 0. */
  position: number;
  /** Elements from there on. */
  count: number;
  type: TensorType;
  bigEndian: boolean;
}

/**
 * Reads a strided tensor into float32 in C order. A contiguous float32 tensor goes from the file straight into its
 * array; other types pass through a window; only a permuted or spread one is read once more than it is long.
 *
 * @param offset element of the range at which the tensor starts
 * @param stride elements between neighbours along each axis
 * @throws NacreError `truncated`, `checkpoint-invalid` before anything is allocated
 */
export function readTensor(
  range: ElementRange,
  offset: number,
  shape: readonly number[],
  stride: readonly number[],
): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const { type } = range;
  if (count === 0) return { shape: [...shape], data: new Float32Array(0), dtype: type };
  const last = shape.reduce((sum, size, axis) => sum + (size - 1) * stride[axis], offset);
  if (!Number.isSafeInteger(count) || !(last < range.count)) {
    throw new NacreError('checkpoint-invalid', 'a tensor reaches outside its storage', {
      file: range.source.name,
      found: `element ${last}`,
      expected: `at most ${range.count - 1}`,
    });
  }
  const span = last - offset + 1;
  const width = bytesPerElement[type];
  requireRange(range.source, range.position + offset * width, span * width);
  const contiguous = isContiguous(shape, stride);
  const flat = readRange(range, offset, contiguous ? count : span);
  const data = contiguous ? flat : gather(flat, shape, stride, count);
  return { shape: [...shape], data, dtype: type };
}

function isContiguous(shape: readonly number[], stride: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}

const windowElements = 65_536;

function readRange(range: ElementRange, first: number, count: number): Float32Array {
  const { source, position, type, bigEndian } = range;
  const width = bytesPerElement[type];
  const start = position + first * width;
  const out = new Float32Array(count);
  if (type === 'float32') {
    const bytes = new Uint8Array(out.buffer);
    source.readInto(bytes, start);
    toHostOrder(bytes, type, bigEndian);
    return out;
  }
  const window = new Uint8Array(Math.min(windowElements, count) * width);
  for (let at = 0; at < count; at += windowElements) {
    const bytes = window.subarray(0, Math.min(windowElements, count - at) * width);
    source.readInto(bytes, start + at * width);
    toHostOrder(bytes, type, bigEndian);
    decodeElements(bytes, type, out, at);
  }
  return out;
}

function gather(
  flat: Float32Array,
  shape: readonly number[],
  stride: readonly number[],
  count: number,
): Float32Array {
  const out = new Float32Array(count);
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let i = 0; i < count; i++) {
    out[i] = flat[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += stride[axis];
      if (++index[axis] < shape[axis]) break;
      from -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}
