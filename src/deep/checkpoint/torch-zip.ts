import { NacreError } from '../../runtime/errors.ts';
import { ByteCursor, type ByteSource } from './byte-source.ts';
import { bytesPerElement } from './elements.ts';
import { unpickle } from './pickle.ts';
import type { Tensor } from './tensor.ts';
import { outlineOf, readTensors } from './torch-tensors.ts';
import { torchWorld } from './torch-world.ts';
import { openEntry, readZipDirectory, type ZipEntry } from './zip-directory.ts';

/**
 * Reads the zip form of `torch.save` (1.6 and later): `data.pkl`, `data/<key>` a storage, `byteorder`.
 *
 * @throws NacreError `checkpoint-invalid`, `truncated`, `checkpoint-forbidden`, `too-large`
 */
export function readTorchZip(source: ByteSource): {
  tensors: Map<string, Tensor>;
  randomSeed?: number | undefined;
} {
  const directory = readZipDirectory(source);
  const root = findRoot(directory, source);
  const bigEndian = readByteOrder(directory.get(`${root}byteorder`), source);
  const pickle = directory.get(`${root}data.pkl`)!;
  const opened = openEntry(source, pickle);
  const cursor = new ByteCursor(opened.source, opened.position, pickle.bytes);
  const outline = outlineOf(unpickle(cursor, torchWorld(cursor)), source);
  const storages = new Map<string, { source: ByteSource; position: number; bytes: number }>();
  const tensors = readTensors(outline, source, ({ key, count, type }) => {
    let storage = storages.get(key);
    if (storage === undefined) {
      const entry = directory.get(`${root}data/${key}`);
      if (entry === undefined) {
        throw new NacreError('checkpoint-invalid', 'a storage is not in the archive', {
          file: source.name,
          expected: `${root}data/${key}`,
          todo: 'copy or fetch the checkpoint again',
        });
      }
      storage = { ...openEntry(source, entry), bytes: entry.bytes };
      storages.set(key, storage);
    }
    const expected = count * bytesPerElement[type];
    if (storage.bytes !== expected) {
      throw new NacreError('checkpoint-invalid', `storage ${key} has another length`, {
        file: source.name,
        found: `${storage.bytes} bytes`,
        expected: `${expected} bytes (${count} of ${type})`,
        todo: 'copy or fetch the checkpoint again',
      });
    }
    return { source: storage.source, position: storage.position, count, type, bigEndian };
  });
  return { tensors, randomSeed: outline.randomSeed };
}

/** The folder that all of torch's files lie in, with its slash. */
function findRoot(directory: Map<string, ZipEntry>, source: ByteSource): string {
  const pickles = [...directory.keys()].filter((name) => /^([^/]*\/)?data\.pkl$/.test(name));
  if (pickles.length !== 1) {
    throw new NacreError('checkpoint-invalid', 'the archive is not a checkpoint of torch', {
      file: source.name,
      found: `${pickles.length} files data.pkl`,
      expected: 'one',
      todo: 'save it with torch.save(model.state_dict(), …)',
    });
  }
  const root = pickles[0].slice(0, -'data.pkl'.length);
  if (directory.has(`${root}constants.pkl`)) {
    throw new NacreError('checkpoint-forbidden', 'the archive is a TorchScript program', {
      file: source.name,
      found: `${root}constants.pkl`,
      expected: 'a state dict',
      todo: 'save the weights alone: torch.save(model.state_dict(), …)',
    });
  }
  return root;
}

function readByteOrder(entry: ZipEntry | undefined, source: ByteSource): boolean {
  if (entry === undefined) return false;
  const bytes = new Uint8Array(Math.min(16, entry.bytes));
  const opened = openEntry(source, entry);
  opened.source.readInto(bytes, opened.position);
  const text = Buffer.from(bytes).toString('latin1').trim();
  if (text === 'little') return false;
  if (text === 'big') return true;
  throw new NacreError('checkpoint-invalid', 'the byte order is not known', {
    file: source.name,
    found: text,
    expected: 'little or big',
  });
}
