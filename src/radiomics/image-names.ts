import { each, lawsKernelsOf } from './filter-settings.ts';
import type { ImageType } from './image-type-names.ts';
import type { Settings } from './settings.ts';

/**
 * Names of the images that an image type gives, in the order in which they are made: PyRadiomics' names, known before
 * any image is seen, so that a table has the same columns for every case.
 */
export function imageNames(type: ImageType, settings: Settings): string[] {
  switch (type) {
    case 'Original':
      return ['original'];
    case 'LoG':
      return settings.sigma.map((sigma) => {
        const name = `log-sigma-${sigmaText(sigma)}-mm`;
        return settings.conventions === 'ibsi' ? name + ofIbsi(settings) : `${name}-3D`;
      });
    case 'Mean':
      return each(settings.meanSize).map((size) => `mean-${size}${ofIbsi(settings)}`);
    case 'Laws':
      return lawsKernelsOf(settings).map((kernel) => lawsName(kernel, settings));
    case 'Gabor':
      return gaborChoices(settings).map((one) => gaborName(one, settings));
    case 'Simoncelli':
      return simoncelliLevels(settings).map(
        (level) => `simoncelli-level-${level}${ofIbsi(settings)}`,
      );
    case 'Wavelet':
      return waveletNames(settings);
    case 'LBP2D':
      return ['lbp-2D'];
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
function waveletNames(settings: Settings): string[] {
  const { level, force2D, rotationInvariance: pooling, waveletDecimated, boundary } = settings;
  const axes = force2D ? 2 : 3;
  const bands = Array.from({ length: 2 ** axes }, (_, band) =>
    band.toString(2).padStart(axes, '0').replaceAll('0', 'L').replaceAll('1', 'H'),
  );
  const prefix = (at: number) => (at === 1 ? 'wavelet' : `wavelet${at}`);
  const details = Array.from({ length: level }, (_, i) =>
    bands.slice(1).map((band) => `${prefix(i + 1)}-${band}`),
  );
  // What PyRadiomics does not do stands behind its name.
  const beyond = [
    pooling === null || waveletDecimated ? '' : `-invar-${pooling}`,
    waveletDecimated ? '-decimated' : '',
    boundary === null ? '' : `-${boundary}`,
  ].join('');
  return [...details.flat(), `${prefix(level)}-${bands[0]}`].map((name) => name + beyond);
}

/** Dimensions of a filter of IBSI 2, and what lies beyond the image where that is not its mirror image. */
function ofIbsi({ force2D, boundary }: Settings, flat = force2D): string {
  const beyond = boundary === null || boundary === 'mirror' ? '' : `-${boundary}`;
  return `${flat ? '-2D' : '-3D'}${beyond}`;
}

function lawsName(kernel: string, settings: Settings): string {
  const { rotationInvariance: pooling, lawsEnergy } = settings;
  const invariant = pooling === null ? '' : `-invar-${pooling}`;
  const energy = lawsEnergy === null ? '' : `-energy-${lawsEnergy}`;
  return `laws-${kernel}${invariant}${energy}${ofIbsi(settings)}`;
}

/** Parameters of the Gabor images, one after the other. */
export function gaborChoices({ gaborSigma, gaborLambda, gaborGamma }: Settings) {
  return each(gaborSigma).flatMap((sigma) =>
    each(gaborLambda).flatMap((lambda) =>
      each(gaborGamma).map((gamma) => ({ sigma, lambda, gamma })),
    ),
  );
}

function gaborName(
  { sigma, lambda, gamma }: { sigma: number; lambda: number; gamma: number },
  settings: Settings,
): string {
  const { gaborTheta, gaborThetaStep, gaborPlanes, rotationInvariance } = settings;
  const text = (x: number) => String(x).replace('.', '-');
  const step = gaborThetaStep === null ? '' : `-step-${text(gaborThetaStep)}`;
  const several = gaborThetaStep !== null || gaborPlanes;
  const pooling = several ? `-${rotationInvariance ?? 'mean'}` : '';
  return (
    `gabor-sigma-${sigmaText(sigma)}-mm-lambda-${sigmaText(lambda)}-mm-gamma-${text(gamma)}` +
    `-theta-${text(gaborTheta)}${step}${pooling}${ofIbsi(settings, !gaborPlanes)}`
  );
}

/** Numbers of the bands: as many as `level` says, after those that `start_level` leaves out. */
export function simoncelliLevels({ level, start_level }: Settings): number[] {
  return Array.from({ length: level }, (_, i) => start_level + i + 1);
}
