import { fromBinary } from '@bufbuild/protobuf';
import { z } from 'zod';
import { NacreError } from '../../runtime/errors.ts';
import {
  type ArchitectureTraits,
  architecture,
  expectedTensors,
  type NetworkName,
  type NetworkVariant,
  networkNames,
  networkVariants,
  type ResNetArchitecture,
} from '../architecture.ts';
import { sameShape } from '../recognise-network.ts';
import type { FoldedConvolution, FoldedWeights } from './folded-weights.ts';
import {
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
} from './schema/onnx_pb.ts';

/** Metadata of a converted model. */
export interface ModelFacts {
  network: NetworkName;
  variant: NetworkVariant;
  stemStride: 1 | 2;
  /** Differences from MedicalNet's release at this depth; undefined without any. */
  traits?: ArchitectureTraits | undefined;
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

const edge = z.int().min(1).max(65_536);

const traitsSchema = z.strictObject({
  shortcut: z.enum(['A', 'B']).optional(),
  shortcutBias: z.boolean().optional(),
  planes: z.tuple([edge, edge, edge, edge]).readonly().optional(),
  channels: edge.optional(),
  stemKernel: z.int().min(1).max(31).optional(),
});

/** The `metadata_props` that `convertMedicalNet` writes. */
const metadataSchema = z.object({
  'nacre.network': z.enum(networkNames),
  'nacre.variant': z.enum(networkVariants),
  'nacre.stem_stride': z.enum(['1', '2']),
  'nacre.traits': z
    .string()
    .max(1000)
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(traitsSchema)
    .optional(),
  'nacre.version': z.string(),
  'nacre.source_file': z.string(),
  'nacre.source_sha256': z.string().regex(/^[0-9a-f]{64}$/),
  'nacre.source_form': z.string(),
  'nacre.random_weights': z.enum(['true', 'false']),
  'nacre.random_seed': z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  'nacre.size': z
    .string()
    .regex(/^\d{1,6}x\d{1,6}x\d{1,6}$/)
    .optional(),
});

/**
 * Reads a model that `convertMedicalNet` wrote and checks every weight of it: type, shape, length and value. The weights
 * are views of `bytes`.
 *
 * @throws NacreError `bad-model` where the file is not such a model or is damaged; `checkpoint-weights` where a weight is
 *   not a finite number
 */
export function readModel(bytes: Uint8Array, file: string): ReadModel {
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw invalid(file, 'bytes that are no ONNX model', cause);
  }
  const metadata = Object.fromEntries(model.metadataProps.map(({ key, value }) => [key, value]));
  if (metadata['nacre.network'] === undefined)
    throw invalid(file, 'an ONNX model of another maker');
  const facts = factsFrom(metadata, file);
  const arch = architecture(facts.network, { ...facts.traits, ...facts });
  const tensors = new Map(model.graph?.initializer.map((tensor) => [tensor.name, tensor]));
  const weights = new Map<string, FoldedConvolution>();
  for (const { key: name, shape, role } of expectedTensors(arch)) {
    if (role !== 'kernel') continue;
    const key = name.slice(0, -'.weight'.length);
    // A rewritten graph holds kernels of other shapes; it is never rewritten again.
    const wanted = facts.size === undefined ? { kernel: shape, bias: [shape[0]] } : undefined;
    const kernel = floatsOf(tensors.get(name), name, wanted?.kernel, file);
    const bias = floatsOf(tensors.get(`${key}.bias`), `${key}.bias`, wanted?.bias, file);
    weights.set(key, { key, shape, kernel: () => kernel, bias: () => bias });
  }
  return { arch, facts, metadata, weights };
}

/** Reads the labels of a model. @throws NacreError `bad-model` */
export function factsFrom(metadata: Record<string, string>, file: string): ModelFacts {
  let parsed: z.output<typeof metadataSchema>;
  try {
    parsed = metadataSchema.parse(metadata);
  } catch (cause) {
    const place = cause instanceof z.ZodError ? cause.issues[0].path.join('.') : 'nacre.traits';
    throw invalid(file, `a wrong value of ${place}`, cause);
  }
  const seed = parsed['nacre.random_seed'];
  if ((parsed['nacre.random_weights'] === 'true') !== (seed !== undefined)) {
    throw invalid(file, 'a label of random weights without a seed, or a seed without the label');
  }
  return {
    network: parsed['nacre.network'],
    variant: parsed['nacre.variant'],
    stemStride: parsed['nacre.stem_stride'] === '1' ? 1 : 2,
    traits: parsed['nacre.traits'],
    version: parsed['nacre.version'],
    sourceFile: parsed['nacre.source_file'],
    sourceSha256: parsed['nacre.source_sha256'],
    sourceForm: parsed['nacre.source_form'],
    randomSeed: seed === undefined ? undefined : Number(seed),
    size: sizeFrom(parsed['nacre.size']),
  };
}

function sizeFrom(text: string | undefined): readonly [number, number, number] | undefined {
  if (text === undefined) return undefined;
  const [depth, height, width] = text.split('x').map(Number);
  return [depth, height, width];
}

/** Values of a float32 constant, checked; a view where the alignment allows, else a copy. */
function floatsOf(
  tensor: TensorProto | undefined,
  name: string,
  shape: readonly number[] | undefined,
  file: string,
): Float32Array {
  if (tensor === undefined) throw invalid(file, `no weights ${name}`);
  const { dims, rawData, dataType, dataLocation } = tensor;
  if (
    dataType !== TensorProto_DataType.FLOAT ||
    dataLocation === TensorProto_DataLocation.EXTERNAL
  ) {
    throw invalid(file, `${name} is not of float32 values inside the file`);
  }
  // Sizes of 64 bits may overflow when multiplied as numbers: compared one by one, as BigInt where they must be.
  const count = dims.reduce((product, size) => product * size, 1n);
  const described = dims.join('×') || 'a scalar';
  if (dims.some((size) => size < 0n) || count * 4n !== BigInt(rawData.length)) {
    throw invalid(file, `${rawData.length} bytes of ${name}, declared as ${described}`);
  }
  if (shape !== undefined && !sameShape(dims.map(Number), shape)) {
    throw invalid(file, `${name} of ${described} instead of ${shape.join('×')}`);
  }
  // A copy by way of the constructor: slice() of a Buffer would share its memory, at the same odd place.
  const aligned = rawData.byteOffset % 4 === 0 ? rawData : new Uint8Array(rawData);
  const values = new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4);
  for (let i = 0; i < values.length; i++) {
    // NaN and both infinities fail this, and nothing else.
    if (values[i] - values[i] === 0) continue;
    throw new NacreError('checkpoint-weights', `${name} holds weights that are not numbers`, {
      file,
      found: `${values[i]} at element ${i}`,
      expected: 'finite float32 values',
      todo: 'convert the checkpoint again, or use another one',
    });
  }
  return values;
}

/** The refusal of a file that is no plain model of ours. */
export function invalid(file: string, found: string, cause?: unknown): NacreError {
  return new NacreError('bad-model', 'not a plain model that nacre converted', {
    file,
    found,
    expected: 'an .onnx file made by `nacre models convert`',
    todo: 'convert the checkpoint again',
    cause,
  });
}
