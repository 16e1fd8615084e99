import { NacreError } from '../../runtime/errors.ts';
import type { ByteSource } from './byte-source.ts';
import { PickleDict, type PickleValue } from './pickle.ts';
import { type ElementRange, readTensor } from './read-tensor.ts';
import type { Tensor } from './tensor.ts';
import type { StorageReference, TensorReference } from './torch-world.ts';

/** Description of a torch checkpoint, known before its numbers are read. */
export interface TorchOutline {
  tensors: Map<string, TensorReference>;
  randomSeed?: number | undefined;
}

/** Names under which training scripts keep the weights beside optimiser and epoch. */
const nestings = [
  'state_dict',
  'model_state_dict',
  'trunk_state_dict',
  'encoder_state_dict',
  'model_state',
  'model',
  'net',
  'network',
  'encoder',
  'backbone',
];

/**
 * Finds the state dict in what the pickle held: the object itself, or below one of the usual names.
 *
 * @throws NacreError `checkpoint-invalid` where there are no tensors
 */
export function outlineOf(object: PickleValue, source: ByteSource): TorchOutline {
  let dict = object;
  let randomSeed: number | undefined;
  for (let depth = 0; depth < 4 && dict instanceof PickleDict; depth++) {
    randomSeed ??= seedOf(dict);
    const inner: PickleValue | undefined = nestings
      .map((name) => (dict as PickleDict).entries.get(name))
      .find((value) => value instanceof PickleDict);
    if (inner === undefined) break;
    dict = inner;
  }
  if (!(dict instanceof PickleDict)) throw noTensors(source, 'no dict');
  const tensors = new Map<string, TensorReference>();
  for (const [key, value] of dict.entries) {
    const reference = value as TensorReference | null;
    const isTensor = typeof reference === 'object' && reference?.kind === 'tensor';
    if (!isTensor && key === randomLabel) continue;
    if (typeof key !== 'string' || !isTensor) {
      throw noTensors(source, `an entry ${JSON.stringify(String(key))} that is not a tensor`);
    }
    tensors.set(key, reference);
  }
  if (tensors.size === 0) throw noTensors(source, 'an empty dict');
  return { tensors, randomSeed };
}

/** Entry that `nacre models random` writes beside `state_dict`: `{ random: True, seed }`. */
export const randomLabel = 'nacre';

function seedOf(dict: PickleDict): number | undefined {
  const label = dict.entries.get(randomLabel);
  if (!(label instanceof PickleDict) || label.entries.get('random') !== true) return undefined;
  const seed = label.entries.get('seed');
  return typeof seed === 'number' ? seed : undefined;
}

function noTensors(source: ByteSource, found: string): NacreError {
  return new NacreError('checkpoint-invalid', 'the checkpoint is not a state dict', {
    file: source.name,
    found,
    expected: 'a dict of tensors, or one below state_dict',
    todo: 'save the weights alone: torch.save(model.state_dict(), …)',
  });
}

/**
 * Reads the tensors of an outline.
 *
 * @param locate where a storage lies in the file
 * @throws NacreError `too-large` when tensors add up to far more than the file (stretched by zero strides)
 */
export function readTensors(
  outline: TorchOutline,
  source: ByteSource,
  locate: (storage: StorageReference) => ElementRange,
): Map<string, Tensor> {
  requireProportion(
    source,
    Array.from(outline.tensors.values(), ({ shape }) => shape),
  );
  const tensors = new Map<string, Tensor>();
  for (const [key, { storage, offset, shape, stride }] of outline.tensors) {
    tensors.set(key, readTensor(locate(storage), storage.viewOffset + offset, shape, stride));
  }
  return tensors;
}

/** Float32 of int8 is four times as long, of deflated zeros longer still; ten times the file is no honest checkpoint. */
function requireProportion(source: ByteSource, shapes: readonly (readonly number[])[]): void {
  const allowed = 8 * source.size + 65_536;
  let bytes = 0;
  for (const shape of shapes) bytes += 4 * shape.reduce((product, size) => product * size, 1);
  if (bytes <= allowed) return;
  throw new NacreError('too-large', 'the tensors are far larger than their file', {
    file: source.name,
    found: `${bytes} bytes of numbers`,
    expected: `at most ${allowed}, for a file of ${source.size} bytes`,
    todo: 'save contiguous copies of the weights',
  });
}
