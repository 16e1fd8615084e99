import { NacreError } from '../runtime/errors.ts';
import { expectedTensors, type ResNetArchitecture } from './architecture.ts';
import { isFloating } from './checkpoint/elements.ts';
import type { StateDict } from './checkpoint/tensor.ts';
import { recogniseNetwork, sameShape } from './recognise-network.ts';

export interface CheckWeightsOptions {
  /**
   * Leave further tensors outside the trunk (stem and layers) aside instead of refusing them. The heads `fc` and
   * `conv_seg` are always left aside. Default false.
   */
  ignoreExtra?: boolean | undefined;
}

export interface CheckedWeights {
  /** The state dict without the tensors that were left aside. */
  state: StateDict;
  /** Keys outside the trunk that were left aside, in file order. */
  leftAside: readonly string[];
}

/** Stem, layers and any tensor between them: leaving one out changes the features. */
const trunk = /^(conv1|bn1|layer\d+)\./;

/** Heads of MONAI's ResNet and of MedicalNet's segmentation network: nothing of them comes before the features. */
const knownHeads = /^(fc|conv_seg)\./;

/**
 * Checks that a state dict is that of a network: every key, every shape, floating-point weights, no negative variance.
 * Batch counters (`num_batches_tracked`) may be missing, as in checkpoints of torch before 0.4.1; nothing uses them.
 *
 * @throws NacreError `checkpoint-mismatch` with the keys that are missing, extra or of another shape, and the network
 *   that would fit; `checkpoint-type`; `checkpoint-weights`
 */
export function checkWeights(
  state: StateDict,
  arch: ResNetArchitecture,
  options: CheckWeightsOptions = {},
): CheckedWeights {
  const { tensors, source } = state;
  const expected = expectedTensors(arch);
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
  const further = [...tensors.keys()].filter((key) => !known.has(key));
  const inTrunk = further.filter((key) => trunk.test(key));
  const heads = further.filter((key) => !trunk.test(key));
  const unknownHeads = options.ignoreExtra ? [] : heads.filter((key) => !knownHeads.test(key));
  const faults = [
    ...several('missing', missing),
    ...several('extra in the trunk', inTrunk),
    ...several('extra', unknownHeads),
    ...several('of another shape:', reshaped),
  ];
  if (faults.length > 0) {
    const headsOnly = missing.length + reshaped.length + inTrunk.length === 0;
    throw new NacreError('checkpoint-mismatch', `the weights are not those of ${arch.name}`, {
      file: source.file,
      found: faults.join('; '),
      expected: `${expected.length} tensors of ${arch.name}`,
      todo: adviceFor(state, arch, headsOnly, inTrunk.length > 0),
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
  if (heads.length === 0) return { state, leftAside: [] };
  const kept = new Map([...tensors].filter(([key]) => known.has(key)));
  return { state: { source, tensors: kept }, leftAside: heads };
}

function adviceFor(
  state: StateDict,
  arch: ResNetArchitecture,
  headsOnly: boolean,
  inTrunk: boolean,
): string {
  const fits = recogniseNetwork(state)?.name;
  if (fits !== undefined && fits !== arch.name) return `they are those of ${fits}: say ${fits}`;
  if (headsOnly) {
    return 'a further head can be left aside: nacre models convert FILE --ignore-extra';
  }
  if (inTrunk) {
    return 'it is another network, whose features these tensors change: export it to ONNX and use that file';
  }
  return 'name the right architecture, or use another checkpoint';
}

/** At most six names, and how many more there are. */
function several(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 6).join(', ');
  const more = names.length > 6 ? ` and ${names.length - 6} more` : '';
  return [`${names.length} ${what} ${shown}${more}`];
}

function describe(shape: readonly number[]): string {
  return shape.length === 0 ? 'a scalar' : shape.join('×');
}
