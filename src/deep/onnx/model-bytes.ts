import { create, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { GraphPort, Initializer, OnnxGraph } from './graph.ts';
import {
  GraphProtoSchema,
  ModelProtoSchema,
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
export function modelBytes({ graph, producerVersion, metadata }: OnnxModel): Uint8Array {
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
  const tensors = graph.initializers.map((tensor) => ({ tensor, head: tensorHead(tensor) }));
  const graphLength = tensors.reduce(
    (sum, { tensor, head }) => sum + head.length + dataLength(tensor),
    body.length,
  );
  const graphPrefix = lengthPrefix(graphOfModel, graphLength);
  const out = new Uint8Array(frame.length + graphPrefix.length + graphLength);
  let at = 0;
  const put = (bytes: Uint8Array) => {
    out.set(bytes, at);
    at += bytes.length;
  };
  put(frame);
  put(graphPrefix);
  put(body);
  for (const { tensor, head } of tensors) {
    put(head);
    put(rawData(tensor));
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
  const { name, shape, type } = tensor;
  const dataType = type === 'float32' ? TensorProto_DataType.FLOAT : TensorProto_DataType.INT64;
  const fields = toBinary(
    TensorProtoSchema,
    create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType }),
  );
  const dataPrefix = lengthPrefix(rawDataOfTensor, dataLength(tensor));
  const length = fields.length + dataPrefix.length + dataLength(tensor);
  return Buffer.concat([lengthPrefix(initializerOfGraph, length), fields, dataPrefix]);
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
  const copy = Buffer.from(bytes);
  return tensor.type === 'float32' ? copy.swap32() : copy.swap64();
}
