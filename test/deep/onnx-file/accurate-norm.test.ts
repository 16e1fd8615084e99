import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/deep/onnx/graph.ts';
import { modelBytes } from '../../../src/deep/onnx/model-bytes.ts';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
} from '../../../src/deep/onnx/schema/onnx_pb.ts';
import { withAccurateNorms } from '../../../src/deep/onnx-file/accurate-norm.ts';
import { RandomStream } from '../../../src/runtime/random-stream.ts';
import { madeOnnx } from './made-onnx.ts';

const side = 48;
const [scale, shift] = [
  [2, -1],
  [0.5, 3],
];

function normalised({ opset = 18, epsilon }: { opset?: number; epsilon?: number } = {}) {
  const build = new GraphBuilder();
  const constants = [scale, shift].map((values, i) =>
    build.weight(`c${i}`, [2], () => Float32Array.from(values)),
  );
  build.node('InstanceNormalization', 'y', ['x', ...constants]);
  const shape = [1, 2, side, side, side];
  const bytes = modelBytes({
    graph: {
      name: 'norm',
      nodes: build.nodes,
      initializers: build.initializers,
      inputs: [{ name: 'x', shape }],
      outputs: [{ name: 'y', shape }],
    },
    producerVersion: 'test',
    metadata: {},
  });
  const model = fromBinary(ModelProtoSchema, bytes);
  model.opsetImport[0].version = BigInt(opset);
  if (epsilon !== undefined) {
    const type = AttributeProto_AttributeType.FLOAT;
    const attribute = create(AttributeProtoSchema, { name: 'epsilon', type, f: epsilon });
    model.graph?.node[0].attribute.push(attribute);
  }
  return toBinary(ModelProtoSchema, model);
}

/** A crop as masked inputs are: one value but for a few voxels. */
function mostlyOneValue(): Float32Array {
  const noise = RandomStream.of(2, 'accurate-norm');
  return Float32Array.from({ length: 2 * side * side * side }, (_, i) =>
    i % 97 === 0 ? 3 + noise.normal() : 0.1,
  );
}

/** In float64, from the definition. */
function expected(x: Float32Array, epsilon: number): Float64Array {
  const voxels = x.length / 2;
  const out = new Float64Array(x.length);
  for (const channel of [0, 1]) {
    const part = x.subarray(channel * voxels, (channel + 1) * voxels);
    const mean = part.reduce((sum, value) => sum + value, 0) / voxels;
    const variance = part.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / voxels;
    part.forEach((value, i) => {
      const unit = (value - mean) / Math.sqrt(variance + epsilon);
      out[channel * voxels + i] = scale[channel] * unit + shift[channel];
    });
  }
  return out;
}

async function largestDifference(bytes: Uint8Array, epsilon: number): Promise<number> {
  const x = mostlyOneValue();
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const { y } = await session.run({ x: new Tensor('float32', x, [1, 2, side, side, side]) });
  await session.release();
  const right = expected(x, epsilon);
  return (y.data as Float32Array).reduce((most, v, i) => Math.max(most, Math.abs(v - right[i])), 0);
}

describe('instance normalisation of other makers’ networks', () => {
  it.each([18, 17])('is what float64 gives, in opset %i', async (opset) => {
    const written = withAccurateNorms(normalised({ opset }));
    expect(await largestDifference(written, 1e-5)).toBeLessThan(5e-6);
  });

  it('keeps the epsilon of the node', async () => {
    const written = withAccurateNorms(normalised({ epsilon: 0.5 }));
    expect(await largestDifference(written, 0.5)).toBeLessThan(5e-6);
  });

  it('leaves other networks as they are', () => {
    const other = madeOnnx({ shape: [1, 1, 4, 4, 4] });
    expect(withAccurateNorms(other)).toBe(other);
  });
});
