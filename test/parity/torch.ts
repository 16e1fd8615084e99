import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ortNode from 'onnxruntime-node';
import * as ortWeb from 'onnxruntime-web';
import { peerPython, peerVersions } from '../../bench/peers/peer-environment.ts';
import { TorchWorker } from '../../bench/peers/torch-worker.ts';
import {
  architecture,
  expectedTensors,
  type NetworkName,
  networkVariants,
  parameterCount,
  publishedNetworks,
  statisticsCount,
} from '../../src/deep/architecture.ts';
import { deepInput } from '../../src/deep/deep-input.ts';
import { writeRandomNetwork } from '../../src/deep/models/random-network.ts';
import { convertMedicalNet } from '../../src/deep/onnx/convert.ts';
import { readModel, specialise } from '../../src/deep/onnx/specialise.ts';
import { readStateDict } from '../../src/deep/state-dict.ts';
import { readMask, readVolume } from '../../src/machine/read-volume.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { sharedFolder } from '../shared-folder.ts';
import { type ParityReport, type ParityRow, SuiteSkipped } from './parity-row.ts';

/** Needs a virtual environment with torch, and minutes. */
export const scope = 'parity-only';

const suite = 'torch';
const tolerance = 1e-4;
const layers = ['layer1', 'layer2', 'layer3', 'layer4'] as const;

interface Input {
  name: string;
  /** Batch, 1, depth, height, width. */
  shape: [number, number, number, number, number];
  data: Float32Array;
  file: string;
  /** One of the twelve real crops. */
  real: boolean;
}

