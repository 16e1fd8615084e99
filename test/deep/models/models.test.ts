import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { architecture, expectedTensors } from '../../../src/deep/architecture.ts';
import { checkWeights } from '../../../src/deep/check-weights.ts';
import { pthBytes, type WritableTensor } from '../../../src/deep/checkpoint/pth-bytes.ts';
import { convertModel } from '../../../src/deep/models/convert-model.ts';
import { type ModelList, readModelList } from '../../../src/deep/models/model-list.ts';
import {
  fetchModel,
  listModels,
  modelsFolder,
  resolveModel,
} from '../../../src/deep/models/model-store.ts';
import { randomTensors, writeRandomNetwork } from '../../../src/deep/models/random-network.ts';
import { verifyModel } from '../../../src/deep/models/verify-model.ts';
import { recogniseNetwork } from '../../../src/deep/recognise-network.ts';
import { readStateDict } from '../../../src/deep/state-dict.ts';
import type { Assumption } from '../../../src/runtime/assumptions.ts';
import { sha256 } from '../../../src/runtime/hash.ts';
import { writeWhole } from '../../../src/runtime/write-whole.ts';
import { tiny, tinyTensors } from '../tiny-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-models-'));
const random10 = join(folder, 'resnet10_random-seed3.pth');
beforeAll(() => writeRandomNetwork(random10, 'resnet10', { seed: 3 }));

describe('the list of official files', () => {
  it('names the four networks with addresses of their publisher and hashes', () => {
    const { models, licence } = readModelList();
    expect(licence).toBe('MIT');
    expect(models.map(({ id }) => id)).toEqual(['resnet10', 'resnet18', 'resnet34', 'resnet50']);
    for (const { architecture, file, url } of models) {
      const depth = architecture.slice('resnet'.length);
      expect(file).toBe(`resnet_${depth}_23dataset.pth`);
      expect(url).toBe(
        `https://huggingface.co/TencentMedicalNet/MedicalNet-Resnet${depth}/resolve/main/${file}`,
      );
    }
    expect(new Set(models.map((model) => model.sha256)).size).toBe(4);
  });

  it('a wrong list is refused with the place', () => {
    const path = join(folder, 'list.json');
    const list = readModelList();
    list.models[1].sha256 = 'abc';
    writeFileSync(path, JSON.stringify(list));
    expect(() => readModelList(path)).toThrow(/models\.1\.sha256/);
  });

  it('an id mistyped is answered with its neighbour, a missing file with what to run', async () => {
    await expect(fetchModel('resnet35')).rejects.toThrow(/did you mean resnet34/);
    expect(() => resolveModel('resnet50', { models: folder })).toThrow(/nacre models random/);
    expect(modelsFolder('x')).toBe(join(process.cwd(), 'x'));
  });
});

