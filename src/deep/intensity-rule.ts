import type { Volume } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import type { IntensityRule } from './preprocessing.ts';

/** Maps intensities by a rule, in place; what each rule does is said at `Preprocessing.normalise`. */
export function applyRule(data: Float32Array, volume: Volume, rule: IntensityRule): void {
  if ('linear' in rule) {
    const { scale, shift } = rule.linear;
    for (let i = 0; i < data.length; i++) data[i] = data[i] * scale + shift;
    return;
  }
  const [low, high] = 'window' in rule ? rule.window : percentilesOf(volume, rule.percentiles);
  const [from, to] = rule.to;
  if (!(high > low)) {
    throw new NacreError('flat-image', 'the window of intensities is empty', {
      found: `${low} to ${high}`,
      expected: 'an upper end above the lower one',
      todo: 'check the scan and the window',
    });
  }
  const scale = (to - from) / (high - low);
  for (let i = 0; i < data.length; i++) {
    data[i] = from + scale * (Math.min(Math.max(data[i], low), high) - low);
  }
}

/** Percentiles of a scan are the same for all of its regions. */
const known = new WeakMap<Volume, Float64Array>();

/** Linear between the two nearest ranks, as NumPy's default. */
function percentilesOf(volume: Volume, shares: readonly [number, number]): [number, number] {
  let sorted = known.get(volume);
  if (sorted === undefined) {
    sorted = Float64Array.from(volume.data).sort();
    known.set(volume, sorted);
  }
  const values = sorted;
  const at = (share: number) => {
    const rank = (share / 100) * (values.length - 1);
    const below = Math.floor(rank);
    const above = Math.min(below + 1, values.length - 1);
    return values[below] + (rank - below) * (values[above] - values[below]);
  };
  return [at(shares[0]), at(shares[1])];
}
