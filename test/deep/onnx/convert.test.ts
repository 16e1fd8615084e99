import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { architecture } from '../../../src/deep/architecture.ts';
import { convertMedicalNet } from '../../../src/deep/onnx/convert.ts';
import { foldWeights } from '../../../src/deep/onnx/folded-weights.ts';
import { mapSize, planGrids } from '../../../src/deep/onnx/grid-plan.ts';
import { planPlanes } from '../../../src/deep/onnx/plane-plan.ts';
import { readModel } from '../../../src/deep/onnx/read-model.ts';
import { ModelProtoSchema, type TensorProto } from '../../../src/deep/onnx/schema/onnx_pb.ts';
import { rebuilt, specialise } from '../../../src/deep/onnx/specialise.ts';
import type { StateDict } from '../../../src/deep/state-dict.ts';
import { sha256 } from '../../../src/runtime/hash.ts';
import { RandomStream } from '../../../src/runtime/random-stream.ts';
import { randomState } from './random-state.ts';

type Size = [number, number, number];
const layers = ['layer1', 'layer2', 'layer3', 'layer4'];

async function features(
  bytes: Uint8Array,
  data: Float32Array,
  batch: number,
  size: Size,
  threads = 1,
): Promise<Float32Array[]> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: threads });
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

/** For what does not depend on the width: a sixteenth to a sixtieth of the weights. Multiples of the runtime's blocks of channels. */
const narrow = { planes: [16, 32, 48, 64] } as const;

