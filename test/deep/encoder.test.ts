import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deepInput } from '../../src/deep/deep-input.ts';
import { type EncoderOptions, ResNetEncoder } from '../../src/deep/encoder.ts';
import { convertModel } from '../../src/deep/models/convert-model.ts';
import { writeRandomNetwork } from '../../src/deep/models/random-network.ts';
import { readModel } from '../../src/deep/onnx/read-model.ts';
import { occlusionSaliency } from '../../src/deep/saliency.ts';
import { chosenDevice } from '../../src/deep/session.ts';
import type { Assumption } from '../../src/runtime/assumptions.ts';
import { madeScan } from './made-scans.ts';
import { writeTinyNetwork } from './tiny-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-encoder-'));
const one = join(folder, 'one.pth');
const onnx = join(folder, 'one.onnx');
// Networks of 4 to 16 channels, for what does not depend on the width.
const tinyOne = join(folder, 'tiny-one.pth');
const tinyTwo = join(folder, 'tiny-two.pth');
const { volume, mask } = madeScan();
const small = { size: 24, spacing: 3, fill: 'noise' } as const;
const open: ResNetEncoder[] = [];

async function load(models: string | string[], options: EncoderOptions = {}) {
  const encoder = await ResNetEncoder.load(models, { threads: 1, ...options });
  open.push(encoder);
  return encoder;
}

/** Largest difference as a share of the largest value. */
function apart(a: Float32Array, b: Float32Array): number {
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < a.length; i++) {
    difference = Math.max(difference, Math.abs(a[i] - b[i]));
    scale = Math.max(scale, Math.abs(a[i]));
  }
  return difference / scale;
}

/** Of the published width, with one thread; read once for all tests. */
let published: ResNetEncoder;

beforeAll(async () => {
  writeRandomNetwork(one, 'resnet10', { seed: 1 });
  await convertModel(one, onnx);
  writeTinyNetwork(tinyOne, 1, { random: true });
  writeTinyNetwork(tinyTwo, 2, { random: true });
  published = await load(one);
});

afterAll(async () => {
  for (const encoder of open) await encoder.dispose();
});

describe('ResNetEncoder', () => {
  it('names columns by modality, region and network, and says that weights are random', async () => {
    const encoder = published;
    expect(encoder.networks).toMatchObject([{ block: 'resnet10-random1', features: 512 }]);
    const names = { modality: 'ceT1', regionName: 'intra' };
    const { features, input } = await encoder.encode(volume, mask, { ...names, ...small });
    expect(features[0].names[127]).toBe('ceT1.intra.resnet10-random1_127');
    expect(features[0].values.length).toBe(512);
    expect(new Set(features[0].values).size).toBeGreaterThan(250);
    expect(input.shape).toEqual([24, 24, 24]);
  });

  it('several networks on one crop give what each gives alone; threads change nothing', async () => {
    const both = await (await load([tinyOne, tinyTwo])).encode(volume, mask, small);
    const alone = await (await load(tinyTwo, { threads: 2 })).encode(volume, mask, small);
    expect(both.features.map(({ block }) => block)).toEqual([
      'resnet10-w0_0625-monai-random1',
      'resnet10-w0_0625-monai-random2',
    ]);
    expect(both.features[1].values).toEqual(alone.features[0].values);
    expect(both.features[0].values).not.toEqual(both.features[1].values);
  });

  it('threads asked for change no bit, also where onnxruntime would add small shares in another order', async () => {
    const eight = await load(onnx, { threads: 8 });
    for (const size of [16, 24, 44]) {
      const choice = { ...small, size: [size, size, size] as const };
      const [single, shared] = [
        await published.encode(volume, mask, choice),
        await eight.encode(volume, mask, choice),
      ];
      expect(shared.features[0].values).toEqual(single.features[0].values);
    }
  });

  it('a converted file gives the same as its checkpoint, and knows where it came from', async () => {
    expect(readModel(readFileSync(onnx), onnx).facts).toMatchObject({
      network: 'resnet10',
      sourceFile: 'one.pth',
      randomSeed: 1,
    });
    const fromCheckpoint = await published.encode(volume, mask, small);
    const fromOnnx = await (await load(onnx)).encode(volume, mask, small);
    expect(fromOnnx.features).toEqual(fromCheckpoint.features);
  });

  it('the graph rewritten for a size agrees with the plain one', async () => {
    const settings = { fill: 'noise', size: 48, spacing: 2 } as const;
    const choice = { variant: 'medicalnet' } as const;
    const [plain, fast] = [
      await load(tinyOne, { ...choice, specialise: false }),
      await load(tinyOne, { ...choice, specialise: true }),
    ];
    const a = (await plain.encode(volume, mask, settings)).features[0].values;
    const b = (await fast.encode(volume, mask, settings)).features[0].values;
    expect(apart(a, b)).toBeLessThan(1e-5);
    // Added up in another order, or this compares a graph with itself.
    expect(b).not.toEqual(a);
  });

  it('batches agree with single passes, mixed shapes included', async () => {
    const encoder = published;
    const inputs = [
      small,
      { ...small, seed: 5 },
      { ...small, size: 16 },
      { ...small, seed: 6 },
    ].map((choice) => deepInput(volume, mask, choice));
    const batched = await encoder.encodeInputs(inputs, { batchSize: 3 });
    for (let i = 0; i < inputs.length; i++) {
      const [single] = await encoder.encodeInputs([inputs[i]]);
      expect(apart(single[0].values, batched[i][0].values)).toBeLessThan(1e-5);
    }
    expect(batched[0][0].values).not.toEqual(batched[1][0].values);
  });

  it('intermediate layers can be pooled too', async () => {
    const layers = ['layer1', 'layer2', 'layer3', 'layer4'] as const;
    const encoder = await load(tinyOne, { layers });
    const { features } = await encoder.encode(volume, mask, small);
    expect(features.map(({ block, values }) => [block, values.length])).toEqual([
      ['resnet10-w0_0625-monai-random1-layer1', 4],
      ['resnet10-w0_0625-monai-random1-layer2', 8],
      ['resnet10-w0_0625-monai-random1-layer3', 12],
      ['resnet10-w0_0625-monai-random1', 16],
    ]);
    const last = await (await load(tinyOne)).encode(volume, mask, small);
    expect(features[3].values).toEqual(last.features[0].values);
  });

  it('memory does not grow over 500 crops', async () => {
    // The weights are small, so that what a single crop leaves behind shows: 20 MiB are 60 KiB for each of 350 crops.
    const encoder = await load(tinyOne, { variant: 'medicalnet' });
    const rss: number[] = [];
    for (let i = 0; i < 500; i++) {
      await encoder.encode(volume, mask, { ...small, marginMm: i % 9 });
      if (i % 50 === 49) rss.push(process.memoryUsage().rss / 2 ** 20);
    }
    console.info(`RSS after each 50 crops, MiB: ${rss.map((mb) => mb.toFixed(0)).join(' ')}`);
    const early = Math.max(...rss.slice(0, 3));
    expect(Math.min(...rss.slice(-3))).toBeLessThan(early + 20);
  });

  it('says what is missing or cannot be', async () => {
    await expect(load('resnet34', { models: folder })).rejects.toMatchObject({
      code: 'model-missing',
      message: expect.stringContaining('nacre models fetch resnet34'),
    });
    await expect(load([tinyOne, tinyOne])).rejects.toMatchObject({ code: 'bad-option' });
    await expect(load(tinyOne, { threads: 0 })).rejects.toMatchObject({ code: 'bad-option' });
    const encoder = await load(tinyOne);
    await encoder.dispose();
    await expect(encoder.encode(volume, mask, small)).rejects.toMatchObject({ code: 'disposed' });
  });
});

