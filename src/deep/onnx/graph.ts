import { create } from '@bufbuild/protobuf';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type NodeProto,
  NodeProtoSchema,
} from './schema/onnx_pb.ts';

/** A constant of the graph. Its values are asked for when they are written, so that large ones need not wait in memory. */
export interface Initializer {
  name: string;
  /** Slowest axis first. */
  shape: readonly number[];
  type: 'float32' | 'int64';
  /** As many values as the product of the shape, C order. */
  values(): Float32Array | BigInt64Array;
}

/** An input or output: a number fixes an axis, a word names one that may change from run to run. */
export interface GraphPort {
  name: string;
  shape: readonly (number | string)[];
}

export interface OnnxGraph {
  name: string;
  nodes: readonly NodeProto[];
  initializers: readonly Initializer[];
  inputs: readonly GraphPort[];
  outputs: readonly GraphPort[];
}

type AttributeValue = number | readonly number[];

/** Collects nodes and constants in the order in which data walks through them. All tensors are float32 but shapes. */
export class GraphBuilder {
  readonly nodes: NodeProto[] = [];
  readonly initializers: Initializer[] = [];
  private readonly shared = new Map<string, string>();

  /**
   * Adds a node with one output.
   *
   * @param output name of the node and of what it gives; a path such as `layer3.0.conv1`
   * @param attributes integers or lists of integers
   * @returns `output`
   */
  node(
    operator: string,
    output: string,
    inputs: readonly string[],
    attributes: Record<string, AttributeValue> = {},
  ): string {
    this.nodes.push(
      create(NodeProtoSchema, {
        opType: operator,
        name: output,
        input: [...inputs],
        output: [output],
        attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      }),
    );
    return output;
  }

  /** A float32 constant whose values are made when they are written. */
  weight(name: string, shape: readonly number[], values: () => Float32Array): string {
    this.initializers.push({ name, shape, type: 'float32', values });
    return name;
  }

  /** The same for a constant that several nodes share: `values` is used for the first of each name. */
  sharedWeight(name: string, shape: readonly number[], values: () => Float32Array): string {
    if (!this.shared.has(name)) this.shared.set(name, this.weight(name, shape, values));
    return name;
  }

  /** A list of int64 (a shape, axes, starts …); equal lists are one constant. */
  integers(values: readonly number[]): string {
    const name = `integers_${values.join('_')}`;
    if (!this.shared.has(name)) {
      this.shared.set(name, name);
      const data = BigInt64Array.from(values, BigInt);
      this.initializers.push({ name, shape: [values.length], type: 'int64', values: () => data });
    }
    return name;
  }

  reshape(x: string, output: string, shape: readonly number[]): string {
    return this.node('Reshape', output, [x, this.integers(shape)]);
  }
}

function attribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'number') {
    const i = BigInt(value);
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i });
  }
  const ints = value.map(BigInt);
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints });
}