describe('convertMedicalNet', () => {
  let state: StateDict;
  let plain: Uint8Array;
  let narrowState: StateDict;
  let narrowPlain: Uint8Array;
  beforeAll(() => {
    state = randomState('resnet10');
    plain = convertMedicalNet(state, 'resnet10', { version: '1.2.3' });
    narrowState = randomState('resnet10', 1, narrow);
    narrowPlain = convertMedicalNet(narrowState, 'resnet10', { ...narrow, version: '1.2.3' });
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

  it('gives the bytes that it gave before: hashes in run folders and pins of a network hold', () => {
    expect(sha256(plain)).toBe('5dccbd1f2762c02ca496cb01cc3f23cd1611dbfd9201592768ebc8654d8a811d');
  });

  it('gives the same bytes for the same weights', () => {
    const again = convertMedicalNet(randomState('resnet10', 1, narrow), 'resnet10', {
      ...narrow,
      version: '1.2.3',
    });
    expect(Buffer.compare(again, narrowPlain)).toBe(0);
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
    [[64, 64, 64], 1, 'published'],
    [[32, 32, 32], 2, 'published'],
    // Grids of 3 × 2 × 1 points; 40 has no grids in layer 4 along one axis: that layer stays plain.
    [[96, 64, 32], 1, 'narrow'],
    [[40, 64, 32], 1, 'narrow'],
    [[48, 32, 64], 2, 'narrow'],
    // In planes: tiles of 2, 3 and 4 slices, several tiles of grids, beyond the last point too, and maps without grids.
    [[48, 48, 48], 2, 'published'],
    [[80, 64, 48], 1, 'narrow'],
    [[50, 64, 49], 2, 'narrow'],
    [[96, 48, 64], 1, 'narrow'],
  ] as [Size, number, 'published' | 'narrow'][])(
    'rewritten for %s, batch of %i, features are the same, %s width',
    async (size, batch, width) => {
      const model = width === 'narrow' ? narrowPlain : plain;
      const data = noise(batch * size[0] * size[1] * size[2]);
      const expected = await features(model, data, batch, size);
      const got = await features(specialise(model, size), data, batch, size);
      layers.forEach((_, l) => {
        expect(difference(expected[l], got[l])).toBeLessThan(1e-4);
      });
      const plan = planPlanes(architecture('resnet10'), size);
      expect(plan !== undefined).toBe(size[0] * size[1] * size[2] >= 48 ** 3);
      // The narrow network must be computed as the published one is.
      expect(planPlanes(architecture('resnet10', narrow), size)).toEqual(plan);
      // Layer 3 must really have gone another way, or this compares a graph with itself.
      const grids = planGrids(architecture('resnet10'), size);
      expect(grids.layer3 !== undefined).toBe(size.every((voxels) => voxels % 16 === 0));
      expect(grids.layer4 !== undefined).toBe(size.every((voxels) => voxels % 32 === 0));
      expect(planGrids(architecture('resnet10', narrow), size)).toEqual(grids);
    },
  );

  it('a bottleneck network and shortcut A survive the rewriting', async () => {
    for (const network of ['resnet18', 'resnet50'] as const) {
      const bytes = convertMedicalNet(randomState(network, 1, narrow), network, {
        ...narrow,
        version: '0',
      });
      const data = noise(2 * 32 ** 3);
      const expected = await features(bytes, data, 2, [32, 32, 32]);
      const got = await features(specialise(bytes, [32, 32, 32]), data, 2, [32, 32, 32]);
      expect(difference(expected[3], got[3])).toBeLessThan(1e-4);
    }
  });

  it.each([
    ['resnet18', 'medicalnet', 'mean'],
    ['resnet50', 'medicalnet', 'max'],
    ['resnet18', 'monai', 'mean'],
    ['resnet50', 'monai', 'max'],
  ] as const)('%s, %s, pooled by %s, is the same in planes', async (network, variant, pool) => {
    const size: Size = [64, 48, 48];
    const bytes = convertMedicalNet(randomState(network, 1, narrow), network, {
      ...narrow,
      variant,
      version: '0',
    });
    const [published, narrowed] = [{ variant }, { variant, ...narrow }].map((traits) =>
      planPlanes(architecture(network, traits), size),
    );
    expect(narrowed).toEqual(published);
    const data = noise(64 * 48 * 48);
    const expected = await features(rebuilt(bytes, 'x', { pool }), data, 1, size);
    const got = await features(specialise(bytes, size, { pool }), data, 1, size);
    layers.forEach((_, l) => {
      expect(difference(expected[l], got[l])).toBeLessThan(1e-4);
    });
  });

  it('planes give the same bits for 1, 2 and 4 threads', async () => {
    const size: Size = [64, 64, 64];
    const bytes = specialise(plain, size);
    const data = noise(64 ** 3);
    const one = await features(bytes, data, 1, size);
    expect(await features(bytes, data, 1, size, 2)).toEqual(one);
    expect(await features(bytes, data, 1, size, 4)).toEqual(one);
  });

  it('crops below 48³ and above 160³ are not computed in planes', () => {
    for (const variant of ['medicalnet', 'monai'] as const) {
      const arch = architecture('resnet10', { variant });
      expect(planPlanes(arch, [47, 48, 48])).toBeUndefined();
      expect(planPlanes(arch, [160, 160, 161])).toBeUndefined();
      expect(planPlanes(arch, [48, 48, 48])).toBeDefined();
    }
  });

  it('the strided variant has other features, and is left as it is by the rewriting', async () => {
    const options = { ...narrow, variant: 'monai', version: '0' } as const;
    const monai = convertMedicalNet(narrowState, 'resnet10', options);
    const data = noise(32 ** 3);
    const [, , , a] = await features(narrowPlain, data, 1, [32, 32, 32]);
    const [, , , b] = await features(monai, data, 1, [32, 32, 32]);
    expect(difference(a, b)).toBeGreaterThan(1e-2);
    expect(planGrids(architecture('resnet10', { variant: 'monai' }), [64, 64, 64])).toEqual({});
  });

  it('a bias in the shortcut moves the mean of the normalisation behind it', async () => {
    const biased = randomState('resnet18', 1, { ...narrow, shortcut: 'B', shortcutBias: true });
    const moved = new Map(biased.tensors);
    for (const [key, tensor] of biased.tensors) {
      if (!key.endsWith('downsample.0.bias')) continue;
      moved.delete(key);
      const mean = key.replace('0.bias', '1.running_mean');
      const old = biased.tensors.get(mean)!;
      moved.set(mean, { ...old, data: old.data.map((value, c) => value - tensor.data[c]) });
    }
    const options = { ...narrow, variant: 'monai', version: '0', shortcut: 'B' } as const;
    const data = noise(32 ** 3);
    const a = convertMedicalNet(biased, 'resnet18', { ...options, shortcutBias: true });
    const b = convertMedicalNet({ ...biased, tensors: moved }, 'resnet18', options);
    const [ours, expected] = [
      await features(a, data, 1, [32, 32, 32]),
      await features(b, data, 1, [32, 32, 32]),
    ];
    expect(difference(expected[3], ours[3])).toBeLessThan(1e-5);
    const unbiased = new Map([...biased.tensors].filter(([key]) => !/downsample.0.bias/.test(key)));
    const c = convertMedicalNet({ ...biased, tensors: unbiased }, 'resnet18', options);
    const [, , , without] = await features(c, data, 1, [32, 32, 32]);
    expect(difference(expected[3], without)).toBeGreaterThan(0.01);
  });

  it('shortcut B of identity kernels is shortcut A', async () => {
    const a = randomState('resnet18', 1, narrow);
    const b = randomState('resnet18', 1, { ...narrow, shortcut: 'B' });
    const tensors = new Map(b.tensors);
    for (const [key, { shape, dtype }] of b.tensors) {
      const own = a.tensors.get(key);
      if (own !== undefined) {
        tensors.set(key, own);
        continue;
      }
      const count = shape.reduce((product, size) => product * size, 1);
      const data = new Float32Array(count);
      if (/downsample.0.weight/.test(key))
        for (let c = 0; c < shape[1]; c++) data[c * shape[1] + c] = 1;
      // Variance 1 - ε, so that the normalisation is the identity.
      else if (/running_var/.test(key)) data.fill(1 - 1e-5);
      else if (/downsample.1.weight/.test(key)) data.fill(1);
      tensors.set(key, { shape, data, dtype });
    }
    const data = noise(40 ** 3);
    const options = { ...narrow, version: '0' };
    const plainA = convertMedicalNet(a, 'resnet18', options);
    const asB = convertMedicalNet({ ...b, tensors }, 'resnet18', { ...options, shortcut: 'B' });
    const expected = await features(plainA, data, 1, [40, 40, 40]);
    const got = await features(asB, data, 1, [40, 40, 40]);
    layers.forEach((_, l) => {
      expect(difference(expected[l], got[l])).toBeLessThan(1e-5);
    });
  });

  it('traits of a network are kept in the file: width, channels, stem, shortcut', async () => {
    const traits = {
      planes: [32, 64, 96, 128],
      channels: 3,
      stemKernel: 5,
      shortcut: 'A',
    } as const;
    const bytes = convertMedicalNet(randomState('resnet10', 1, traits), 'resnet10', {
      ...traits,
      variant: 'monai',
      stemStride: 2,
      version: '0',
    });
    const { facts, arch } = readModel(bytes, 'wide.onnx');
    expect(facts).toMatchObject({ traits, variant: 'monai', stemStride: 2 });
    expect(arch.features).toBe(128);
    const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1 });
    const input = new Tensor('float32', noise(3 * 24 ** 3), [1, 3, 24, 24, 24]);
    const { layer4 } = await session.run({ volume: input });
    await session.release();
    expect(layer4.dims).toEqual([1, 128]);
  });

  describe('a damaged .onnx is refused with a sentence', () => {
    /** The model with one constant changed, in the protobuf. */
    const changed = (change: (tensor: TensorProto) => void) => {
      const model = fromBinary(ModelProtoSchema, narrowPlain);
      change(
        model.graph!.initializer.find(({ name }) => name === 'bn1.bias' || name === 'conv1.bias')!,
      );
      return toBinary(ModelProtoSchema, model);
    };
    const put = (value: number) =>
      changed((tensor) => {
        tensor.rawData = tensor.rawData.slice();
        new DataView(tensor.rawData.buffer).setFloat32(40, value, true);
      });

    it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%s', (value) => {
      expect(() => readModel(put(value), 'bad.onnx')).toThrow(
        /bad\.onnx: conv1\.bias holds weights that are not numbers.*element 10/,
      );
    });

    it('raw data too short, dims that overflow or do not fit, data outside the file', () => {
      const cases: [RegExp, (tensor: TensorProto) => void][] = [
        [
          /60 bytes of conv1\.bias, declared as 16/,
          (t) => {
            t.rawData = t.rawData.slice(4);
          },
        ],
        [
          /declared as 4611686018427387904×4/,
          (t) => {
            t.dims = [2n ** 62n, 4n];
          },
        ],
        [
          /declared as -16/,
          (t) => {
            t.dims = [-16n];
          },
        ],
        [
          /conv1\.bias of 4×4 instead of 16/,
          (t) => {
            t.dims = [4n, 4n];
          },
        ],
        [
          /not of float32 values inside the file/,
          (t) => {
            t.dataLocation = 1;
          },
        ],
        [
          /not of float32 values inside the file/,
          (t) => {
            t.dataType = 11;
          },
        ],
      ];
      for (const [message, change] of cases) {
        expect(() => readModel(changed(change), 'bad.onnx')).toThrow(message);
        expect(() => rebuilt(changed(change), 'bad.onnx')).toThrow(message);
      }
    });

    it('labels that are wrong', () => {
      const relabelled = (key: string, value: string) => {
        const model = fromBinary(ModelProtoSchema, narrowPlain);
        model.metadataProps.find((property) => property.key === key)!.value = value;
        return toBinary(ModelProtoSchema, model);
      };
      for (const [key, value] of [
        ['nacre.network', 'resnet9000'],
        ['nacre.variant', 'x'],
        ['nacre.stem_stride', '7'],
        ['nacre.source_sha256', 'zz'],
        ['nacre.random_seed', '1e9'],
        ['nacre.random_weights', 'false'],
      ]) {
        expect(() => readModel(relabelled(key, value), 'bad.onnx')).toThrow(
          /bad\.onnx: not a plain/,
        );
      }
    });

    it('a graph of another maker is not trusted: it is written anew from the weights', () => {
      const model = fromBinary(ModelProtoSchema, narrowPlain);
      model.graph!.node = [];
      expect(
        Buffer.compare(rebuilt(toBinary(ModelProtoSchema, model), 'x.onnx'), narrowPlain),
      ).toBe(0);
    });
  });

  it('says what is wrong with a file that is no model', () => {
    expect(() => readModel(Uint8Array.of(1, 2, 3), 'x.onnx')).toThrow(/x\.onnx.*not a plain model/);
    expect(() => readModel(narrowPlain.subarray(0, 100_000), 'cut.onnx')).toThrow(/cut\.onnx/);
    expect(() => specialise(specialise(narrowPlain, [32, 32, 32]), [64, 64, 64])).toThrow(
      /already rewritten for 32×32×32/,
    );
  });

  it('knows the map of every layer', () => {
    const arch = architecture('resnet34');
    expect(mapSize(arch, [64, 96, 65], 'layer1')).toEqual([16, 24, 17]);
    expect(mapSize(arch, [64, 96, 65], 'layer4')).toEqual([8, 12, 9]);
  });
});
