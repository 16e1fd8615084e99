import { NacreError } from '../../runtime/errors.ts';
import { firstNonFinite } from '../../runtime/first-non-finite.ts';
import { expectedTensors, type ResNetArchitecture } from '../architecture.ts';
import { checkWeights } from '../check-weights.ts';
import type { StateDict } from '../state-dict.ts';

/** A convolution with its batch normalisation folded in: what runs. */
export interface FoldedConvolution {
  /** Key of the convolution in the state dict without `.weight`: `layer3.0.conv1`. */
  key: string;
  /** [out, in, depth, height, width]. */
  shape: readonly number[];
  /** Folded kernel, made anew at each call. */
  kernel(): Float32Array;
  /** One value an output channel. */
  bias(): Float32Array;
}

export type FoldedWeights = ReadonlyMap<string, FoldedConvolution>;

/**
 * Folds every batch normalisation into the convolution before it: with s = γ / √(σ² + ε), kernel · s and
 * β + (b - μ) · s, in float64 and then rounded once.
 *
 * Heads are left aside here; `checkWeights` is where they are refused.
 *
 * @throws NacreError those of `checkWeights`; `checkpoint-weights` where a folded weight is beyond float32
 */
export function foldWeights(state: StateDict, arch: ResNetArchitecture): FoldedWeights {
  checkWeights(state, arch, { ignoreExtra: true });
  const data = (key: string) => state.tensors.get(key)!.data;
  const folded = new Map<string, FoldedConvolution>();
  for (const { key: name, shape, role } of expectedTensors(arch)) {
    if (role !== 'kernel') continue;
    const key = name.slice(0, -'.weight'.length);
    const norm = normOf(key);
    const scale = Float64Array.from(data(`${norm}.weight`));
    const shift = Float64Array.from(data(`${norm}.bias`));
    const bias = state.tensors.get(`${key}.bias`)?.data;
    const mean = data(`${norm}.running_mean`);
    const variance = data(`${norm}.running_var`);
    for (let c = 0; c < scale.length; c++) {
      scale[c] /= Math.sqrt(variance[c] + arch.epsilon);
      shift[c] += ((bias?.[c] ?? 0) - mean[c]) * scale[c];
    }
    const kernel = () => {
      const source = data(name);
      const size = source.length / scale.length;
      const out = new Float32Array(source.length);
      for (let c = 0, i = 0; c < scale.length; c++) {
        const factor = scale[c];
        for (const end = i + size; i < end; i++) out[i] = source[i] * factor;
      }
      return requireFinite(out, key, state);
    };
    const bias32 = () => requireFinite(Float32Array.from(shift), key, state);
    folded.set(key, { key, shape, kernel, bias: bias32 });
  }
  return folded;
}

function requireFinite(values: Float32Array, key: string, { source }: StateDict): Float32Array {
  const at = firstNonFinite(values);
  if (at < 0) return values;
  throw new NacreError('checkpoint-weights', `${key} exceeds float32 after folding`, {
    file: source.file,
    found: `${values[at]} at element ${at}`,
    expected: 'finite float32 values',
    todo: 'the training diverged or the file is damaged: use another checkpoint',
  });
}

/** `layer1.0.conv2` → `layer1.0.bn2`, `layer1.0.downsample.0` → `layer1.0.downsample.1`. */
function normOf(convolution: string): string {
  if (convolution.endsWith('downsample.0')) return convolution.replace(/0$/, '1');
  return convolution.replace(/conv(\d)$/, 'bn$1');
}
