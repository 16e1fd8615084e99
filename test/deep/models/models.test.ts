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
import { checkWeights, recogniseNetwork } from '../../../src/deep/check-weights.ts';
import { type WritableTensor, writePth } from '../../../src/deep/checkpoint/write-pth.ts';
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
import { readStateDict } from '../../../src/deep/state-dict.ts';
import { sha256 } from '../../../src/runtime/hash.ts';
import { writeWhole } from '../../../src/runtime/write-whole.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-models-'));
const random10 = join(folder, 'resnet10_random-seed3.pth');
beforeAll(() => writeRandomNetwork('resnet10', random10, { seed: 3 }));

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
    const again = join(folder, 'again.pth');
    writeRandomNetwork('resnet10', again, { seed: 3 });
    expect(sha256(readFileSync(again))).toBe(sha256(readFileSync(random10)));
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
  const ten = randomTensors('resnet10', 1);
  const save = (name: string, tensors: readonly WritableTensor[]) => {
    const path = join(folder, name);
    writeWhole(path, writePth(tensors));
    return path;
  };
  const target = join(folder, 'never.onnx');
  const replaced = (key: string, change: Partial<WritableTensor>) =>
    ten.map((tensor) => (tensor.key === `module.${key}` ? { ...tensor, ...change } : tensor));
  const extra: WritableTensor = {
    key: 'module.conv_seg.0.bias',
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
    ['an extra key', [...ten, extra], {}, /1 extra conv_seg\.0\.bias.*--ignore-extra/],
    [
      'another shape',
      replaced('bn1.bias', { shape: [32], values: () => new Float32Array(32) }),
      {},
      /bn1\.bias \(32 instead of 64\)/,
    ],
    [
      'NaN',
      replaced('bn1.bias', { values: () => new Float32Array(64).fill(Number.NaN) }),
      {},
      /bn1\.bias holds weights that are not numbers/,
    ],
    [
      'integers',
      replaced('bn1.bias', { dtype: 'int64', values: () => new BigInt64Array(64) }),
      {},
      /bn1\.bias is not of a floating-point type: found int64/,
    ],
    [
      'a negative variance',
      replaced('bn1.running_var', { values: () => new Float32Array(64).fill(-1) }),
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
    expect(recogniseNetwork(state)).toBe('resnet10');
    const checked = checkWeights(state, 'resnet10', { ignoreExtra: true });
    expect(checked.tensors.has('conv_seg.0.bias')).toBe(false);
    expect(checked.tensors.size).toBe(old.length);
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
    const source = join(folder, 'resnet50_random-seed0.pth');
    writeRandomNetwork('resnet50', source);
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
