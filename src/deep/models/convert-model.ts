import { readFile } from 'node:fs/promises';
import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { NacreError } from '../../runtime/errors.ts';
import { sha256 } from '../../runtime/hash.ts';
import { unreadable } from '../../runtime/unreadable.ts';
import { nacreVersion } from '../../runtime/version.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import { architecture, type NetworkName, type NetworkVariant } from '../architecture.ts';
import { checkWeights } from '../check-weights.ts';
import { networkOfState } from '../onnx/convert.ts';
import { modelBytes } from '../onnx/model-bytes.ts';
import type { ReadModel } from '../onnx/read-model.ts';
import { modelFor, readPlain } from '../onnx/specialise.ts';
import { networkFromKeys, type RecognisedNetwork } from '../recognise-network.ts';
import { readStateDict, type StateDict } from '../state-dict.ts';
import { type ModelList, readModelList } from './model-list.ts';
import { requireListedName } from './weights-origin.ts';

export interface ConvertModelOptions {
  /** The network that the weights belong to. Default: recognised by keys and shapes. */
  architecture?: NetworkName | undefined;
  /**
   * `medicalnet`: layers 3 and 4 dilated; `monai`: strided. Default: `monai` for weights that MedicalNet's code cannot have
   * made (a bias in the shortcut, another width), else `medicalnet`.
   */
  variant?: NetworkVariant | undefined;
  /** Stride of the stem, which no key shows. Default: 2 for `medicalnet`, 1 for `monai`. */
  stemStride?: 1 | 2 | undefined;
  /** Leave tensors of a further head aside. Default false. */
  ignoreExtra?: boolean | undefined;
  /** SHA-256 that the file must have. */
  sha256?: string | undefined;
  /** Receives what was left aside or chosen between two readings; nothing of official and of random weights. */
  note?: NoteAssumption | undefined;
  /** Official files. Default: MedicalNet's. */
  list?: ModelList | undefined;
}

/**
 * Reads a checkpoint and gives the plain ONNX model of it (any batch, any size).
 *
 * @throws NacreError of `readStateDict` and `checkWeights`; `checksum-mismatch` for a file that bears the name of a listed
 *   one with another content
 */
export async function modelFromCheckpoint(
  path: string,
  options: ConvertModelOptions = {},
): Promise<Uint8Array> {
  return modelBytes(modelFor(await networkFromCheckpoint(path, options)));
}

async function networkFromCheckpoint(
  path: string,
  options: ConvertModelOptions,
): Promise<ReadModel> {
  const state = await readStateDict(path);
  const { sha256: hash, randomSeed } = state.source;
  requireListedName(path, hash, options.list ?? readModelList(), randomSeed);
  requireSame(path, hash, options);
  const found = networkFromKeys(state, options.architecture) ?? {
    name: options.architecture ?? nearestNetwork(state),
    traits: {},
    monaiOnly: undefined,
  };
  const { ignoreExtra } = options;
  const listed = (options.list ?? readModelList()).models.find((model) => model.sha256 === hash);
  const likely = found.monaiOnly === undefined || listed !== undefined ? 'medicalnet' : 'monai';
  const variant = options.variant ?? listed?.variant ?? likely;
  const stemStride = options.stemStride ?? listed?.stemStride;
  const choice = { ...found.traits, variant, stemStride };
  const { state: checked, leftAside } = checkWeights(state, architecture(found.name, choice), {
    ignoreExtra,
  });
  if (isNotable(state, options)) {
    noteLeftAside(state, leftAside, options);
    noteVariant(state, found, variant, options);
  }
  return networkOfState(checked, found.name, { ...choice, version: nacreVersion() });
}

/** The published files and our random ones are known: nothing about them is a choice. */
function isNotable({ source }: StateDict, { note, list }: ConvertModelOptions): boolean {
  if (note === undefined || source.randomSeed !== undefined) return false;
  return !(list ?? readModelList()).models.some(({ sha256 }) => sha256 === source.sha256);
}

