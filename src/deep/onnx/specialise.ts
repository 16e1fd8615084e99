import { fromBinary } from '@bufbuild/protobuf';
import { NacreError } from '../../runtime/errors.ts';
import {
  architecture,
  expectedTensors,
  type NetworkName,
  type NetworkVariant,
  type ResNetArchitecture,
} from '../architecture.ts';
import type { FoldedConvolution, FoldedWeights } from './folded-weights.ts';
import { modelBytes } from './model-bytes.ts';
import { type NetworkGraphOptions, networkGraph } from './network-graph.ts';
import { ModelProtoSchema } from './schema/onnx_pb.ts';

/** What a converted model says of itself. */
export interface ModelFacts {
  network: NetworkName;
  variant: NetworkVariant;
  stemStride: 1 | 2;
  /** Version of nacre that converted it. */
  version: string;
  sourceFile: string;
  sourceSha256: string;
  sourceForm: string;
  /** Seed of random weights; undefined for trained ones. */
  randomSeed: number | undefined;
  /** Size it was rewritten for, [depth, height, width]; undefined for the plain graph. */
  size: readonly [number, number, number] | undefined;
}

export interface ReadModel {
  arch: ResNetArchitecture;
  facts: ModelFacts;
  metadata: Record<string, string>;
  weights: FoldedWeights;
}

/**
 * Reads a model that `convertMedicalNet` wrote. The weights are views of `bytes`.
 *
 * @throws NacreError `bad-model` where the file is not such a model
 */
export function readModel(bytes: Uint8Array, file: string): ReadModel {
  let model: ReturnType<typeof parse>;
  try {
    model = parse(bytes);
  } catch (cause) {
    throw invalid(file, 'bytes that are no ONNX model', cause);
  }
  const metadata = Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]));
  const network = metadata['nacre.network'] as NetworkName | undefined;
  if (network === undefined) throw invalid(file, 'an ONNX model of another maker');
  const facts: ModelFacts = {
    network,
    variant: metadata['nacre.variant'] as NetworkVariant,
    stemStride: metadata['nacre.stem_stride'] === '1' ? 1 : 2,
    version: metadata['nacre.version'],
    sourceFile: metadata['nacre.source_file'],
    sourceSha256: metadata['nacre.source_sha256'],
    sourceForm: metadata['nacre.source_form'],
    randomSeed:
      metadata['nacre.random_seed'] === undefined ? undefined : +metadata['nacre.random_seed'],
    size: sizeFrom(metadata['nacre.size']),
  };
  const arch = architecture(network, facts);
  const raw = new Map(model.graph?.initializer.map((tensor) => [tensor.name, tensor.rawData]));
  const weights = new Map<string, FoldedConvolution>();
  for (const { key: name, shape, role } of expectedTensors(arch)) {
    if (role !== 'kernel') continue;
    const key = name.slice(0, -'.weight'.length);
    const kernel = raw.get(name);
    const bias = raw.get(`${key}.bias`);
    if (kernel === undefined || bias === undefined) throw invalid(file, `no weights of ${key}`);
    weights.set(key, { key, shape, kernel: () => floats(kernel), bias: () => floats(bias) });
  }
  return { arch, facts, metadata, weights };
}

/**
 * Rewrites a plain model for inputs of one size, so that nothing multiplies padding: the dilated layers 3 and 4 fall
 * apart into small independent grids, each of which is computed with the fewest products. The same in real arithmetic;
 * in float32 features differ by some 1e-6 of their scale. Batches stay free.
 *
 * @param bytes of a plain `.onnx` file
 * @param size depth, height, width, voxels
 */
export function specialise(
  bytes: Uint8Array,
  size: readonly [number, number, number],
  options: Pick<NetworkGraphOptions, 'plan'> & { file?: string } = {},
): Uint8Array {
  const { arch, facts, metadata, weights } = readModel(bytes, options.file ?? 'model');
  if (facts.size !== undefined) {
    throw invalid(options.file ?? 'model', `a model already rewritten for ${facts.size.join('×')}`);
  }
  return modelBytes({
    graph: networkGraph(arch, weights, { size, plan: options.plan }),
    producerVersion: facts.version,
    metadata: { ...metadata, 'nacre.size': size.join('x') },
  });
}

function parse(bytes: Uint8Array) {
  return fromBinary(ModelProtoSchema, bytes);
}

function sizeFrom(text: string | undefined): readonly [number, number, number] | undefined {
  if (text === undefined) return undefined;
  const [depth, height, width] = text.split('x').map(Number);
  return [depth, height, width];
}

/** A view where the alignment allows, else a copy. */
function floats(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
}

function invalid(file: string, found: string, cause?: unknown): NacreError {
  return new NacreError('bad-model', 'not a plain model that nacre converted', {
    file,
    found,
    expected: 'an .onnx file made by `nacre models convert`',
    todo: 'convert the checkpoint again',
    cause,
  });
}
