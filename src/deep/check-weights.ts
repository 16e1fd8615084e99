import { NacreError } from '../runtime/errors.ts';
import { architecture, expectedTensors, type NetworkName, networkNames } from './architecture.ts';
import { isFloating } from './checkpoint/elements.ts';
import type { StateDict } from './checkpoint/tensor.ts';

export interface CheckWeightsOptions {
  /** Leave further tensors (a segmentation or classification head) aside instead of refusing them. Default false. */
  ignoreExtra?: boolean | undefined;
}

/**
 * The network whose keys and shapes a state dict has, if it is one of the four (further tensors and missing batch
 * counters do not matter here).
 */
export function recogniseNetwork({ tensors }: Pick<StateDict, 'tensors'>): NetworkName | undefined {
  // Deepest first: a shallow network may be part of a deeper one, never the other way round.
  return [...networkNames]
    .reverse()
    .find((name) =>
      expectedTensors(architecture(name)).every(
        ({ key, shape, role }) => role === 'count' || sameShape(tensors.get(key)?.shape, shape),
      ),
    );
}

/**
 * Checks that a state dict is that of a network: every key, every shape, floating-point weights, no negative variance.
 * Batch counters (`num_batches_tracked`) may be missing, as in checkpoints of torch before 0.4.1; nothing uses them.
 *
 * @returns the state dict, without further tensors
 * @throws NacreError `checkpoint-mismatch` with the keys that are missing, extra or of another shape, and the network
 *   that would fit; `checkpoint-type`; `checkpoint-weights`
 */
export function checkWeights(
  stateDict: StateDict,
  network: NetworkName,
  options: CheckWeightsOptions = {},
): StateDict {
  const { tensors, source } = stateDict;
  const expected = expectedTensors(architecture(network));
  const known = new Set(expected.map(({ key }) => key));
  const missing: string[] = [];
  const reshaped: string[] = [];
  for (const { key, shape, role } of expected) {
    const tensor = tensors.get(key);
    if (tensor === undefined) {
      if (role !== 'count') missing.push(key);
    } else if (!sameShape(tensor.shape, shape)) {
      reshaped.push(`${key} (${describe(tensor.shape)} instead of ${describe(shape)})`);
    }
  }
  const extra = options.ignoreExtra ? [] : [...tensors.keys()].filter((key) => !known.has(key));
  const faults = [
    ...several('missing', missing),
    ...several('extra', extra),
    ...several('of another shape:', reshaped),
  ];
  if (faults.length > 0) {
    const fits = recogniseNetwork(stateDict);
    throw new NacreError('checkpoint-mismatch', `the weights are not those of ${network}`, {
      file: source.file,
      found: faults.join('; '),
      expected: `${expected.length} tensors of ${network}`,
      todo: adviceFor(network, fits, extra.length > 0 && missing.length + reshaped.length === 0),
    });
  }
  for (const { key, role } of expected) {
    const tensor = tensors.get(key);
    if (tensor === undefined || role === 'count') continue;
    if (!isFloating(tensor.dtype)) {
      throw new NacreError('checkpoint-type', `${key} is not of a floating-point type`, {
        file: source.file,
        found: tensor.dtype,
        expected: 'float32, float64, float16 or bfloat16',
        todo: 'use the weights as they were before quantisation',
      });
    }
    if (role === 'variance' && tensor.data.some((value) => value < 0)) {
      throw new NacreError('checkpoint-weights', `${key} holds a negative variance`, {
        file: source.file,
        found: String(tensor.data.find((value) => value < 0)),
        expected: '0 or more',
        todo: 'the file is damaged or made by hand: use another checkpoint',
      });
    }
  }
  if (!options.ignoreExtra) return stateDict;
  return { source, tensors: new Map([...tensors].filter(([key]) => known.has(key))) };
}

function adviceFor(
  network: NetworkName,
  fits: NetworkName | undefined,
  extraOnly: boolean,
): string {
  if (fits !== undefined && fits !== network) return `they are those of ${fits}: say ${fits}`;
  if (extraOnly) return 'leave a further head aside with --ignore-extra';
  return 'name the right architecture, or use another checkpoint';
}

/** At most six names, and how many more there are. */
function several(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 6).join(', ');
  const more = names.length > 6 ? ` and ${names.length - 6} more` : '';
  return [`${names.length} ${what} ${shown}${more}`];
}

function sameShape(found: readonly number[] | undefined, wanted: readonly number[]): boolean {
  return (
    found !== undefined && found.length === wanted.length && found.every((n, i) => n === wanted[i])
  );
}

function describe(shape: readonly number[]): string {
  return shape.length === 0 ? 'a scalar' : shape.join('×');
}
