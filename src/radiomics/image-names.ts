import type { ImageType, Settings } from './settings.ts';

/**
 * Names of the images that an image type gives, in the order in which they are made: PyRadiomics' names, known before
 * any image is seen, so that a table has the same columns for every case.
 */
export function imageNames(type: ImageType, settings: Settings): string[] {
  switch (type) {
    case 'Original':
      return ['original'];
    case 'LoG':
      return settings.sigma.map((sigma) => `log-sigma-${sigmaText(sigma)}-mm-3D`);
    case 'Wavelet':
      return waveletNames(settings);
    case 'LBP3D':
      return [
        ...Array.from({ length: settings.lbp3DLevels }, (_, level) => `lbp-3D-m${level + 1}`),
        'lbp-3D-k',
      ];
    default:
      return [type.toLowerCase()];
  }
}

/** Python's spelling of a float with a hyphen for the point; a text keeps its own. */
function sigmaText(sigma: number | string): string {
  const text =
    typeof sigma === 'string' ? sigma : Number.isInteger(sigma) ? sigma.toFixed(1) : String(sigma);
  return text.replace('.', '-');
}

/** `wavelet-LLH` …: details of each level, `wavelet2-LLH` from the second on, the approximation of the last at the end. */
function waveletNames({ level, force2D }: Settings): string[] {
  const axes = force2D ? 2 : 3;
  const bands = Array.from({ length: 2 ** axes }, (_, band) =>
    band.toString(2).padStart(axes, '0').replaceAll('0', 'L').replaceAll('1', 'H'),
  );
  const prefix = (at: number) => (at === 1 ? 'wavelet' : `wavelet${at}`);
  const details = Array.from({ length: level }, (_, i) =>
    bands.slice(1).map((band) => `${prefix(i + 1)}-${band}`),
  );
  return [...details.flat(), `${prefix(level)}-${bands[0]}`];
}