describe('chosenDevice', () => {
  it('auto without an accelerator is noted once, and gives the features of the CPU to the last bit', async () => {
    const notes: Assumption[] = [];
    const auto = { device: 'auto', note: (one: Assumption) => notes.push(one) } as const;
    if ((await chosenDevice(auto)) !== 'cpu') return;
    const expected = notes.length;
    const features: Float32Array[] = [];
    for (const options of [auto, {}]) {
      const encoder = await ResNetEncoder.load(tinyOne, { threads: 1, ...options });
      features.push((await encoder.encode(volume, mask, small)).features[0].values);
      await encoder.dispose();
    }
    expect(features[0]).toEqual(features[1]);
    expect(notes).toHaveLength(2 * expected);
    expect(notes.every(({ kind, taken }) => kind === 'device' && taken === 'the CPU')).toBe(true);
  });
});

describe('occlusionSaliency', () => {
  it('finds the part that a score rests on, on the grid of the scan', async () => {
    const encoder = published;
    // A score that sees only the brightness of the input's left half, by way of a stand-in for the networks.
    const seen = {
      encodeInputs: async (inputs: { data: Float32Array; shape: number[] }[]) =>
        inputs.map(({ data, shape }) => {
          let sum = 0;
          for (let at = 0; at < data.length; at++)
            if (at % shape[2] < shape[2] / 2) sum += data[at];
          return [{ block: 'half', names: ['half_0'], values: Float32Array.of(sum) }];
        }),
    } as unknown as ResNetEncoder;
    const { saliency, baseline, passes } = await occlusionSaliency(seen, volume, mask, 'half_0', {
      size: 24,
      spacing: 2,
      patchMm: 8,
    });
    expect(saliency.size).toEqual(volume.size);
    expect(baseline).toBeGreaterThan(0);
    expect(passes).toBeGreaterThan(8);
    const sums = { left: 0, right: 0, outside: 0 };
    for (let k = 0, at = 0; k < 20; k++)
      for (let j = 0; j < 36; j++)
        for (let i = 0; i < 40; i++, at++) {
          const value = Math.abs(saliency.data[at]);
          const x = (i - 19.5) * 2 - 8;
          if (Math.hypot(x, (j - 17.5) * 2, (k - 9.5) * 4 + 4) > 16) sums.outside += value;
          else if (x < -8) sums.left += value;
          else if (x > 8) sums.right += value;
        }
    expect(sums.outside).toBe(0);
    expect(sums.right).toBe(0);
    expect(sums.left).toBeGreaterThan(0);
    const real = await occlusionSaliency(encoder, volume, mask, 'resnet10-random1_7', {
      size: 16,
      spacing: 3,
      stepMm: 16,
    });
    expect(real.saliency.data.some((value) => value !== 0)).toBe(true);
    const unknown = occlusionSaliency(encoder, volume, mask, 'resnet34_7', small);
    await expect(unknown).rejects.toMatchObject({ code: 'unknown-name' });
  });
});
