import { ByteCursor, type ByteSource, requireRange } from './byte-source.ts';
import { bytesPerElement } from './elements.ts';
import { invalidCheckpoint } from './invalid-checkpoint.ts';
import { PickleDict, unpickle } from './pickle.ts';
import type { ElementRange } from './read-tensor.ts';
import type { Tensor, TensorType } from './tensor.ts';
import { outlineOf, readTensors } from './torch-tensors.ts';
import { type StorageReference, torchWorld } from './torch-world.ts';

/** `torch.serialization.MAGIC_NUMBER` and `PROTOCOL_VERSION`. */
const legacyMagic = 0x1950a86a20f9469cfc6cn;
export const legacyProtocol = 1001;

/** First bytes of a legacy file: a protocol-2 pickle of the magic number as LONG1. */
export const legacySignature = [
  0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
];

/** The same as protocols 3 to 5 write it: from 4 on a frame comes first. */
const magicNumber = legacySignature.slice(2);

/** Whether a file starts with the magic number of the legacy form. A shorter file is compared by the bytes it has. */
export function looksLikeTorchLegacy(head: Uint8Array): boolean {
  if (head.length < 2 || head[0] !== 0x80 || head[1] < 2 || head[1] > 5) return false;
  const at = head[2] === 0x95 ? 11 : 2;
  return magicNumber.every((byte, i) => at + i >= head.length || head[at + i] === byte);
}

/** Five pickles and a state dict of names take far less. */
const mostPickleBytes = 16 * 1024 * 1024;

/**
 * Reads the form that `torch.save` wrote before 1.6 (and writes with `_use_new_zipfile_serialization=False`):
 * pickles of magic number, protocol, system information, object and storage keys, then for each key a 64-bit count
 * and the raw elements.
 *
 * @throws NacreError `checkpoint-invalid`, `truncated`, `checkpoint-forbidden`, `too-large`
 */
export function readTorchLegacy(source: ByteSource): {
  tensors: Map<string, Tensor>;
  randomSeed?: number | undefined;
} {
  const cursor = new ByteCursor(source, 0, mostPickleBytes);
  const world = torchWorld(cursor);
  const storages = new Map<string, StorageReference>();
  const persistent = world.persistent;
  world.persistent = (id) => {
    const storage = persistent(id) as StorageReference;
    const known = storages.get(storage.key);
    if (known !== undefined && (known.type !== storage.type || known.count !== storage.count)) {
      throw invalidCheckpoint(source, `storage ${storage.key} is named with two types or lengths`);
    }
    storages.set(storage.key, storage);
    return storage;
  };
  if (unpickle(cursor, world) !== legacyMagic)
    throw invalidCheckpoint(source, 'the magic number is wrong');
  const protocol = unpickle(cursor, world);
  if (protocol !== legacyProtocol) {
    throw invalidCheckpoint(source, 'another protocol', String(protocol), String(legacyProtocol));
  }
  if (!(unpickle(cursor, world) instanceof PickleDict)) {
    throw invalidCheckpoint(source, 'the system information is not a dict');
  }
  const outline = outlineOf(unpickle(cursor, world), source);
  const keys = unpickle(cursor, world);
  if (!Array.isArray(keys)) throw invalidCheckpoint(source, 'the storage keys are not a list');
  const ranges = new Map<string, ElementRange>();
  let position = cursor.position;
  for (const key of keys) {
    const storage = storages.get(String(key));
    if (storage === undefined || ranges.has(storage.key)) {
      throw invalidCheckpoint(source, 'a storage that no tensor names, or one twice', String(key));
    }
    const bigEndian = countIsBigEndian(source, position, storage);
    const { count, type } = storage;
    position += 8;
    const bytes = count * bytesPerElement[type];
    requireRange(source, position, bytes);
    ranges.set(storage.key, { source, position, count, type, bigEndian });
    position += bytes;
  }
  const tensors = readTensors(outline, source, (storage) => {
    const range = ranges.get(storage.key);
    if (range === undefined)
      throw invalidCheckpoint(source, `storage ${storage.key} is not in the file`);
    return range;
  });
  return { tensors, randomSeed: outline.randomSeed };
}

/**
 * The byte order of a storage, derived from its element count: torch writes little-endian on every machine
 * (`writeFileRaw`) whatever its system information states, other writers may not.
 */
function countIsBigEndian(
  source: ByteSource,
  position: number,
  { key, count, type }: { key: string; count: number; type: TensorType },
): boolean {
  const bytes = new Uint8Array(8);
  source.readInto(bytes, position);
  const view = new DataView(bytes.buffer);
  if (view.getBigInt64(0, true) === BigInt(count)) return false;
  if (view.getBigInt64(0, false) === BigInt(count)) return true;
  throw invalidCheckpoint(
    source,
    `storage ${key} has another length than its tensors say`,
    `${view.getBigInt64(0, true)} elements`,
    `${count} of ${type}`,
  );
}