function noteLeftAside(
  { source: { file, prefix = '' } }: StateDict,
  leftAside: readonly string[],
  { note }: ConvertModelOptions,
): void {
  if (prefix !== '') {
    note?.({
      kind: 'key-prefix',
      file,
      found: `keys that begin with ${prefix}`,
      taken: 'the names without it',
      why: 'wrappers such as DataParallel and torch.compile put it before every name',
    });
  }
  if (leftAside.length > 0) {
    note?.({
      kind: 'head-left-aside',
      file,
      found: leftAside.join(', '),
      taken: 'stem and layers without them',
      why: 'a head comes behind the features and does not change them',
    });
  }
}

function noteVariant(
  { source: { file } }: StateDict,
  { name, traits, monaiOnly }: RecognisedNetwork,
  variant: NetworkVariant,
  options: ConvertModelOptions,
): void {
  if (options.variant === undefined) {
    const shortcut = traits.shortcut === undefined ? '' : `, shortcut ${traits.shortcut}`;
    options.note?.({
      kind: 'network-variant',
      file,
      found: `keys of ${name}${shortcut}, which do not tell strides and dilations`,
      taken:
        variant === 'monai'
          ? 'variant monai (layers 3 and 4 strided)'
          : 'variant medicalnet (layers 3 and 4 dilated)',
      why:
        monaiOnly ??
        "weights of these shapes are MedicalNet's more often than not; name the variant to choose otherwise",
    });
  }
  if (options.stemStride === undefined) {
    options.note?.({
      kind: 'stem-stride',
      file,
      found: 'keys, which do not show the stride of the stem',
      taken: variant === 'monai' ? 'stride 1' : 'stride 2',
      why:
        variant === 'monai'
          ? "the default of MONAI's ResNet (conv1_t_stride); FMCIB and MONAI's own MedicalNet weights have 2"
          : 'as in MedicalNet',
    });
  }
}

/**
 * Converts a checkpoint to an `.onnx` file beside it or elsewhere. Nothing is written unless the weights are whole and
 * those of the network.
 *
 * @throws NacreError as `modelFromCheckpoint`; `write-failed`
 */
export async function convertModel(
  path: string,
  target: string,
  options: ConvertModelOptions = {},
): Promise<void> {
  writeWhole(target, await modelFromCheckpoint(path, options));
}

/**
 * The plain ONNX model behind a path: a checkpoint converted in memory, or the weights of an `.onnx` file that nacre made
 * in a graph written anew.
 *
 * @throws NacreError of `readNetwork`
 */
export async function plainModel(
  path: string,
  options: ConvertModelOptions = {},
): Promise<Uint8Array> {
  if (!/\.onnx$/i.test(path)) return modelFromCheckpoint(path, options);
  return modelBytes(modelFor(await readNetwork(path, options)));
}

/**
 * The network behind a path, a checkpoint or an `.onnx` file that nacre made: its weights are in memory once.
 *
 * @throws NacreError `file-missing`; of `modelFromCheckpoint` and `readModel`
 */
export async function readNetwork(
  path: string,
  options: ConvertModelOptions = {},
): Promise<ReadModel> {
  if (!/\.onnx$/i.test(path)) {
    const network = await networkFromCheckpoint(path, options);
    // Weights that overflow when they are folded are refused here, not when the first case is computed.
    for (const { kernel, bias } of network.weights.values()) {
      kernel();
      bias();
    }
    return network;
  }
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw unreadable('the model', path, cause, {
      expected: 'an .onnx file made by nacre models convert',
    });
  }
  if (options.sha256 !== undefined) requireSame(path, sha256(bytes), options);
  return readPlain(bytes, path);
}

/** The bytes that are used are those that were hashed before. */
function requireSame(file: string, found: string, { sha256: wanted }: ConvertModelOptions): void {
  if (wanted === undefined || wanted === found) return;
  throw new NacreError('checksum-mismatch', 'the weights changed while they were used', {
    file,
    found: `sha256 ${found}`,
    expected: `sha256 ${wanted}`,
    todo: 'leave the file as it is while a command runs, and run it again',
  });
}

/** For the message only: the network whose keys a damaged state dict shares most of. */
function nearestNetwork({ tensors }: StateDict): NetworkName {
  const last = tensors.has('layer3.5.conv1.weight');
  if (tensors.has('layer1.0.conv3.weight')) return 'resnet50';
  if (last) return 'resnet34';
  return tensors.has('layer1.1.conv1.weight') ? 'resnet18' : 'resnet10';
}
