import { basename } from 'node:path';
import { NacreError } from '../runtime/errors.ts';
import { firstNonFinite } from '../runtime/first-non-finite.ts';
import { sha256OfFile } from '../runtime/hash-file.ts';
import { type ByteSource, openByteSource } from './checkpoint/byte-source.ts';
import { isFloating } from './checkpoint/elements.ts';
import { looksLikeSafetensors, readSafetensors } from './checkpoint/safetensors.ts';
import type { StateDict, StateDictSource, Tensor } from './checkpoint/tensor.ts';
import { looksLikeTorchLegacy, readTorchLegacy } from './checkpoint/torch-legacy.ts';
import { readTorchZip } from './checkpoint/torch-zip.ts';
import { withoutPrefix } from './key-prefix.ts';

export type { StateDict, StateDictSource, Tensor, TensorType } from './checkpoint/tensor.ts';

/**
 * Reads the weights of a checkpoint: torch's legacy form, torch's zip form, or safetensors. The state dict may lie
 * below `state_dict`; prefixes of wrappers (`module.`, `backbone.` …) are taken off. Nothing in the file is executed, and the file is never held:
 * each tensor is read from its place into its own array, so memory is that of the weights.
 *
 * @param path a `.pth`, `.pt`, `.bin` or `.safetensors` file; the content decides, not the ending
 * @throws NacreError `file-missing`, `truncated`, `checkpoint-invalid`, `checkpoint-forbidden`
 *   (asks for a function), `checkpoint-type` (complex or quantised), `too-large` (a bomb),
 *   `checkpoint-weights` (NaN or infinite)
 * @example
 * const { tensors, source } = await readStateDict('models/resnet_34_23dataset.pth');
 * tensors.get('conv1.weight')?.shape; // [64, 1, 7, 7, 7]
 */
export async function readStateDict(path: string): Promise<StateDict> {
  const source = openByteSource(path);
  try {
    const { tensors, ...facts } = parseStateDict(source);
    const sha256 = await sha256OfFile(path);
    return { tensors, source: { file: basename(path), sha256, ...facts } };
  } finally {
    source.close();
  }
}

/** The same from bytes that are already open, without the file's hash. */
export function parseStateDict(
  source: ByteSource,
): Pick<StateDict, 'tensors'> & Pick<StateDictSource, 'form' | 'randomSeed' | 'prefix'> {
  const form = formOf(source);
  const read = {
    'torch-legacy': readTorchLegacy,
    'torch-zip': readTorchZip,
    safetensors: readSafetensors,
  };
  const { tensors: named, randomSeed } = read[form](source);
  const { tensors, prefix } = withoutPrefix(named, source.name);
  for (const [key, tensor] of tensors) requireFinite(key, tensor, source);
  return { form, tensors, randomSeed, prefix };
}

function formOf(source: ByteSource): StateDictSource['form'] {
  const head = new Uint8Array(Math.min(32, source.size));
  source.readInto(head, 0);
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)) return 'torch-zip';
  if (looksLikeTorchLegacy(head)) return 'torch-legacy';
  if (looksLikeSafetensors(source)) return 'safetensors';
  const isPickle = head[0] === 0x80;
  throw new NacreError('checkpoint-invalid', 'not a checkpoint that nacre reads', {
    file: source.name,
    found: isPickle
      ? 'a bare pickle'
      : head.length === 0
        ? 'an empty file'
        : `a file that starts with ${Buffer.from(head.subarray(0, 8)).toString('hex')}`,
    expected: 'torch.save of a state dict (legacy or zip), or safetensors',
    todo: isPickle
      ? 'save the weights with torch.save(model.state_dict(), FILE), not with pickle.dump'
      : 'check that this is the checkpoint and not, for example, a web page or a pointer file',
  });
}

function requireFinite(key: string, { data, dtype }: Tensor, source: ByteSource): void {
  if (!isFloating(dtype)) return;
  const at = firstNonFinite(data);
  if (at < 0) return;
  throw new NacreError('checkpoint-weights', `${key} holds weights that are not numbers`, {
    file: source.name,
    found: `${data[at]} at element ${at}`,
    expected: 'finite float32 values',
    todo: 'the training diverged or the file is damaged: use another checkpoint',
  });
}
