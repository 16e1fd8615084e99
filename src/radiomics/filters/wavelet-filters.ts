import { NacreError, nearestName } from '../../runtime/errors.ts';
import { biorthogonalCoefficients } from './wavelet-biorthogonal.ts';
import { scalingCoefficients } from './wavelet-coefficients.ts';
import { longCoiflets } from './wavelet-long-coiflets.ts';
import { longDaubechies } from './wavelet-long-daubechies.ts';

/** Decomposition filters of a wavelet, in the order in which a convolution takes them. */
export interface WaveletFilters {
  readonly L: Float64Array;
  readonly H: Float64Array;
}

const orthogonal: Readonly<Record<string, readonly number[]>> = {
  ...scalingCoefficients,
  ...longDaubechies,
  ...longCoiflets,
};

/** Names of the wavelets there are: every discrete one of PyWavelets. */
export const waveletNames: readonly string[] = [
  'haar',
  ...Object.keys(orthogonal),
  ...Object.keys(biorthogonalCoefficients),
  ...Object.keys(biorthogonalCoefficients).map((name) => name.replace('bior', 'rbio')),
];

/** The known names, shortened. */
export const waveletRanges =
  'haar, db1 to db38, sym2 to sym20, coif1 to coif17, dmey, bior1.1 to bior6.8, rbio1.1 to rbio6.8';

/**
 * Decomposition filters as PyWavelets has them (`Wavelet.dec_lo`, `Wavelet.dec_hi`): the low-pass of an orthogonal wavelet is its
 * scaling filter reversed; the high-pass is the reconstruction low-pass with every other sign changed (quadrature mirror).
 *
 * @param options `single`: taps as PyWavelets holds them in float32
 * @throws NacreError `unknown-name`
 */
export function waveletFilters(
  name: string,
  { single = false }: { single?: boolean } = {},
): WaveletFilters {
  const { decomposition, reconstruction } = lowPasses(name);
  const held = (taps: readonly number[]) => (single ? singleTaps(name, taps) : taps);
  return {
    L: Float64Array.from(held(decomposition)),
    H: Float64Array.from(held(reconstruction), (x, i) => (i % 2 === 0 ? -x : x)),
  };
}

function lowPasses(name: string): {
  decomposition: readonly number[];
  reconstruction: readonly number[];
} {
  const scaling = orthogonal[name === 'haar' ? 'db1' : name];
  if (scaling !== undefined) {
    return { decomposition: [...scaling].reverse(), reconstruction: scaling };
  }
  const pair = biorthogonalCoefficients[name.replace(/^rbio/, 'bior')];
  if (pair === undefined) {
    const near = nearestName(name, waveletNames);
    throw new NacreError('unknown-name', 'there is no discrete wavelet of this name', {
      found: name,
      expected: waveletRanges,
      todo: near === undefined ? undefined : `did you mean ${near}?`,
    });
  }
  const [decomposition, reconstruction] = pair;
  if (name.startsWith('bior')) return { decomposition, reconstruction };
  return {
    decomposition: [...reconstruction].reverse(),
    reconstruction: [...decomposition].reverse(),
  };
}

/** PyWavelets' taps in float32: its coiflets are held with sum 1 and multiplied by √2 in float32, which rounds a second time. */
function singleTaps(name: string, taps: readonly number[]): number[] {
  if (!name.startsWith('coif')) return taps.map(Math.fround);
  return taps.map((x) => Math.fround(Math.fround(x / Math.SQRT2) * Math.fround(Math.SQRT2)));
}
