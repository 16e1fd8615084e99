import {
  type ArchitectureTraits,
  architecture,
  expectedTensors,
  type NetworkName,
} from '../../../src/deep/architecture.ts';
import type { StateDict, Tensor } from '../../../src/deep/state-dict.ts';

/** A state dict of uniform random weights, as if read from a file; a linear congruence, since 46 million are drawn. */
export function randomState(
  network: NetworkName,
  seed = 1,
  traits: ArchitectureTraits = {},
): StateDict {
  const tensors = new Map<string, Tensor>();
  let state = seed;
  const centred = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  for (const { key, shape, dtype, role } of expectedTensors(architecture(network, traits))) {
    const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
    // Variance of He et al. 2015: 2 / fan in.
    const width = Math.sqrt((24 * shape[0]) / data.length);
    for (let i = 0; i < data.length; i++) {
      if (role === 'kernel') data[i] = width * centred();
      else if (role === 'variance') data[i] = 1 + centred();
      else if (role === 'scale') data[i] = 0.6 + centred();
      else data[i] = 0.4 * centred();
    }
    tensors.set(key, { shape: [...shape], data, dtype });
  }
  const source = { file: 'made.pth', sha256: 'ab'.repeat(32), form: 'torch-legacy' } as const;
  return { tensors, source: { ...source, randomSeed: seed } };
}