/** Features of our graphs beside those of PyTorch, for checkpoints that torch itself wrote. */
export default async function compare(): Promise<ParityReport> {
  const python = environment();
  const versions = peerVersions(python, ['torch', 'onnx', 'numpy']);
  const folder = mkdtempSync(join(tmpdir(), 'nacre-torch-'));
  const torch = new TorchWorker(python);
  try {
    const { inputs, remark } = await prepareInputs(folder);
    const rows: ParityRow[] = [];
    for (const network of publishedNetworks) {
      rows.push(...(await compareNetwork(network, torch, folder, inputs)));
    }
    const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    const scale =
      'differences are the largest over all features of a layer, as a share of their root mean square';
    return { rows, remarks: [`${list.join(', ')}; checkpoints of random weights`, remark, scale] };
  } finally {
    torch.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function environment(): string {
  try {
    return peerPython('torch');
  } catch (error) {
    throw new SuiteSkipped((error as Error).message);
  }
}

/** Two random volumes (one a batch of two with three different sizes) and the crops of twelve patients. */
async function prepareInputs(folder: string): Promise<{ inputs: Input[]; remark: string }> {
  const inputs: Input[] = [];
  const add = async (name: string, shape: Input['shape'], data: Float32Array, real: boolean) => {
    const file = join(folder, `${inputs.length}.f32`);
    await writeFile(file, data);
    inputs.push({ name, shape, data, file, real });
  };
  for (const shape of [
    [1, 1, 64, 64, 64],
    [2, 1, 40, 64, 48],
  ] as Input['shape'][]) {
    const stream = RandomStream.of(4, 'parity', ...shape);
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () =>
      stream.normal(),
    );
    await add(`random ${shape.join('×')}`, shape, data, false);
  }
  const shared = sharedFolder();
  const sts = shared === undefined ? undefined : join(shared, 'datasets', 'sts');
  if (sts === undefined || !existsSync(sts)) {
    return { inputs, remark: 'no real crops: there is no ../shared/datasets/sts' };
  }
  const patients = readdirSync(sts).filter((name) => name.startsWith('STS_'));
  for (const patient of patients) {
    const image = await readVolume(join(sts, patient, 'MR_T1_image.nii.gz'));
    const mask = await readMask(join(sts, patient, 'MR_T1_mask.nii.gz'));
    const { shape, data } = deepInput(image, mask, { preset: 'roi', region: 'boxed' });
    await add(patient, [1, 1, ...shape], data, true);
  }
  return { inputs, remark: `${patients.length} crops of T1 MRI, preset roi, boxed` };
}

async function compareNetwork(
  network: NetworkName,
  torch: TorchWorker,
  folder: string,
  inputs: readonly Input[],
): Promise<ParityRow[]> {
  const legacy = join(folder, 'legacy.pth');
  const zip = join(folder, 'zip.pth');
  const made = await torch.call<MadeCheckpoint>('make', { network, seed: 7, legacy, zipped: zip });
  const rows = countRows(network, made);
  const models = new Map<string, Uint8Array>();
  for (const variant of networkVariants) {
    const sessions = new Map<string, ortNode.InferenceSession>();
    for (const [form, path] of [
      ['legacy', legacy],
      ['zip', zip],
    ]) {
      const options = { variant, version: 'parity' };
      const bytes = convertMedicalNet(await readStateDict(path), network, options);
      models.set(`${variant} ${form}`, bytes);
    }
    for (const input of inputs) {
      const answer = join(folder, 'features.f32');
      await torch.call('features', {
        network,
        variant,
        checkpoint: input.real ? legacy : zip,
        volume: input.file,
        shape: input.shape,
        output: answer,
      });
      const reference = floats(await readFile(answer));
      const names = [`${variant} legacy`];
      if (!input.real) names.push(`${variant} zip`);
      if (variant === 'medicalnet') names.push(rewritten(input));
      for (const name of names) {
        const bytes =
          models.get(name) ?? specialise(models.get('medicalnet legacy')!, sizeOf(input));
        models.set(name, bytes);
        const session = sessions.get(name) ?? (await open(ortNode, bytes));
        sessions.set(name, session);
        const ours = await run(ortNode, session, input);
        rows.push(...differences(`${network} ${name}`, input.name, ours, reference));
      }
    }
    for (const session of sessions.values()) await session.release();
  }
  rows.push(sameWeights(network, models));
  rows.push(...(await randomNetworkRows(network, torch, folder, inputs[0])));
  rows.push(...(await checkerRows(network, models, torch, folder)));
  if (network === 'resnet10') {
    const input = inputs[1];
    const bytes = models.get('medicalnet zip')!;
    ortWeb.env.wasm.numThreads = 1;
    const asWeb = ortWeb as unknown as typeof ortNode;
    const web = await run(asWeb, await open(asWeb, bytes), input);
    const inNode = await run(ortNode, await open(ortNode, bytes), input);
    const node = inNode.flatMap((layer) => [...layer]);
    rows.push(...differences(`${network} onnxruntime-web beside -node`, input.name, web, node));
  }
  return rows;
}

interface MadeCheckpoint {
  keys: Record<string, number[]>;
  parameters: number;
  statistics: number;
}

/** Keys, shapes and counts of the network that torch built beside ours. */
function countRows(network: NetworkName, made: MadeCheckpoint): ParityRow[] {
  const arch = architecture(network);
  const ours = expectedTensors(arch).map(({ key, shape }) => `${key} ${shape}`);
  const theirs = Object.entries(made.keys).map(([key, shape]) => `${key} ${shape}`);
  const count = (item: string, value: number, reference: number): ParityRow => {
    const ok = value === reference;
    return { suite, case: network, item, ours: value, reference, tolerance: 'exact', ok };
  };
  const differing = ours.filter((line, i) => line !== theirs[i]).length;
  return [
    count('state-dict keys', ours.length, theirs.length),
    count('keys or shapes that differ, order included', differing, 0),
    count('parameters', parameterCount(arch), made.parameters),
    count('running statistics', statisticsCount(arch), made.statistics),
  ];
}

function sizeOf({ shape }: Input): [number, number, number] {
  return [shape[2], shape[3], shape[4]];
}

function rewritten(input: Input): string {
  return `medicalnet rewritten ${sizeOf(input).join('×')}`;
}

function open(ort: typeof ortNode, bytes: Uint8Array): Promise<ortNode.InferenceSession> {
  return ort.InferenceSession.create(bytes, {
    executionProviders: [ort === ortNode ? 'cpu' : 'wasm'],
  });
}

/** [layer][batch · channels]. One crop after the other where the graph takes one: bottleneck networks in planes do. */
async function run(
  ort: typeof ortNode,
  session: ortNode.InferenceSession,
  { data, shape }: Input,
): Promise<Float32Array[]> {
  const [batch, ...rest] = shape;
  const [{ shape: taken }] = session.inputMetadata as unknown as { shape: (number | string)[] }[];
  const atOnce = taken[0] === 1 ? 1 : batch;
  const voxels = data.length / batch;
  const parts: Float32Array[][] = layers.map(() => []);
  for (let from = 0; from < batch; from += atOnce) {
    const crops = data.subarray(from * voxels, (from + atOnce) * voxels);
    const volume = new ort.Tensor('float32', crops, [atOnce, ...rest]);
    const result = await session.run({ volume });
    layers.forEach((layer, l) => void parts[l].push(result[layer].data as Float32Array));
  }
  return parts.map((of) => Float32Array.from(of.flatMap((part) => [...part])));
}

function differences(
  model: string,
  input: string,
  ours: readonly Float32Array[],
  reference: ArrayLike<number>,
): ParityRow[] {
  let at = 0;
  return ours.map((features, i) => {
    let largest = 0;
    let square = 0;
    for (let f = 0; f < features.length; f++) {
      largest = Math.max(largest, Math.abs(features[f] - reference[at + f]));
      square += reference[at + f] ** 2;
    }
    // A layer of other length would leave NaN, which is not ok.
    at += features.length;
    if (i === ours.length - 1 && at !== reference.length) largest = Number.NaN;
    const share = largest / Math.sqrt(square / features.length);
    return {
      suite,
      case: `${model}, ${input}`,
      item: `${layers[i]}, largest difference`,
      ours: share,
      reference: 0,
      tolerance: `${tolerance} of scale`,
      ok: share <= tolerance,
    };
  });
}

/** Both forms of a checkpoint must give the very same weights. */
function sameWeights(network: NetworkName, models: ReadonlyMap<string, Uint8Array>): ParityRow {
  const legacy = readModel(models.get('medicalnet legacy')!, 'legacy').weights;
  const zip = readModel(models.get('medicalnet zip')!, 'zip').weights;
  let differing = 0;
  for (const [key, weights] of legacy) {
    const other = zip.get(key)!.kernel();
    differing += weights.kernel().reduce((n, value, i) => n + (value === other[i] ? 0 : 1), 0);
  }
  const item = 'folded weights that differ between legacy and zip';
  return {
    suite,
    case: network,
    item,
    ours: differing,
    reference: 0,
    tolerance: 'exact',
    ok: differing === 0,
  };
}

/** A checkpoint of random weights, written by us, is one that torch loads (weights only, every key) and runs alike. */
async function randomNetworkRows(
  network: NetworkName,
  torch: TorchWorker,
  folder: string,
  input: Input,
): Promise<ParityRow[]> {
  const checkpoint = join(folder, 'random.pth');
  const output = join(folder, 'features.f32');
  writeRandomNetwork(checkpoint, network, { seed: 5 });
  const { file: volume, shape } = input;
  await torch.call('features', {
    network,
    variant: 'medicalnet',
    checkpoint,
    volume,
    shape,
    output,
  });
  const bytes = convertMedicalNet(await readStateDict(checkpoint), network, { version: 'parity' });
  const session = await open(ortNode, bytes);
  const ours = await run(ortNode, session, input);
  await session.release();
  const name = `${network} random checkpoint written here, read by torch`;
  return differences(name, input.name, ours, floats(await readFile(output)));
}

interface CheckedModel {
  without_shape: string[];
  outputs: Record<string, (number | string)[]>;
}

/** onnx.checker (full) and strict shape inference; an error of theirs ends the suite. */
async function checkerRows(
  network: NetworkName,
  models: ReadonlyMap<string, Uint8Array>,
  torch: TorchWorker,
  folder: string,
): Promise<ParityRow[]> {
  const rows: ParityRow[] = [];
  const path = join(folder, 'model.onnx');
  const plain = models.get('medicalnet zip')!;
  const graphs: [string, Uint8Array][] = [
    ['medicalnet', plain],
    ['monai', models.get('monai zip')!],
    ['medicalnet rewritten', models.get('medicalnet rewritten 64×64×64')!],
  ];
  for (const [name, bytes] of graphs) {
    await writeFile(path, bytes);
    const { without_shape: unknown, outputs } = await torch.call<CheckedModel>('check', {
      model: path,
    });
    const { features, block } = architecture(network);
    // Crops through a rewritten bottleneck go one at a time.
    const batch = name.endsWith('rewritten') && block === 'bottleneck' ? 1 : 'batch';
    const ok = unknown.length === 0 && `${outputs.layer4}` === `${batch},${features}`;
    rows.push({
      suite,
      case: `${network} ${name}`,
      item: 'onnx.checker passes; tensors without an inferred shape',
      ours: unknown.length,
      reference: 0,
      tolerance: 'exact',
      ok,
    });
  }
  return rows;
}

function floats(bytes: Buffer): Float32Array {
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
