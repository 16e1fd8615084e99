import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
} from '../onnx/schema/onnx_pb.ts';

const { FLOAT, DOUBLE, INT64, FLOAT16, BFLOAT16 } = TensorProto_DataType;
/** From this opset on ReduceMean takes its axes as an input. */
const axesAreInput = 18;

/**
 * Writes instance normalisation (to which exporters turn group normalisation too) out in operators whose sums are taken in
 * float64. onnxruntime 1.30 sums each channel in float32, one value after the other: on a crop that is mostly one value the mean
 * of 64³ voxels is off by up to 1e-4 of it, and features of SegResNet by 2.4e-4 of their scale, where torch has 4e-7.
 *
 * @param bytes of an ONNX file
 * @returns the same bytes where the network has no such node, or is not all float32
 */
export function withAccurateNorms(bytes: Uint8Array): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  const { graph } = model;
  const isNorm = ({ opType, domain }: NodeProto) =>
    opType === 'InstanceNormalization' && (domain === '' || domain === 'ai.onnx');
  if (graph === undefined || !graph.node.some(isNorm) || !allFloat32(model)) return bytes;
  const opset = Number(model.opsetImport.find(({ domain }) => domain === '')?.version ?? 0n);
  const name = freeName(model);
  const constants = [
    int64s(`${name}/flat-shape`, [0, 0, -1]),
    int64s(`${name}/column`, [-1, 1]),
    ...(opset >= axesAreInput ? [int64s(`${name}/axes`, [2])] : []),
  ];
  graph.node = graph.node.flatMap((node, n) => {
    if (!isNorm(node)) return [node];
    const epsilon = float64(`${name}/${n}/epsilon`, epsilonOf(node));
    constants.push(epsilon);
    return writtenOut(node, { name, prefix: `${name}/${n}`, epsilon: epsilon.name, opset });
  });
  graph.initializer.push(...constants);
  return toBinary(ModelProtoSchema, model);
}

interface Place {
  name: string;
  prefix: string;
  epsilon: string;
  opset: number;
}

/** y = scale · (x - mean) / √(variance + ε) + shift, each channel of each batch by itself. */
function writtenOut(norm: NodeProto, { name, prefix, epsilon, opset }: Place): NodeProto[] {
  const [x, scale, shift] = norm.input;
  const nodes: NodeProto[] = [];
  const add = (opType: string, output: string, input: string[], attributes = {}) => {
    const attribute = Object.entries(attributes).map(([key, value]) => integers(key, value));
    nodes.push(
      create(NodeProtoSchema, { opType, name: output, input, output: [output], attribute }),
    );
    return output;
  };
  const at = (part: string) => `${prefix}/${part}`;
  const meanOf = (narrow: string, part: string) => {
    const wide = add('Cast', at(`${part}/wide`), [narrow], { to: DOUBLE });
    return opset >= axesAreInput
      ? add('ReduceMean', at(part), [wide, `${name}/axes`], { keepdims: 1 })
      : add('ReduceMean', at(part), [wide], { axes: [2], keepdims: 1 });
  };
  const flat = add('Reshape', at('flat'), [x, `${name}/flat-shape`]);
  const mean = add('Cast', at('mean'), [meanOf(flat, 'mean/wide')], { to: FLOAT });
  const centred = add('Sub', at('centred'), [flat, mean]);
  const variance = meanOf(add('Mul', at('square'), [centred, centred]), 'variance');
  const root = add('Sqrt', at('root'), [
    add('Add', at('variance/above-zero'), [variance, epsilon]),
  ]);
  const unit = add('Div', at('unit'), [
    centred,
    add('Cast', at('deviation'), [root], { to: FLOAT }),
  ]);
  const column = (values: string, part: string) =>
    add('Reshape', at(part), [values, `${name}/column`]);
  const scaled = add('Mul', at('scaled'), [unit, column(scale, 'scale')]);
  const shifted = add('Add', at('shifted'), [scaled, column(shift, 'shift')]);
  add('Reshape', norm.output[0], [shifted, add('Shape', at('shape'), [x])]);
  return nodes;
}

function allFloat32({ graph }: ModelProto): boolean {
  const others: readonly number[] = [DOUBLE, FLOAT16, BFLOAT16];
  const tensors = [
    ...(graph?.initializer ?? []),
    ...(graph?.node ?? []).flatMap(({ attribute }) => attribute.flatMap(({ t }) => t ?? [])),
  ];
  const inputs = (graph?.input ?? []).flatMap(({ type }) =>
    type?.value.case === 'tensorType' ? [type.value.value.elemType] : [],
  );
  const casts = (graph?.node ?? [])
    .filter(({ opType }) => opType === 'Cast')
    .flatMap(({ attribute }) => attribute.map(({ i }) => Number(i)));
  return ![...tensors.map(({ dataType }) => dataType), ...inputs, ...casts].some((type) =>
    others.includes(type),
  );
}

/** A prefix that no tensor of the graph has. */
function freeName({ graph }: ModelProto): string {
  const taken = (graph?.node ?? []).flatMap(({ output }) => output);
  let name = 'nacre';
  while (taken.some((output) => output.startsWith(name))) name += '_';
  return name;
}

function epsilonOf({ attribute }: NodeProto): number {
  return attribute.find(({ name }) => name === 'epsilon')?.f ?? 1e-5;
}

function integers(name: string, value: unknown) {
  return Array.isArray(value)
    ? create(AttributeProtoSchema, {
        name,
        type: AttributeProto_AttributeType.INTS,
        ints: value.map(BigInt),
      })
    : create(AttributeProtoSchema, {
        name,
        type: AttributeProto_AttributeType.INT,
        i: BigInt(value as number),
      });
}

function int64s(name: string, values: readonly number[]): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: [BigInt(values.length)],
    dataType: INT64,
    int64Data: values.map(BigInt),
  });
}

function float64(name: string, value: number): TensorProto {
  return create(TensorProtoSchema, { name, dims: [], dataType: DOUBLE, doubleData: [value] });
}
