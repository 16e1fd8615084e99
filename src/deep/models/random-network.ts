import { RandomStream } from '../../runtime/random-stream.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import {
  architecture,
  type ExpectedTensor,
  expectedTensors,
  type NetworkName,
} from '../architecture.ts';
import { pthBytes, type WritableTensor } from '../checkpoint/pth-bytes.ts';

export interface RandomNetworkOptions {
  /** Any whole number of 0 or more. Default 0. */
  seed?: number | undefined;
}

/** Name of the file, which shows network and seed: `resnet10_random-seed0.pth`. */
export function randomNetworkName(network: NetworkName, seed = 0): string {
  return `${network}_random-seed${seed}.pth`;
}

/**
 * Writes a network of random weights in the true `.pth` form (torch.load reads it), for tests, teaching and trying
 * things out. Its features are a random projection of the image: they exercise the path and mean nothing else.
 * The label goes with it: file name, an entry `nacre` in the checkpoint, metadata of the ONNX, names of columns.
 *
 * Convolutions are drawn after He (N(0, 2 / fan in), so that the image survives to the last layer); batch norms get statistics that are
 * not trivial, so that a reader that mixes them up shows. The same seed gives the same bytes on every machine.
 *
 * Reference: He et al. 2015, arXiv:1502.01852.
 *
 * @throws NacreError `write-failed`
 */
export function writeRandomNetwork(
  path: string,
  network: NetworkName,
  options: RandomNetworkOptions = {},
): void {
  writeWhole(path, randomNetworkBytes(network, options));
}

/** The bytes of that file, in pieces. */
export function randomNetworkBytes(
  network: NetworkName,
  { seed = 0 }: RandomNetworkOptions = {},
): ReturnType<typeof pthBytes> {
  const label = {
    random: true,
    seed,
    architecture: network,
    note: 'random weights: not MedicalNet',
  };
  return pthBytes(randomTensors(network, seed), { label });
}

/** The tensors of `writeRandomNetwork`, each drawn from its own random stream when it is read. */
export function randomTensors(network: NetworkName, seed: number): WritableTensor[] {
  return expectedTensors(architecture(network)).map(({ key, shape, dtype, role }) => ({
    key: `module.${key}`,
    shape,
    dtype,
    values: () =>
      role === 'count'
        ? BigInt64Array.from([1000n])
        : draw(role, shape, RandomStream.of(seed, 'random-network', network, key)),
  }));
}

function draw(
  role: ExpectedTensor['role'],
  shape: readonly number[],
  random: RandomStream,
): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const deviation = Math.sqrt((2 * shape[0]) / values.length);
  if (role === 'kernel') {
    random.fillNormal(values, deviation);
    return values;
  }
  for (let i = 0; i < values.length; i++) {
    if (role === 'variance') values[i] = 0.5 + random.next();
    else if (role === 'scale') values[i] = 0.25 + 0.75 * random.next();
    else values[i] = 0.1 * random.normal();
  }
  return values;
}
