import { NacreError } from '../../runtime/errors.ts';
import {
  type GraphProto,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
} from '../onnx/schema/onnx_pb.ts';
import { badFile } from './bad-file.ts';

type ExternalFiles = readonly { path: string; data: Uint8Array }[];

/** Nodes whose constants are weights: an infinite one among them is a fault, and one in a normalisation may even hide behind it. */
const weighted =
  /^(?:Conv|ConvTranspose|ConvInteger|Gemm|MatMul|PRelu|LSTM|GRU|RNN|\w*Norm|\w*Normalization)$/;

/** The constants that these nodes read: initialisers of the graph, constants of its nodes, and those of graphs within nodes. */
export function weightsOf(
  graph: GraphProto,
  outside: ReadonlyMap<string, TensorProto> = new Map(),
): Set<TensorProto> {
  const named = new Map([...outside, ...graph.initializer.map((one) => [one.name, one] as const)]);
  for (const { opType, attribute, output } of graph.node) {
    const value = opType === 'Constant' ? attribute.find(({ t }) => t !== undefined)?.t : undefined;
    if (value !== undefined) named.set(output[0], value);
  }
  // Converters put a change of type or of axes between a weight and its node.
  for (const { opType, input, output } of graph.node) {
    if (!/^(?:Identity|Cast|Transpose|Reshape|Unsqueeze|Squeeze)$/.test(opType)) continue;
    const value = named.get(input[0]);
    if (value !== undefined) named.set(output[0], value);
  }
  const found = new Set<TensorProto>();
  for (const { opType, input, attribute } of graph.node) {
    for (const name of weighted.test(opType) ? input : []) {
      const value = named.get(name);
      if (value !== undefined) found.add(value);
    }
    for (const { g, graphs } of attribute) {
      for (const inner of [...(g === undefined ? [] : [g]), ...graphs]) {
        for (const value of weightsOf(inner, named)) found.add(value);
      }
    }
  }
  return found;
}

const bytesPerElement: Readonly<Record<number, number>> = {
  [TensorProto_DataType.FLOAT]: 4,
  [TensorProto_DataType.DOUBLE]: 8,
  [TensorProto_DataType.FLOAT16]: 2,
  [TensorProto_DataType.BFLOAT16]: 2,
  [TensorProto_DataType.INT64]: 8,
  [TensorProto_DataType.INT32]: 4,
  [TensorProto_DataType.UINT8]: 1,
  [TensorProto_DataType.INT8]: 1,
  [TensorProto_DataType.BOOL]: 1,
};

/** Refuses a constant of fewer values than it declares, of every type, and one that holds what is no weight. */
export function requireFinite(
  tensor: TensorProto,
  isWeight: boolean,
  external: ExternalFiles,
  file: string,
): void {
  const { dataType, dims } = tensor;
  const name = tensor.name || 'a constant of a node';
  if (dims.some((size) => size < 0n)) throw badFile(file, `${name} of ${dims.join('×')} values`);
  const width = bytesPerElement[dataType];
  if (width === undefined) return;
  const count = dims.reduce((product, size) => product * size, 1n);
  const bytes = bytesOf(tensor, external, file);
  const listed = bytes.length === 0 ? listedValues(tensor) : undefined;
  const held = listed === undefined ? BigInt(bytes.length) / BigInt(width) : BigInt(listed.length);
  if (held !== count || bytes.length % width !== 0) {
    throw badFile(file, `${held} values of ${name}, declared as ${dims.join('×') || 'a scalar'}`);
  }
  const infinite = nonFiniteAt(dataType, listed, bytes, isWeight);
  if (infinite === undefined) return;
  throw new NacreError('checkpoint-weights', `${name} holds weights that are not numbers`, {
    file,
    found: `${infinite.value} at element ${infinite.at}`,
    expected: 'finite values',
    todo: 'the training diverged or the file is damaged: use another file',
  });
}

function bytesOf(
  { name, rawData, dataLocation, externalData }: TensorProto,
  external: ExternalFiles,
  file: string,
): Uint8Array {
  if (dataLocation !== TensorProto_DataLocation.EXTERNAL) return rawData;
  const entry = (key: string) => externalData.find((one) => one.key === key)?.value;
  const data = external.find(({ path }) => path === entry('location'))?.data ?? new Uint8Array(0);
  const offset = Number(entry('offset') ?? 0);
  const length = Number(entry('length') ?? data.length - offset);
  const inside = offset >= 0 && length >= 0 && offset + length <= data.length;
  if (!inside) throw badFile(file, `external data of ${name} beyond the end of its file`);
  return data.subarray(offset, offset + length);
}

/** Values that stand one by one in the file; those of two bytes stand as their bits. */
function listedValues(tensor: TensorProto): ArrayLike<number | bigint> {
  switch (tensor.dataType) {
    case TensorProto_DataType.FLOAT:
      return tensor.floatData;
    case TensorProto_DataType.DOUBLE:
      return tensor.doubleData;
    case TensorProto_DataType.INT64:
      return tensor.int64Data;
    default:
      return tensor.int32Data;
  }
}

/** The first NaN; of a weight the first infinite value too. Infinity is a legal constant elsewhere (a mask of attention, an open bound). */
function nonFiniteAt(
  dataType: number,
  listed: ArrayLike<number | bigint> | undefined,
  bytes: Uint8Array,
  isWeight: boolean,
): { value: number; at: number } | undefined {
  const width = bytesPerElement[dataType];
  const aligned = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes);
  const count = aligned.length / width;
  const { buffer, byteOffset } = aligned;
  const wrong = (value: number) => Number.isNaN(value) || (isWeight && !Number.isFinite(value));
  if (dataType === TensorProto_DataType.FLOAT || dataType === TensorProto_DataType.DOUBLE) {
    const values =
      (listed as readonly number[] | undefined) ??
      (width === 4
        ? new Float32Array(buffer, byteOffset, count)
        : new Float64Array(buffer, byteOffset, count));
    for (let at = 0; at < values.length; at++) {
      if (values[at] - values[at] === 0 || !wrong(values[at])) continue;
      return { value: values[at], at };
    }
    return undefined;
  }
  // Two bytes: an exponent of ones alone is infinite, and with a fraction no number.
  const exponent =
    dataType === TensorProto_DataType.FLOAT16
      ? 0x7c00
      : dataType === TensorProto_DataType.BFLOAT16
        ? 0x7f80
        : undefined;
  if (exponent === undefined) return undefined;
  const bits =
    (listed as readonly number[] | undefined) ?? new Uint16Array(buffer, byteOffset, count);
  for (let at = 0; at < bits.length; at++) {
    if ((bits[at] & exponent) !== exponent) continue;
    const fraction = bits[at] & 0x7fff & ~exponent;
    const value =
      fraction !== 0
        ? Number.NaN
        : bits[at] & 0x8000
          ? Number.NEGATIVE_INFINITY
          : Number.POSITIVE_INFINITY;
    if (wrong(value)) return { value, at };
  }
  return undefined;
}
