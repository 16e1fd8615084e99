import {
  type ArchitectureTraits,
  architecture,
  expectedTensors,
  type NetworkName,
  networkDepths,
  networkNames,
  publishedPlanes,
} from './architecture.ts';
import type { StateDict } from './checkpoint/tensor.ts';

/** Properties read from the keys and shapes of a state dict: the depth, and differences from MedicalNet's release. */
export interface RecognisedNetwork {
  name: NetworkName;
  traits: ArchitectureTraits;
  /**
   * Why these cannot be weights that MedicalNet's code made (a bias in the shortcut, another width), so that MONAI's
   * strided graph is the likely one; undefined where keys and shapes fit both.
   */
  monaiOnly: string | undefined;
}

type Tensors = Pick<StateDict, 'tensors'>;

/**
 * Reads depth, shortcut, width, stem and channels off the keys and shapes. It reports what is there and does not check
 * that all of it is: `checkWeights` does. `undefined` where stem or layers are missing, or no ResNet has these blocks.
 *
 * @param known a depth that the caller names; the number of blocks then does not matter
 */
export function networkFromKeys(
  { tensors }: Tensors,
  known?: NetworkName,
): RecognisedNetwork | undefined {
  const shapeOf = (key: string) => tensors.get(key)?.shape;
  const name = known ?? depthOf(tensors.keys());
  const stem = shapeOf('conv1.weight');
  const planes = [1, 2, 3, 4].map((layer) => shapeOf(`layer${layer}.0.conv1.weight`)?.[0]);
  if (name === undefined || stem?.length !== 5 || planes.some((width) => width === undefined)) {
    return undefined;
  }
  const [p1, p2, p3, p4] = planes as number[];
  const downsample = [1, 2, 3, 4].map((layer) => `layer${layer}.0.downsample.0`);
  const shortcut = downsample.some((key) => tensors.has(`${key}.weight`)) ? 'B' : 'A';
  const shortcutBias = downsample.some((key) => tensors.has(`${key}.bias`));
  // An even kernel has no centre: no ResNet is built so, and the published size is what the refusal then names.
  const kernel = stem[2] % 2 === 1 ? stem[2] : 7;
  const widened = [p1, p2, p3, p4].some((width, i) => width !== publishedPlanes[i]);
  const traits: ArchitectureTraits = {
    ...(shortcut === networkDepths[name].shortcut ? {} : { shortcut }),
    ...(shortcutBias ? { shortcutBias } : {}),
    ...(widened ? { planes: [p1, p2, p3, p4] as const } : {}),
    ...(stem[1] === 1 ? {} : { channels: stem[1] }),
    ...(kernel === 7 ? {} : { stemKernel: kernel }),
  };
  const reasons = [
    ...(shortcutBias ? ['a bias in the shortcut'] : []),
    ...(widened ? [`layers of ${p1}, ${p2}, ${p3} and ${p4} channels`] : []),
    ...(kernel === 7 ? [] : [`a stem of ${kernel} voxels`]),
  ];
  return { name, traits, monaiOnly: reasons.length === 0 ? undefined : reasons.join(', ') };
}

/**
 * The network whose keys and shapes a state dict has, if it is one (further tensors and missing batch counters do not
 * matter here).
 */
export function recogniseNetwork(state: Tensors): RecognisedNetwork | undefined {
  const found = networkFromKeys(state);
  if (found === undefined) return undefined;
  const whole = expectedTensors(architecture(found.name, found.traits)).every(
    ({ key, shape, role }) => role === 'count' || sameShape(state.tensors.get(key)?.shape, shape),
  );
  return whole ? found : undefined;
}

/** The depth by kind of block and blocks per layer. */
function depthOf(keys: Iterable<string>): NetworkName | undefined {
  const counts = [0, 0, 0, 0];
  let bottleneck = false;
  for (const key of keys) {
    const [, layer, block, rest] = /^layer([1-4])\.(\d{1,3})\.(.*)$/.exec(key) ?? [];
    if (layer === undefined) continue;
    counts[+layer - 1] = Math.max(counts[+layer - 1], +block + 1);
    bottleneck ||= rest === 'conv3.weight';
  }
  return networkNames.find((name) => {
    const { block, blocks } = networkDepths[name];
    return `${blocks}` === `${counts}` && (block === 'bottleneck') === bottleneck;
  });
}

/** Equal in number of axes and in every size. */
export function sameShape(
  found: readonly number[] | undefined,
  wanted: readonly number[],
): boolean {
  return (
    found !== undefined && found.length === wanted.length && found.every((n, i) => n === wanted[i])
  );
}
