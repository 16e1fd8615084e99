import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { GraphPort, Initializer, OnnxGraph } from './graph.ts';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './schema/onnx_pb.ts';

/** Operator set of the default domain: the first in which Pad and ReduceMean take their axes as inputs. */
const opset = 18;
/** IR version 8 came with opset 15 to 18 (ONNX 1.10 to 1.13): readable by everything since 2022. */
const irVersion = 8;

export interface OnnxModel {
  graph: OnnxGraph;
  producerVersion: string;
  /** Free facts, kept as `metadata_props` in this order. */
  metadata: Readonly<Record<string, string>>;
}

/** Values of constants from this many bytes on lie in the second file of a model in two files. */
const fewestApart = 1024;

/** Places in that file are multiples of this, so that any system can map them into memory. */
const placeStep = 65_536;

/** Field numbers of onnx.proto at which the large parts are put in by hand. */
const graphOfModel = 7;
const initializerOfGraph = 5;
const rawDataOfTensor = 9;

/**
 * Serialises a model as ONNX. The protobuf library encodes everything but the raw data of the constants; these are
 * copied once, straight to their place in the result, and made one at a time. The same model gives the same bytes.
 *
 * @returns the bytes of an `.onnx` file
 */
export function modelBytes(model: OnnxModel): Uint8Array {
  return serialise(
    model,
    model.graph.initializers.map((tensor) => ({
      head: tensorHead(tensor),
      length: dataLength(tensor),
      data: () => rawData(tensor),
    })),
  );
}

/** A model in two files: the runtime maps the weights into memory where they lie, without a copy. */
export interface ModelInTwoFiles {
  /** Bytes of the `.onnx` file. */
  model: Uint8Array;
  /** Bytes of the file beside it, in pieces, each made when it is asked for. */
  weights: Iterable<Uint8Array>;
}

/**
 * The same model with its weights in a file of their own.
 *
 * @param weightsName name of that file, in the folder of the model
 */
export function modelInTwoFiles(model: OnnxModel, weightsName: string): ModelInTwoFiles {
  const apart: { tensor: Initializer; gap: number }[] = [];
  let end = 0;
  const tensors = model.graph.initializers.map((tensor) => {
    const length = dataLength(tensor);
    if (tensor.type !== 'float32' || length < fewestApart) {
      return { head: tensorHead(tensor), length, data: () => rawData(tensor) };
    }
    const offset = Math.ceil(end / placeStep) * placeStep;
    apart.push({ tensor, gap: offset - end });
    end = offset + length;
    const place = { location: weightsName, offset, length };
    return { head: tensorElsewhere(tensor, place), length: 0, data: () => new Uint8Array(0) };
  });
  return { model: serialise(model, tensors), weights: piecesOf(apart) };
}

function* piecesOf(
  apart: readonly { tensor: Initializer; gap: number }[],
): Generator<Uint8Array, void, undefined> {
  for (const { tensor, gap } of apart) {
    if (gap > 0) yield new Uint8Array(gap);
    yield rawData(tensor);
  }
}

interface SerialTensor {
  head: Uint8Array;
  /** Bytes of `data`. */
  length: number;
  data(): Uint8Array;
}

function serialise(
  { graph, producerVersion, metadata }: OnnxModel,
  tensors: readonly SerialTensor[],
): Uint8Array {
  const frame = toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: BigInt(irVersion),
      producerName: 'nacre',
      producerVersion,
      opsetImport: [{ domain: '', version: BigInt(opset) }],
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    }),
  );
  const body = toBinary(
    GraphProtoSchema,
    create(GraphProtoSchema, {
      name: graph.name,
      node: [...graph.nodes],
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(valueInfo),
    }),
  );
  const graphLength = tensors.reduce(
    (sum, { head, length }) => sum + head.length + length,
    body.length,
  );
  const graphPrefix = lengthPrefix(graphOfModel, graphLength);
  // One array for all: the weights are copied once.
  const out = new Uint8Array(frame.length + graphPrefix.length + graphLength);
  let at = 0;
  const put = (bytes: Uint8Array) => {
    out.set(bytes, at);
    at += bytes.length;
  };
  put(frame);
  put(graphPrefix);
  put(body);
  for (const { head, data } of tensors) {
    put(head);
    put(data());
  }
  return out;
}

function valueInfo({ name, shape }: GraphPort): ValueInfoProto {
  const dim = shape.map((size) => ({
    value:
      typeof size === 'number'
        ? ({ case: 'dimValue', value: BigInt(size) } as const)
        : ({ case: 'dimParam', value: size } as const),
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: { elemType: TensorProto_DataType.FLOAT, shape: { dim } },
      },
    },
  });
}

/** Everything of `initializer` before its raw data: tag and length in the graph, dims, type, name, tag and length of the data. */
function tensorHead(tensor: Initializer): Uint8Array {
  const fields = toBinary(TensorProtoSchema, create(TensorProtoSchema, fieldsOf(tensor)));
  const dataPrefix = lengthPrefix(rawDataOfTensor, dataLength(tensor));
  const length = fields.length + dataPrefix.length + dataLength(tensor);
  return joined([lengthPrefix(initializerOfGraph, length), fields, dataPrefix]);
}

/** The whole of `initializer` for a constant whose values lie in another file. */
function tensorElsewhere(tensor: Initializer, place: Record<string, string | number>): Uint8Array {
  const externalData = Object.entries(place).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value: String(value) }),
  );
  const dataLocation = TensorProto_DataLocation.EXTERNAL;
  const fields = toBinary(
    TensorProtoSchema,
    create(TensorProtoSchema, { ...fieldsOf(tensor), dataLocation, externalData }),
  );
  return joined([lengthPrefix(initializerOfGraph, fields.length), fields]);
}

function fieldsOf({ name, shape, type }: Initializer) {
  const dataType = type === 'float32' ? TensorProto_DataType.FLOAT : TensorProto_DataType.INT64;
  return { name, dims: shape.map(BigInt), dataType };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function lengthPrefix(field: number, length: number): Uint8Array {
  return new BinaryWriter().tag(field, WireType.LengthDelimited).uint32(length).finish();
}

function dataLength({ shape, type }: Initializer): number {
  return shape.reduce((product, size) => product * size, type === 'float32' ? 4 : 8);
}

/** Little-endian, as ONNX wants raw data. */
function rawData(tensor: Initializer): Uint8Array {
  const values = tensor.values();
  if (values.byteLength !== dataLength(tensor)) {
    throw new RangeError(`${tensor.name}: ${values.length} values for shape ${tensor.shape}`);
  }
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] === 1) return bytes;
  const width = tensor.type === 'float32' ? 4 : 8;
  const turned = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const within = i % width;
    turned[i] = bytes[i - within + width - 1 - within];
  }
  return turned;
}
