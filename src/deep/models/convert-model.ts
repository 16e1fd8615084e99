import { readFile } from 'node:fs/promises';
import { NacreError } from '../../runtime/errors.ts';
import { nacreVersion } from '../../runtime/version.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import type { NetworkName, NetworkVariant } from '../architecture.ts';
import { checkWeights, recogniseNetwork } from '../check-weights.ts';
import { convertMedicalNet } from '../onnx/convert.ts';
import { readStateDict, type StateDict } from '../state-dict.ts';

export interface ConvertModelOptions {
  /** The network that the weights belong to. Default: recognised by keys and shapes. */
  architecture?: NetworkName | undefined;
  /** `medicalnet` (default) or `monai`. */
  variant?: NetworkVariant | undefined;
  /** Leave tensors of a further head aside. Default false. */
  ignoreExtra?: boolean | undefined;
}

/**
 * Reads a checkpoint and gives the plain ONNX model of it (any batch, any size).
 *
 * @throws NacreError of `readStateDict`; `checkpoint-mismatch`, `checkpoint-type`, `checkpoint-weights`
 */
export async function modelFromCheckpoint(
  path: string,
  options: ConvertModelOptions = {},
): Promise<Uint8Array> {
  const state = await readStateDict(path);
  const network = options.architecture ?? recogniseNetwork(state) ?? nearestNetwork(state);
  const { variant, ignoreExtra } = options;
  const checked = checkWeights(state, network, { ignoreExtra });
  return convertMedicalNet(checked, network, { variant, version: nacreVersion() });
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

/** The plain ONNX model behind a path: an `.onnx` file as it is, a checkpoint converted in memory. */
export async function plainModel(
  path: string,
  options: ConvertModelOptions = {},
): Promise<Uint8Array> {
  if (!/\.onnx$/i.test(path)) return modelFromCheckpoint(path, options);
  try {
    // A plain Uint8Array: a Buffer's slice() would share its memory where callers expect a copy.
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (cause) {
    throw new NacreError('file-missing', 'cannot read the model', {
      file: path,
      found: (cause as NodeJS.ErrnoException).code,
      expected: 'an .onnx file made by nacre models convert',
      cause,
    });
  }
}

/** For the message only: the network whose keys a damaged state dict shares most of. */
function nearestNetwork({ tensors }: StateDict): NetworkName {
  const last = tensors.has('layer3.5.conv1.weight');
  if (tensors.has('layer1.0.conv3.weight')) return 'resnet50';
  if (last) return 'resnet34';
  return tensors.has('layer1.1.conv1.weight') ? 'resnet18' : 'resnet10';
}
