import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, describe, expect, it } from 'vitest';
import { deepInput } from '../../../src/deep/deep-input.ts';
import { ModelProtoSchema, type TensorProto } from '../../../src/deep/onnx/schema/onnx_pb.ts';
import type { OnnxSettingsChoice } from '../../../src/deep/onnx-file/onnx-choice.ts';
import { readOnnxContents } from '../../../src/deep/onnx-file/onnx-contents.ts';
import { OnnxEncoder } from '../../../src/deep/onnx-file/onnx-encoder.ts';
import { occlusionSaliency } from '../../../src/deep/saliency.ts';
import { madeScan } from '../made-scans.ts';
import { madeOnnx, writeMadeOnnx } from './made-onnx.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-onnx-file-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { volume, mask } = madeScan();
const open = async (path: string, settings: OnnxSettingsChoice = {}) => {
  const encoder = await OnnxEncoder.load(path, settings, { name: 'mine' });
  return encoder;
};
const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe('an ONNX file of another maker', () => {
  it('gives what its convolution must give, in its own size, spacing and intensities', async () => {
    const path = writeMadeOnnx(at('three.onnx'), { shape: ['batch', 1, 16, 16, 16] });
    const encoder = await open(path, {
      input: { spacing: 3 },
      intensity: { window: [0, 1000] },
    });
    expect(encoder.features).toBe(3);
    const { features, input } = await encoder.encode(volume, mask, {
      modality: 'T1',
      regionName: 'intra',
      region: 'boxed',
    });
    await encoder.dispose();
    expect(input.shape).toEqual([16, 16, 16]);
    expect(Math.max(...input.data)).toBeLessThanOrEqual(1);
    expect(features[0].names).toEqual(['T1.intra.mine_0', 'T1.intra.mine_1', 'T1.intra.mine_2']);
    const m = mean(input.data);
    features[0].values.forEach((value, f) => {
      expect(value).toBeCloseTo((f + 1) * m, 5);
    });
  });

  it('axes, channels and pooling: every order sees the same voxels; several scans are channels', async () => {
    const other = madeScan({ seed: 9 }).volume;
    const settings = { input: { size: [8, 12, 16], spacing: 4, channels: ['a', 'b'] } } as const;
    const values: number[][] = [];
    for (const [axes, shape] of [
      ['NCZYX', [1, 2, 16, 12, 8]],
      ['NCXYZ', [1, 2, 8, 12, 16]],
    ] as const) {
      const path = writeMadeOnnx(at(`${axes}.onnx`), { shape, map: true });
      const encoder = await open(path, {
        ...settings,
        input: { ...settings.input, size: [8, 12, 16], channels: ['a', 'b'], axes },
        pool: 'mean',
      });
      const { features } = await encoder.encode([volume, other], mask, {});
      await encoder.dispose();
      values.push([...features[0].values]);
    }
    expect(values[0].map((v) => v.toFixed(4))).toEqual(values[1].map((v) => v.toFixed(4)));
    const choice = { size: [8, 12, 16] as [number, number, number], spacing: 4 };
    const first = deepInput(volume, mask, choice);
    const second = deepInput(other, undefined, choice, {
      grid: first.geometry,
      region: first.region,
    });
    expect(values[0][1]).toBeCloseTo(2 * mean(first.data) + 2.5 * mean(second.data), 4);
  });

  it('a two-dimensional network sees the slices of the region; max pooling takes the largest', async () => {
    const path = writeMadeOnnx(at('two.onnx'), { shape: ['n', 3, 24, 24], map: true });
    const settings = { input: { channels: 3, spacing: 3 }, intensity: 'none' } as const;
    for (const pool of ['mean', 'max'] as const) {
      const encoder = await open(path, { ...settings, pool });
      const { features, input } = await encoder.encode(volume, mask, { region: 'boxed' });
      await encoder.dispose();
      const [nz, ny, nx] = input.shape;
      expect([ny, nx]).toEqual([24, 24]);
      const slices = Array.from({ length: nz }, (_, k) =>
        input.data.slice(k * nx * ny, (k + 1) * nx * ny),
      ).filter((_, k) => input.region?.slice(k * nx * ny, (k + 1) * nx * ny).includes(1));
      const scale = 1 + 1.5 + 2;
      const expected =
        pool === 'mean'
          ? scale * mean(slices.flatMap((slice) => [...slice]))
          : scale * Math.max(...slices.flatMap((slice) => [...slice]));
      expect(features[0].values[0] / expected).toBeCloseTo(1, 5);
    }
  });

  it('what does not fit is refused with both shapes', async () => {
    const path = writeMadeOnnx(at('fixed.onnx'), { shape: [1, 1, 16, 16, 16] });
    await expect(open(path, { input: { size: 32 } })).rejects.toThrow(
      /image of 1×1×16×16×16, expected N×1×32×32×32 \(NCZYX\)/,
    );
    await expect(open(path, { input: { channels: 3 } })).rejects.toThrow(/N×3×16×16×16/);
    await expect(open(path, { input: { axes: 'NCYX' } })).rejects.toThrow(/N×1×16×16 \(NCYX\)/);
    await expect(open(path, { output: 'none' })).rejects.toThrow(/one of features/);
    await expect(open(path, { input: { name: 'volume' } })).rejects.toThrow(/one of image/);
    const many = writeMadeOnnx(at('batch.onnx'), { shape: [4, 1, 16, 16, 16] });
    await expect(open(many)).rejects.toThrow(/batch of another size/);
    await expect(OnnxEncoder.load(path, {}, { sha256: 'a'.repeat(64) })).rejects.toMatchObject({
      code: 'checksum-mismatch',
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('weights of %s are refused', (bad) => {
    const path = writeMadeOnnx(at('bad.onnx'), {
      shape: [1, 1, 8, 8, 8],
      weights: [1, bad, 2],
    });
    expect(() => readOnnxContents(path)).toThrow(/w holds weights that are not numbers.*element 1/);
  });

  it.each([
    ['float16', 10, [0x3c00, 0x7c00, 0x4000]],
    ['float16', 10, [0x3c00, 0x7e00, 0x4000]],
    ['bfloat16', 16, [0x3f80, 0xff80, 0x4000]],
    ['float64', 11, [1, Number.NEGATIVE_INFINITY, 2]],
  ] as const)(
    'infinite weights of %s are refused, in the file and as a list',
    (_, type, values) => {
      const bent = (change: (tensor: TensorProto) => void, name: string) => {
        const model = fromBinary(ModelProtoSchema, madeOnnx({ shape: [1, 1, 8, 8, 8] }));
        const tensor = model.graph!.initializer[0];
        tensor.rawData = new Uint8Array(0);
        tensor.dataType = type;
        change(tensor);
        writeFileSync(at(name), toBinary(ModelProtoSchema, model));
        return at(name);
      };
      const array = type === 11 ? Float64Array.from(values) : Uint16Array.from(values);
      const raw = bent((tensor) => {
        tensor.rawData = new Uint8Array(array.buffer);
      }, 'typed.onnx');
      const listed = bent((tensor) => {
        if (type === 11) tensor.doubleData = [...values];
        else tensor.int32Data = [...values];
      }, 'listed.onnx');
      const short = bent((tensor) => {
        tensor.rawData = new Uint8Array(array.buffer).subarray(0, array.byteLength - 1);
      }, 'short.onnx');
      for (const path of [raw, listed]) {
        expect(() => readOnnxContents(path)).toThrow(/weights that are not numbers.*element 1/);
      }
      expect(() => readOnnxContents(short)).toThrow(/values of w, declared as/);
    },
  );

  it('an infinite variance of a normalisation is refused: it would hide, the output being the bias', () => {
    const model = fromBinary(ModelProtoSchema, madeOnnx({ shape: [1, 1, 8, 8, 8] }));
    const graph = model.graph!;
    const weight = graph.initializer[0];
    graph.initializer.push({
      ...weight,
      name: 'variance',
      dims: [3n],
      rawData: new Uint8Array(Float32Array.from([1, Number.POSITIVE_INFINITY, 1]).buffer),
    });
    graph.node.push({
      ...graph.node[0],
      opType: 'BatchNormalization',
      input: ['features', 's', 'b', 'm', 'wide'],
      output: ['normalised'],
      attribute: [],
    });
    graph.node.push({
      ...graph.node[0],
      opType: 'Identity',
      input: ['variance'],
      output: ['wide'],
      attribute: [],
    });
    writeFileSync(at('norm.onnx'), toBinary(ModelProtoSchema, model));
    expect(() => readOnnxContents(at('norm.onnx'))).toThrow(/variance holds weights.*Infinity/);
  });

  it('features that overflow are an error of the case, not a row of Infinity', async () => {
    const path = writeMadeOnnx(at('huge.onnx'), {
      shape: [1, 1, 8, 8, 8],
      weights: [3e38, 3e38, 3e38],
    });
    const encoder = await open(path, { intensity: 'none', input: { spacing: 4 } });
    await expect(encoder.encode(volume, mask)).rejects.toMatchObject({ code: 'model-output' });
    await encoder.dispose();
  });
});

describe('external data', () => {
  /** The file with its weights moved to `location`. */
  const split = (location: string, change: (tensor: TensorProto) => void = () => {}) => {
    const model = fromBinary(ModelProtoSchema, madeOnnx({ shape: [1, 1, 8, 8, 8] }));
    const tensor = model.graph!.initializer[0];
    const data = Uint8Array.from(tensor.rawData);
    tensor.rawData = new Uint8Array(0);
    tensor.dataLocation = 1;
    tensor.externalData = Object.entries({
      location,
      offset: '0',
      length: String(data.length),
    }).map(([key, value]) => ({ $typeName: 'onnx.StringStringEntryProto', key, value }) as never);
    change(tensor);
    return { bytes: toBinary(ModelProtoSchema, model), data };
  };

  it('beside the file is read and hashed with it', async () => {
    const { bytes, data } = split('weights.bin');
    mkdirSync(at('beside'));
    writeFileSync(at('beside/net.onnx'), bytes);
    writeFileSync(at('beside/weights.bin'), data);
    const encoder = await open(at('beside/net.onnx'), { input: { spacing: 4 } });
    const { features, input } = await encoder.encode(volume, mask);
    await encoder.dispose();
    expect(features[0].values[2]).toBeCloseTo(3 * mean(input.data), 5);
    const before = readOnnxContents(at('beside/net.onnx')).sha256;
    writeFileSync(at('beside/weights.bin'), Float32Array.from([4, 5, 6]));
    expect(readOnnxContents(at('beside/net.onnx')).sha256).not.toBe(before);
  });

  it('outside the folder is refused: by path, absolute, by a symbolic link', () => {
    mkdirSync(at('inside'));
    writeFileSync(at('secret.bin'), Float32Array.from([1, 2, 3]));
    symlinkSync(at('secret.bin'), at('inside/link.bin'));
    for (const location of ['../secret.bin', at('secret.bin'), 'link.bin', 'x/../../secret.bin']) {
      writeFileSync(at('inside/net.onnx'), split(location).bytes);
      expect(() => readOnnxContents(at('inside/net.onnx'))).toThrow(/data outside its folder/);
    }
    writeFileSync(at('inside/net.onnx'), split('none.bin').bytes);
    expect(() => readOnnxContents(at('inside/net.onnx'))).toThrow(/cannot read the network/);
  });
});

it('slices without pooling are refused when the network is opened', async () => {
  const path = writeMadeOnnx(at('slices.onnx'), { shape: ['n', 1, 16, 16] });
  await expect(open(path, { pool: 'none' })).rejects.toThrow(/slices must be pooled.*mean or max/);
});

describe('the size of an ONNX network', () => {
  it('may be below that of the networks that nacre builds: a slab of four slices', async () => {
    const path = writeMadeOnnx(at('slab.onnx'), { shape: ['n', 1, 4, 16, 16] });
    const encoder = await open(path);
    const { features, input } = await encoder.encode(volume, mask);
    await encoder.dispose();
    expect(input.shape).toEqual([4, 16, 16]);
    expect(features[0].values[0]).toBeCloseTo(mean(input.data), 5);
  });

  it('that the file fixes is not changed by another that is asked for: both shapes are named', async () => {
    const encoder = await open(writeMadeOnnx(at('own-size.onnx'), { shape: ['n', 1, 24, 16, 8] }));
    expect(() => encoder.requireSize(20)).toThrow(/N×1×20×20×20.*expected N×1×24×16×8/);
    expect(() => encoder.requireSize([8, 16, 25])).toThrow(/N×1×25×16×8/);
    encoder.requireSize([8, 16, 24]);
    encoder.requireSize(undefined);
    await encoder.dispose();
    const free = await open(writeMadeOnnx(at('free.onnx'), { shape: ['n', 1, 'd', 'h', 'w'] }));
    free.requireSize(20);
    await free.dispose();
  });
});

describe('occlusion saliency of an ONNX network', () => {
  it('is of the input that the network sees: its own size, and all scans that are its channels', async () => {
    const other = madeScan({ seed: 9 }).volume;
    const path = writeMadeOnnx(at('joint.onnx'), { shape: ['n', 2, 16, 16, 16] });
    const encoder = await open(path, { input: { channels: ['a', 'b'], spacing: 3 } });
    const { features } = await encoder.encode([volume, other], mask);
    // One cube hides all of the input: the score falls to that of an empty one, which is 0.
    const { saliency, baseline, passes, input } = await occlusionSaliency(
      encoder,
      volume,
      mask,
      'mine_1',
      { further: [other], patchMm: 48, stepMm: 48 },
    );
    await encoder.dispose();
    expect(input.shape).toEqual([16, 16, 16]);
    expect(baseline).toBe(features[0].values[1]);
    expect(passes).toBe(1);
    const furthest = saliency.data.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best));
    expect(furthest).toBeCloseTo(baseline, 6);
  });
});