describe('fetch', () => {
  const body = Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * 31) % 251));
  let server: Server;
  let list: ModelList;
  const ranges: (string | undefined)[] = [];
  let cutAfter: number | undefined;
  /** The network is cut once the client has written what came: what is still on its way is rightly lost. */
  const untilWritten = async (path: string) => {
    while (!existsSync(path) || statSync(path).size === 0) await sleep(5);
  };

  beforeAll(async () => {
    server = createServer((request, response) => {
      ranges.push(request.headers.range);
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const part = body.subarray(from);
      const range = `bytes ${from}-${body.length - 1}/${body.length}`;
      response.writeHead(from > 0 ? 206 : 200, {
        'content-length': part.length,
        ...(from > 0 ? { 'content-range': range } : {}),
      });
      if (cutAfter === undefined) response.end(part);
      else {
        response.write(part.subarray(0, cutAfter));
        void untilWritten(join(folder, 'cut', 'weights.pth.part')).then(() => response.destroy());
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights.pth`;
    const [model] = readModelList().models;
    list = {
      ...readModelList(),
      models: [{ ...model, file: 'weights.pth', url, bytes: body.length, sha256: sha256(body) }],
    };
  });
  afterAll(() => server.close());

  it('resumes after the network was cut, and verifies', async () => {
    const models = join(folder, 'cut');
    cutAfter = 20_000;
    await expect(fetchModel('resnet10', { models, list })).rejects.toMatchObject({
      code: 'download-failed',
    });
    expect(existsSync(join(models, 'weights.pth'))).toBe(false);
    const kept = readFileSync(join(models, 'weights.pth.part')).length;
    expect(kept).toBeGreaterThan(0);
    cutAfter = undefined;
    const { path, result } = await fetchModel('resnet10', { models, list });
    expect(result).toBe('resumed');
    expect(ranges.at(-1)).toBe(`bytes=${kept}-`);
    expect(readFileSync(path).equals(body)).toBe(true);
    expect((await fetchModel('resnet10', { models, list })).result).toBe('present');
    expect(listModels({ models, list })[0]).toMatchObject({ checkpoint: path, bytesHere: 50_000 });
  });

  it('a wrong checksum leaves nothing behind', async () => {
    const models = join(folder, 'wrong');
    const wrong = { ...list, models: [{ ...list.models[0], sha256: 'f'.repeat(64) }] };
    await expect(fetchModel('resnet10', { models, list: wrong })).rejects.toMatchObject({
      code: 'checksum-mismatch',
      message: expect.stringMatching(
        /found sha256 [0-9a-f]{64} \(50000 bytes\), expected sha256 f{64}/,
      ),
    });
    expect(readdirSync(models)).toEqual([]);
  });

  it('takes a local copy from a mirror, verified as well', async () => {
    const mirror = join(folder, 'mirror');
    mkdirSync(mirror);
    writeFileSync(join(mirror, 'weights.pth'), body);
    const models = join(folder, 'mirrored');
    expect((await fetchModel('resnet10', { models, list, mirror })).result).toBe('copied');
    await expect(
      fetchModel('resnet10', { models: mirror, list, mirror: models }),
    ).resolves.toMatchObject({ result: 'present' });
    writeFileSync(join(mirror, 'weights.pth'), body.subarray(1));
    const again = fetchModel('resnet10', { models: join(folder, 'again'), list, mirror });
    await expect(again).rejects.toMatchObject({ code: 'checksum-mismatch' });
  });
});

describe('random networks', () => {
  it('the same seed gives the same bytes, known to this day; another seed others', async () => {
    expect(sha256(readFileSync(random10))).toBe(
      '29c967cc68e4e7ff4b6b30789eb79f9338d60a03b97f3c898c564db75f6b86f6',
    );
    const first = randomTensors('resnet10', 4)[0].values();
    const { tensors, source } = await readStateDict(random10);
    expect(source).toMatchObject({ randomSeed: 3, form: 'torch-legacy' });
    expect(tensors.get('conv1.weight')!.data).not.toEqual(first);
    expect(tensors.get('bn1.running_var')!.data.every((v) => v > 0.5 && v < 1.5)).toBe(true);
  });

  it('verify tells random from official', async () => {
    const { origin, facts, forward } = await verifyModel(random10);
    expect({ origin, seed: facts.randomSeed, features: forward.features }).toEqual({
      origin: 'random',
      seed: 3,
      features: 512,
    });
    expect(forward.largest).toBeGreaterThan(forward.mean);
  });

  it('a file that bears an official name with another content is refused', async () => {
    const false10 = join(folder, 'resnet_10_23dataset.pth');
    writeFileSync(false10, readFileSync(random10));
    await expect(verifyModel(false10)).rejects.toMatchObject({ code: 'checksum-mismatch' });
  });
});

describe('weights that do not fit', () => {
  // Keys and shapes are compared, whatever the width.
  const ten = tinyTensors(1).map((tensor) => ({ ...tensor, key: `module.${tensor.key}` }));
  const save = (name: string, tensors: readonly WritableTensor[]) => {
    const path = join(folder, name);
    writeWhole(path, pthBytes(tensors));
    return path;
  };
  const target = join(folder, 'never.onnx');
  const replaced = (key: string, change: Partial<WritableTensor>) =>
    ten.map((tensor) => (tensor.key === `module.${key}` ? { ...tensor, ...change } : tensor));
  const extra: WritableTensor = {
    key: 'module.classifier.bias',
    shape: [2],
    dtype: 'float32',
    values: () => Float32Array.of(1, 2),
  };

  it.each([
    [
      'another architecture',
      ten,
      { architecture: 'resnet34' as const },
      /those of resnet10: say resnet10/,
    ],
    [
      'a missing key',
      ten.filter(({ key }) => key !== 'module.layer2.0.bn1.bias'),
      {},
      /1 missing layer2\.0\.bn1\.bias/,
    ],
    ['an extra key', [...ten, extra], {}, /1 extra classifier\.bias.*--ignore-extra/],
    [
      'another shape',
      replaced('bn1.bias', { shape: [2], values: () => new Float32Array(2) }),
      {},
      /bn1\.bias \(2 instead of 4\)/,
    ],
    [
      'NaN',
      replaced('bn1.bias', { values: () => new Float32Array(4).fill(Number.NaN) }),
      {},
      /bn1\.bias holds weights that are not numbers/,
    ],
    [
      'integers',
      replaced('bn1.bias', { dtype: 'int64', values: () => new BigInt64Array(4) }),
      {},
      /bn1\.bias is not of a floating-point type: found int64/,
    ],
    [
      'a negative variance',
      replaced('bn1.running_var', { values: () => new Float32Array(4).fill(-1) }),
      {},
      /negative variance/,
    ],
  ])('%s: named, and nothing is written', async (name, tensors, options, message) => {
    const path = save(`${name}.pth`, tensors);
    await expect(convertModel(path, target, options)).rejects.toThrow(message);
    expect(existsSync(target)).toBe(false);
  });

  it('batch counters may be missing, a further head may be left aside', async () => {
    const old = ten.filter(({ key }) => !key.endsWith('num_batches_tracked'));
    const state = await readStateDict(save('old.pth', [...old, extra]));
    expect(recogniseNetwork(state)?.name).toBe('resnet10');
    const options = { ignoreExtra: true };
    const checked = checkWeights(state, architecture('resnet10', tiny), options);
    expect(checked.leftAside).toEqual(['classifier.bias']);
    expect(checked.state.tensors.size).toBe(old.length);
  });

  it.each([
    'layer3.0.conv1.bias',
    'layer2.0.downsample.2.weight',
    'layer1.0.se.fc.weight',
    'layer5.0.conv1.weight',
    'conv1.bias',
    'bn1.scale',
  ])('%s changes the features: refused, with --ignore-extra too', async (key) => {
    const path = save('trunk.pth', [...ten, { ...extra, key: `module.${key}` }]);
    for (const ignoreExtra of [false, true]) {
      await expect(convertModel(path, target, { ignoreExtra })).rejects.toThrow(
        new RegExp(`1 extra in the trunk ${key.replaceAll('.', '\\.')}.*export it to ONNX`),
      );
    }
    expect(existsSync(target)).toBe(false);
  });

  it('the heads fc and conv_seg are left aside by name and listed', async () => {
    const heads = ['fc.weight', 'conv_seg.0.bias'].map((key) => ({
      ...extra,
      key: `module.${key}`,
    }));
    const path = save('heads.pth', [...ten, ...heads]);
    const notes: Assumption[] = [];
    await convertModel(path, join(folder, 'heads.onnx'), { note: (one) => notes.push(one) });
    expect(notes.find(({ kind }) => kind === 'head-left-aside')?.found).toBe(
      'fc.weight, conv_seg.0.bias',
    );
  });

  it.each(['_orig_mod.', 'backbone.', 'encoder.', 'net.', 'model.', '_orig_mod.model.backbone.'])(
    'a prefix %s is taken off and said',
    async (prefix) => {
      const renamed = ten.map((tensor) => ({
        ...tensor,
        key: tensor.key.replace('module.', prefix),
      }));
      const notes: Assumption[] = [];
      const path = save('prefixed.pth', renamed);
      await convertModel(path, join(folder, 'prefixed.onnx'), { note: (one) => notes.push(one) });
      expect(notes.find(({ kind }) => kind === 'key-prefix')?.found).toContain(prefix);
    },
  );

  it('a wrapped network beside a head of its own name is found; two networks are refused', async () => {
    const wrapped = ten.map((tensor) => ({
      ...tensor,
      key: tensor.key.replace('module.', 'model.image_encoder.'),
    }));
    const head = { ...extra, key: 'model.head.bias' };
    const path = save('wrapped.pth', [...wrapped, head]);
    await expect(convertModel(path, target)).rejects.toThrow(/1 extra head\.bias/);
    await convertModel(path, join(folder, 'wrapped.onnx'), { ignoreExtra: true });
    const teacher = wrapped.map((tensor) => ({
      ...tensor,
      key: tensor.key.replace('image', 'ema'),
    }));
    await expect(convertModel(save('two.pth', [...wrapped, ...teacher]), target)).rejects.toThrow(
      /several networks: found image_encoder\., ema_encoder\./,
    );
  });

  it('a truncated checkpoint', async () => {
    const path = join(folder, 'cut.pth');
    writeFileSync(path, readFileSync(random10).subarray(0, 30_000_000));
    await expect(convertModel(path, target)).rejects.toMatchObject({
      code: 'truncated',
    });
    expect(existsSync(target)).toBe(false);
  });
});

describe('memory', () => {
  it('converting ResNet50 stays under 1 GiB', () => {
    const source = join(folder, 'resnet50-of-ones.pth');
    const ones = expectedTensors(architecture('resnet50')).map((tensor) => {
      const count = tensor.shape.reduce((product, size) => product * size, 1);
      return {
        ...tensor,
        values: () =>
          tensor.dtype === 'int64' ? BigInt64Array.of(1n) : new Float32Array(count).fill(1),
      };
    });
    writeWhole(source, pthBytes(ones));
    const peak = new URL('../../../bench/peak-memory.ts', import.meta.url).href;
    const convert = new URL('../../../src/deep/models/convert-model.ts', import.meta.url).href;
    const script = `
      const { convertModel } = await import(${JSON.stringify(convert)});
      await convertModel(process.argv[1], process.argv[2]);
      const { peakMemory } = await import(${JSON.stringify(peak)});
      process.stdout.write(String(peakMemory()));`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', script, source, `${source}.onnx`];
    const mib = Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    console.info(`converting ResNet50: at most ${mib.toFixed(0)} MiB`);
    expect(mib).toBeGreaterThan(200);
    expect(mib).toBeLessThan(1024);
  });
});
