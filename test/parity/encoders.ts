import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peerPython, peerVersions } from '../../bench/peers/peer-environment.ts';
import { meanOverSlices, repeated } from '../../bench/peers/slices.ts';
import { TorchWorker } from '../../bench/peers/torch-worker.ts';
import type { DeepInput } from '../../src/deep/deep-input.ts';
import { ResNetEncoder } from '../../src/deep/encoder.ts';
import { OnnxEncoder } from '../../src/deep/onnx-file/onnx-encoder.ts';
import { preprocessing } from '../../src/deep/preprocessing.ts';
import { identityDirection } from '../../src/imaging/volume.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { type ParityReport, type ParityRow, SuiteSkipped } from './parity-row.ts';

/** Needs a virtual environment with MONAI, and minutes. */
export const scope = 'parity-only';

const tolerance = 1e-4;

/** MONAI's ResNets of every shortcut, and FMCIB's (ResNet50 of twice the width, stem of stride 2). */
const resnets = [
  ...[10, 18, 34, 50].flatMap((depth) =>
    (['A', 'B'] as const).flatMap((shortcut) =>
      [true, false].map((bias) => ({
        name: `MONAI ResNet${depth}, shortcut ${shortcut}${bias ? ', bias' : ''}`,
        options: { depth, shortcut, bias },
      })),
    ),
  ),
  {
    name: 'FMCIB (ResNet50 × 2, trunk. prefix)',
    options: {
      depth: 50,
      shortcut: 'B' as const,
      bias: true,
      widen: 2,
      stride: 2,
      prefix: 'trunk.',
    },
  },
  {
    name: 'MONAI ResNet101, head fc',
    options: { depth: 101, shortcut: 'B' as const, bias: true, head: true, prefix: 'module.' },
  },
  { name: 'MONAI ResNet152', options: { depth: 152, shortcut: 'B' as const, bias: true } },
  { name: 'MONAI ResNet200', options: { depth: 200, shortcut: 'B' as const, bias: true } },
];

const exported = [
  { name: 'DenseNet121', axes: 'NCZYX', shape: [1, 1, 64, 64, 64] },
  { name: 'SegResNet', axes: 'NCZYX', shape: [1, 1, 64, 64, 64] },
  { name: 'SwinUNETR', axes: 'NCZYX', shape: [1, 1, 64, 64, 64] },
  { name: 'ResNet18 2D', axes: 'NCYX', shape: [5, 3, 64, 64] },
];

/** Features of MONAI's networks by our ResNet reader and our ONNX encoder, beside those of torch on the same tensor. */
export default async function compare(): Promise<ParityReport> {
  let python: string;
  try {
    python = peerPython('monai');
  } catch (error) {
    throw new SuiteSkipped((error as Error).message);
  }
  const folder = mkdtempSync(join(tmpdir(), 'nacre-encoders-'));
  const torch = new TorchWorker(python, 'monai_encoders.py');
  const rows: ParityRow[] = [];
  try {
    for (const { name, axes, shape } of exported) {
      for (const pooled of [true, false]) {
        rows.push(await compareOnnx(torch, folder, name, axes, shape, pooled));
      }
    }
    for (const { name, options } of resnets) {
      rows.push(await compareResNet(torch, folder, name, options));
    }
    const versions = peerVersions(python, ['torch', 'monai', 'onnx']);
    const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    return {
      rows,
      remarks: [
        `${list.join(', ')}; random weights; differences are the largest over all features, as a share of their root mean square`,
      ],
    };
  } finally {
    torch.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compareResNet(
  torch: TorchWorker,
  folder: string,
  name: string,
  options: { depth: number; shortcut: 'A' | 'B'; bias: boolean; stride?: number },
): Promise<ParityRow> {
  const shape = [1, 1, 32, 24, 40];
  const data = noise(shape, name);
  const [volume, features, output] = ['v.f32', 'f.f32', 'net.pth'].map((file) =>
    join(folder, file),
  );
  await writeFile(volume, data);
  await torch.call('checkpoint', { seed: 3, output, volume, shape, features, ...options });
  const encoder = await ResNetEncoder.load(output, {
    threads: 1,
    // Without a bias the keys are those of MedicalNet too: the variant must be said.
    variant: options.bias && options.shortcut === 'B' ? undefined : 'monai',
    stemStride: options.stride === 2 ? 2 : undefined,
  });
  const [[ours]] = await encoder.encodeInputs([inputOf(data, [32, 24, 40])]);
  await encoder.dispose();
  return rowOf(name, 'pooled features of layer 4', ours.values, await floats(features));
}

async function compareOnnx(
  torch: TorchWorker,
  folder: string,
  kind: string,
  axes: string,
  shape: number[],
  pooled: boolean,
): Promise<ParityRow> {
  const flat = shape.length === 4;
  const side = shape[2];
  const slices = flat ? shape[0] : side;
  const one = noise([slices, side, side], kind);
  // Of a two-dimensional network the slices are its batch, each repeated in all channels.
  const data = flat ? repeated(one, slices, shape[1]) : one;
  const [volume, features, output] = ['v.f32', 'f.f32', 'net.onnx'].map((file) =>
    join(folder, file),
  );
  await writeFile(volume, data);
  await torch.call('export', { kind, seed: 5, output, volume, shape, features, pooled });
  const input = { axes, channels: flat ? shape[1] : 1, size: side };
  const encoder = await OnnxEncoder.load(output, { input });
  const [[ours]] = await encoder.encodeInputs([inputOf(one, [slices, side, side])]);
  await encoder.dispose();
  const theirs = await floats(features);
  const reference = flat ? meanOverSlices(theirs, slices) : theirs;
  const item = `${pooled ? 'pooled in the file' : 'map, pooled here'}${flat ? ', mean over slices' : ''}`;
  return rowOf(`${kind} as ONNX`, item, ours.values, reference);
}

function noise(shape: readonly number[], name: string): Float32Array {
  const stream = RandomStream.of(8, 'encoders', name);
  return Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => stream.normal());
}

function inputOf(data: Float32Array, shape: [number, number, number]): DeepInput {
  const [nz, ny, nx] = shape;
  return {
    shape,
    data,
    geometry: {
      size: [nx, ny, nz],
      spacing: [1, 1, 1],
      origin: [0, 0, 0],
      direction: identityDirection,
    },
    region: undefined,
    statistics: undefined,
    settings: { ...preprocessing(), size: null },
    warnings: [],
  };
}

async function floats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

function rowOf(name: string, item: string, ours: Float32Array, reference: Float32Array): ParityRow {
  let largest = ours.length === reference.length ? 0 : Number.NaN;
  let square = 0;
  for (let f = 0; f < reference.length; f++) {
    largest = Math.max(largest, Math.abs(ours[f] - reference[f]));
    square += reference[f] ** 2;
  }
  const share = largest / Math.sqrt(square / reference.length);
  return {
    suite: 'encoders',
    case: name,
    item: `${item} (${reference.length})`,
    ours: share,
    reference: 0,
    tolerance: `${tolerance} of scale`,
    ok: share <= tolerance,
  };
}
