import {
  pickleStateDict,
  pthBytes,
  type WritableTensor,
} from '../../../src/deep/checkpoint/pth-bytes.ts';
import { zipFixture } from './zip-fixture.ts';

export const tinyTensors: WritableTensor[] = [
  {
    key: 'module.conv1.weight',
    shape: [2, 1, 1, 1, 3],
    dtype: 'float32',
    values: () => Float32Array.from([1, -2, 3.5, 0, 1e-20, -7]),
  },
  { key: 'bn1.weight', shape: [2], dtype: 'float32', values: () => Float32Array.from([0.5, 2]) },
  {
    key: 'bn1.num_batches_tracked',
    shape: [],
    dtype: 'int64',
    values: () => BigInt64Array.from([4321n]),
  },
];

export function legacyFixture(tensors = tinyTensors): Buffer {
  return Buffer.concat([...pthBytes(tensors)]);
}

export interface TorchZipOptions {
  deflate?: boolean;
  zip64?: boolean;
  bigEndian?: boolean;
}

/** The zip form of the same tensors. */
export function torchZipFixture(options: TorchZipOptions = {}, tensors = tinyTensors): Buffer {
  const { deflate = false, zip64 = false, bigEndian = false } = options;
  const storages = tensors.map((tensor, i) => {
    const values = tensor.values();
    const bytes = Buffer.from(Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    if (bigEndian) tensor.dtype === 'int64' ? bytes.swap64() : bytes.swap32();
    return { name: `archive/data/${i}`, bytes, deflate };
  });
  return zipFixture(
    [
      { name: 'archive/data.pkl', bytes: pickleStateDict(tensors, 'zip'), deflate },
      { name: 'archive/byteorder', bytes: Buffer.from(bigEndian ? 'big' : 'little') },
      ...storages,
      { name: 'archive/version', bytes: Buffer.from('3\n') },
    ],
    zip64,
  );
}

/** A safetensors file of float32 tensors, or of whatever header is given. */
export function safetensorsFixture(header: unknown, data: Uint8Array): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}
