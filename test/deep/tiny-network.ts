import type { ArchitectureTraits, NetworkName } from '../../src/deep/architecture.ts';
import { pthBytes, type WritableTensor } from '../../src/deep/checkpoint/pth-bytes.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { randomState } from './onnx/random-state.ts';

/** ResNet10 of 4 to 16 channels: as quick as a network can be. Its width makes it one that only MONAI's code builds. */
export const tiny: ArchitectureTraits = { planes: [4, 8, 12, 16] };

/** The tensors of a network of linear-congruential weights, as if trained by somebody: without the mark of random ones. */
export function tinyTensors(
  seed: number,
  {
    network = 'resnet10',
    traits = tiny,
  }: { network?: NetworkName; traits?: ArchitectureTraits } = {},
): WritableTensor[] {
  return [...randomState(network, seed, traits).tensors].map(([key, { shape, data, dtype }]) => ({
    key,
    shape,
    dtype: dtype === 'int64' ? 'int64' : 'float32',
    values: () => (dtype === 'int64' ? new BigInt64Array(data.length) : data),
  }));
}

/** Writes it as a checkpoint in torch's own form. @param options.random with the mark of random weights and their seed */
export function writeTinyNetwork(
  path: string,
  seed: number,
  options: { network?: NetworkName; traits?: ArchitectureTraits; random?: boolean } = {},
): string {
  const label = options.random === true ? { random: true, seed } : undefined;
  writeWhole(path, pthBytes(tinyTensors(seed, options), { label }));
  return path;
}
