import { NacreError } from '../runtime/errors.ts';
import { firstNonFinite } from '../runtime/first-non-finite.ts';
import { rebuilt, specialise } from './onnx/specialise.ts';

// What comes before and after the runtime, wherever a network runs: in Node and in a page.

/** The graph of a plain model that is run: rewritten for a size where one is given, else as it is. */
export function graphFor(
  plain: Uint8Array,
  {
    file,
    size,
    pool,
  }: {
    file: string;
    size: readonly [number, number, number] | undefined;
    pool?: 'mean' | 'max' | undefined;
  },
): Uint8Array {
  if (size !== undefined) return specialise(plain, size, { file, pool });
  return pool === 'max' ? rebuilt(plain, file, { pool }) : plain;
}

/** A network whose numbers overflow gives no features: an error for the case, not a row of NaN. */
export function requireFiniteFeatures(features: Float32Array, network: string): void {
  const at = firstNonFinite(features);
  if (at < 0) return;
  throw new NacreError('model-output', `${network} gives features that are not numbers`, {
    found: `${features[at]} at feature ${at}`,
    expected: 'finite features',
    todo: 'check the weights (nacre models verify FILE) and the intensities of the scan',
  });
}
