import { NacreError } from '../../runtime/errors.ts';
import { sha256OfFile } from '../../runtime/hash-file.ts';
import { RandomStream } from '../../runtime/random-stream.ts';
import { openNetwork } from '../network-session.ts';
import { inputName } from '../onnx/network-graph.ts';
import type { ModelFacts, ReadModel } from '../onnx/read-model.ts';
import { modelFor } from '../onnx/specialise.ts';
import { loadOnnxruntime } from '../onnxruntime.ts';
import { type ConvertModelOptions, readNetwork } from './convert-model.ts';
import { readModelList } from './model-list.ts';
import { type WeightsOrigin, weightsOrigin } from './weights-origin.ts';

export interface ModelVerification {
  facts: ModelFacts;
  origin: WeightsOrigin;
  /** SHA-256 of the file looked at. */
  sha256: string;
  /** Features of layer 4 for a cube of 48³ voxels of seeded noise: mean and largest. */
  forward: { features: number; mean: number; largest: number; milliseconds: number };
}

/**
 * Looks a model over: its checksum against the list, its keys, shapes and values, and a forward pass.
 *
 * @throws NacreError of `weightsOrigin`; `checkpoint-…`, `bad-model`; `model-output` when features are not finite or all
 *   alike; `package-missing` where onnxruntime-node is not installed
 */
export async function verifyModel(
  path: string,
  options: ConvertModelOptions = {},
): Promise<ModelVerification> {
  const { list = readModelList() } = options;
  const sha256 = await sha256OfFile(path);
  const network = await readNetwork(path, { ...options, list });
  const origin = weightsOrigin(network.facts, path, list);
  return { facts: network.facts, origin, sha256, forward: await forwardPass(network, path) };
}

async function forwardPass(
  network: ReadModel,
  file: string,
): Promise<ModelVerification['forward']> {
  const { channels } = network.arch.stem;
  const side = 48;
  const noise = RandomStream.of(0, 'verify-model');
  const data = Float32Array.from({ length: channels * side * side * side }, () => noise.normal());
  const { Tensor } = await loadOnnxruntime();
  const session = await openNetwork(modelFor(network), file, {});
  try {
    const started = performance.now();
    const input = new Tensor('float32', data, [1, channels, side, side, side]);
    const results = await session.run({ [inputName]: input }, ['layer4']);
    const milliseconds = performance.now() - started;
    const features = results.layer4.data as Float32Array;
    const mean = features.reduce((sum, value) => sum + value, 0) / features.length;
    const largest = features.reduce(
      (most, value) => Math.max(most, value),
      Number.NEGATIVE_INFINITY,
    );
    if (!Number.isFinite(mean) || !(largest > mean)) {
      throw new NacreError('model-output', 'the features of a test image cannot be used', {
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
