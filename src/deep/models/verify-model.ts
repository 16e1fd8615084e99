import { basename } from 'node:path';
import { NacreError } from '../../runtime/errors.ts';
import { sha256OfFile } from '../../runtime/hash.ts';
import { RandomStream } from '../../runtime/random-stream.ts';
import { inputName } from '../onnx/network-graph.ts';
import { type ModelFacts, readModel } from '../onnx/specialise.ts';
import { loadOnnxruntime } from '../onnxruntime.ts';
import { type ConvertModelOptions, plainModel } from './convert-model.ts';
import { type ModelList, readModelList } from './model-list.ts';

export interface VerifyModelOptions extends ConvertModelOptions {
  /** Default: MedicalNet's official files. */
  list?: ModelList | undefined;
}

export interface ModelVerification {
  facts: ModelFacts;
  /**
   * `official`: the checkpoint's SHA-256 is that of a listed file; `random`: weights made by `nacre models random`;
   * `other`: whole and usable, but not a listed file.
   */
  origin: 'official' | 'random' | 'other';
  /** SHA-256 of the file looked at. */
  sha256: string;
  /** Features of layer 4 for a cube of 48³ voxels of seeded noise: mean and largest. */
  forward: { features: number; mean: number; largest: number; milliseconds: number };
}

/**
 * Looks a model over: its checksum against the list, its keys, shapes and values, and a forward pass.
 *
 * @throws NacreError `checksum-mismatch` for a file that bears the name of a listed one with another content;
 *   `checkpoint-…`, `bad-model`; `model-output` when features are not finite or all alike; `package-missing` where
 *   onnxruntime-node is not installed
 */
export async function verifyModel(
  path: string,
  options: VerifyModelOptions = {},
): Promise<ModelVerification> {
  const { list = readModelList(), ...convert } = options;
  const sha256 = await sha256OfFile(path);
  const named = list.models.find(({ file }) => file === basename(path));
  if (named !== undefined && named.sha256 !== sha256) {
    throw new NacreError(
      'checksum-mismatch',
      'the file has the name of a published one, but another content',
      {
        file: path,
        found: `sha256 ${sha256}`,
        expected: `sha256 ${named.sha256}`,
        todo: `delete it and fetch it again (nacre models fetch ${named.id}), or give your own weights another name`,
      },
    );
  }
  const bytes = await plainModel(path, convert);
  const { facts } = readModel(bytes, path);
  const official = list.models.some((model) => model.sha256 === facts.sourceSha256);
  const origin = facts.randomSeed !== undefined ? 'random' : official ? 'official' : 'other';
  return { facts, origin, sha256, forward: await forwardPass(bytes, path) };
}

async function forwardPass(bytes: Uint8Array, file: string): Promise<ModelVerification['forward']> {
  const side = 48;
  const noise = RandomStream.of(0, 'verify-model');
  const data = Float32Array.from({ length: side ** 3 }, () => noise.normal());
  const { InferenceSession, Tensor } = await loadOnnxruntime();
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  try {
    const started = performance.now();
    const input = new Tensor('float32', data, [1, 1, side, side, side]);
    const results = await session.run({ [inputName]: input }, ['layer4']);
    const milliseconds = performance.now() - started;
    const features = results.layer4.data as Float32Array;
    const mean = features.reduce((sum, value) => sum + value, 0) / features.length;
    const largest = features.reduce(
      (most, value) => Math.max(most, value),
      Number.NEGATIVE_INFINITY,
    );
    if (!Number.isFinite(mean) || !(largest > mean)) {
      throw new NacreError('model-output', 'the features of a test image are of no use', {
        file,
        found: `mean ${mean}, largest ${largest}`,
        expected: 'finite features that differ',
        todo: 'use another checkpoint',
      });
    }
    return { features: features.length, mean, largest, milliseconds };
  } finally {
    await session.release();
  }
}
