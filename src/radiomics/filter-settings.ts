/** A value, or several: an image for each. */
export type OneOrMore<T> = T | readonly T[];

/** The values of a setting that may be one or several. */
export function each<T>(given: OneOrMore<T>): readonly T[] {
  return Array.isArray(given) ? given : [given as T];
}

/** Defaults of the settings in `filter-fields.ts`. */
export const defaultFilterSettings = {
  boundary: null,
  rotationInvariance: null,
  meanSize: 5,
  lawsKernel: null,
  lawsEnergy: null,
  gaborSigma: 5,
  gaborLambda: 2,
  gaborGamma: 1,
  gaborTheta: 0,
  gaborThetaStep: null,
  gaborPlanes: false,
  lbp2DRadius: 1,
  lbp2DSamples: 8,
  lbp2DMethod: 'uniform',
  waveletDecimated: false,
} as const;

/** Kernels of Laws as they are set, or the default for the number of axes. */
export function lawsKernelsOf({
  lawsKernel,
  force2D,
}: {
  lawsKernel: OneOrMore<string> | null;
  force2D: boolean;
}): readonly string[] {
  return lawsKernel === null ? [force2D ? 'L5E5' : 'L5E5E5'] : each(lawsKernel);
}
