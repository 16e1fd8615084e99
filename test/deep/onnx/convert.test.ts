import { fromBinary } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { architecture } from '../../../src/deep/architecture.ts';
import { convertMedicalNet } from '../../../src/deep/onnx/convert.ts';
import { foldWeights } from '../../../src/deep/onnx/folded-weights.ts';
import { mapSize, planGrids } from '../../../src/deep/onnx/grid-plan.ts';
import { ModelProtoSchema } from '../../../src/deep/onnx/schema/onnx_pb.ts';
import { readModel, specialise } from '../../../src/deep/onnx/specialise.ts';
import type { StateDict } from '../../../src/deep/state-dict.ts';
import { RandomStream } from '../../../src/runtime/random-stream.ts';
import { randomState } from './random-state.ts';

type Size = [number, number, number];
const layers = ['layer1', 'layer2', 'layer3', 'layer4'];

async function features(
  bytes: Uint8Array,
  data: Float32Array,
  batch: number,
  size: Size,
): Promise<Float32Array[]> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const result = await session.run({ volume: new Tensor('float32', data, [batch, 1, ...size]) });
  await session.release();
  return layers.map((layer) => result[layer].data as Float32Array);
}

function noise(count: number): Float32Array {
  const stream = RandomStream.of(3, 'noise');
  return Float32Array.from({ length: count }, () => stream.normal());
}

/** Largest difference as a share of the root mean square of `a`. */
function difference(a: Float32Array, b: Float32Array): number {
  expect(b.length).toBe(a.length);
  const scale = Math.sqrt(a.reduce((sum, x) => sum + x * x, 0) / a.length);
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0) / scale;
}

describe('convertMedicalNet', () => {
  let state: StateDict;
  let plain: Uint8Array;
  beforeAll(() => {
    state = randomState('resnet10');
    plain = convertMedicalNet(state, 'resnet10', { version: '1.2.3' });
  });

  it('states opset, ports, and where the weights come from', () => {
    const model = fromBinary(ModelProtoSchema, plain);
    expect(model.opsetImport.map(({ version }) => version)).toEqual([18n]);
    expect(model.graph?.input[0].name).toBe('volume');
    expect(model.graph?.output.map(({ name }) => name)).toEqual(layers);
    const { facts } = readModel(plain, 'x.onnx');
    expect(facts).toEqual({
      network: 'resnet10',
      variant: 'medicalnet',
      stemStride: 2,
      version: '1.2.3',
      sourceFile: 'made.pth',
      sourceSha256: 'ab'.repeat(32),
      sourceForm: 'torch-legacy',
      randomSeed: 1,
      size: undefined,
    });
  });

  it('gives the same bytes for the same weights', () => {
    const again = convertMedicalNet(randomState('resnet10'), 'resnet10', { version: '1.2.3' });
    expect(Buffer.compare(again, plain)).toBe(0);
  });

  it('folds batch normalisation: kernel · γ / √(σ² + ε), β - μ γ / √(σ² + ε)', () => {
    const weights = foldWeights(state, architecture('resnet10')).get('layer2.0.downsample.0')!;
    const value = (key: string, i: number) =>
      state.tensors.get(`layer2.0.downsample.${key}`)!.data[i];
    const channel = 5;
    const scale = value('1.weight', channel) / Math.sqrt(value('1.running_var', channel) + 1e-5);
    expect(weights.kernel()[channel * 64 + 3]).toBeCloseTo(
      value('0.weight', channel * 64 + 3) * scale,
      6,
    );
    expect(weights.bias()[channel]).toBeCloseTo(
      value('1.bias', channel) - value('1.running_mean', channel) * scale,
      6,
    );
  });

  it('refuses the weights of another network', () => {
    expect(() => convertMedicalNet(state, 'resnet18', { version: '0' })).toThrow(
      /not those of resnet18/,
    );
  });

  it('runs any batch and size; a batch gives what its parts give', async () => {
    const size: Size = [17, 24, 40];
    const voxels = 17 * 24 * 40;
    const data = noise(2 * voxels);
    const both = await features(plain, data, 2, size);
    const second = await features(plain, data.subarray(voxels), 1, size);
    layers.forEach((_, l) => {
      expect(difference(second[l], both[l].subarray(both[l].length / 2))).toBeLessThan(1e-5);
    });
  });

  it.each([
    [[64, 64, 64], 1],
    [[32, 32, 32], 2],
    // Grids of 3 × 2 × 1 points; 40 has no grids in layer 4 along one axis: that layer stays plain.
    [[96, 64, 32], 1],
    [[40, 64, 32], 1],
    [[48, 32, 64], 2],
  ] as [Size, number][])(
    'rewritten for %s, batch of %i, features are the same',
    async (size, batch) => {
      const data = noise(batch * size[0] * size[1] * size[2]);
      const expected = await features(plain, data, batch, size);
      const got = await features(specialise(plain, size), data, batch, size);
      layers.forEach((_, l) => {
        expect(difference(expected[l], got[l])).toBeLessThan(1e-4);
      });
      // Layer 3 must really have gone another way, or this compares a graph with itself.
      const plan = planGrids(architecture('resnet10'), size);
      expect(plan.layer3 !== undefined).toBe(size.every((voxels) => voxels % 16 === 0));
      expect(plan.layer4 !== undefined).toBe(size.every((voxels) => voxels % 32 === 0));
    },
  );

  it('a bottleneck network and shortcut A survive the rewriting', async () => {
    for (const network of ['resnet18', 'resnet50'] as const) {
      const bytes = convertMedicalNet(randomState(network), network, { version: '0' });
      const data = noise(2 * 32 ** 3);
      const expected = await features(bytes, data, 2, [32, 32, 32]);
      const got = await features(specialise(bytes, [32, 32, 32]), data, 2, [32, 32, 32]);
      expect(difference(expected[3], got[3])).toBeLessThan(1e-4);
    }
  });

  it('the strided variant has other features, and is left as it is by the rewriting', async () => {
    const monai = convertMedicalNet(state, 'resnet10', { variant: 'monai', version: '0' });
    const data = noise(32 ** 3);
    const [, , , a] = await features(plain, data, 1, [32, 32, 32]);
    const [, , , b] = await features(monai, data, 1, [32, 32, 32]);
    expect(difference(a, b)).toBeGreaterThan(1e-2);
    expect(planGrids(architecture('resnet10', { variant: 'monai' }), [64, 64, 64])).toEqual({});
  });

  it('says what is wrong with a file that is no model', () => {
    expect(() => readModel(Uint8Array.of(1, 2, 3), 'x.onnx')).toThrow(/x\.onnx.*not a plain model/);
    expect(() => readModel(plain.subarray(0, 100_000), 'cut.onnx')).toThrow(/cut\.onnx/);
    expect(() => specialise(specialise(plain, [32, 32, 32]), [64, 64, 64])).toThrow(
      /already rewritten for 32×32×32/,
    );
  });

  it('knows the map of every layer', () => {
    const arch = architecture('resnet34');
    expect(mapSize(arch, [64, 96, 65], 'layer1')).toEqual([16, 24, 17]);
    expect(mapSize(arch, [64, 96, 65], 'layer4')).toEqual([8, 12, 9]);
  });
});
