import { z } from 'zod';
import { lawsPattern } from './filters/laws.ts';
import { lbpMethods } from './filters/local-binary-pattern-2d.ts';

const oneOrMore = <S extends z.ZodType>(one: S) => z.union([one, z.array(one).min(1)]);
const positive = z.number().gt(0);

/** Settings of filters that PyRadiomics does not have, those of IBSI 2, and of LBP2D. */
export const filterFields = {
  /**
   * What lies beyond the image. null: `mirror`; for Wavelet and LoG in PyRadiomics' conventions PyRadiomics' own, which LoG
   * cannot change.
   */
  boundary: z.enum(['zero', 'nearest', 'mirror', 'periodic']).nullable(),
  /**
   * Wavelet and Laws: pool the responses to the filter turned by right angles, 24 ways (4 slice by slice). Gabor: how directions
   * and planes are pooled. null: none; Gabor's mean.
   */
  rotationInvariance: z.enum(['max', 'mean']).nullable(),
  /** Mean: edge of the neighbourhood, voxels, odd. */
  meanSize: oneOrMore(
    z
      .int()
      .min(1)
      .refine((n) => n % 2 === 1, 'an odd number of voxels'),
  ),
  /** Laws: a kernel per axis, `E5L5S5`; two slice by slice. null: L5E5E5, L5E5 slice by slice. */
  lawsKernel: oneOrMore(z.string().regex(lawsPattern, 'kernels such as L5E5E5')).nullable(),
  /** Laws: radius of the neighbourhood of the energy, voxels; null: the response itself. */
  lawsEnergy: z.int().min(1).nullable(),
  /** Gabor: standard deviation of the envelope, mm. */
  gaborSigma: oneOrMore(positive),
  /** Gabor: wavelength, mm. */
  gaborLambda: oneOrMore(positive),
  /** Gabor: aspect ratio of the envelope. */
  gaborGamma: oneOrMore(positive),
  /** Gabor: direction of the wave, degrees clockwise from i in the slice. */
  gaborTheta: z.number(),
  /** Gabor: further directions in steps of so many degrees up to a full turn; null: one direction. */
  gaborThetaStep: z.number().gt(0).max(360).nullable(),
  /** Gabor: in the three orthogonal planes, not in the slices alone. */
  gaborPlanes: z.boolean(),
  /** LBP2D (PyRadiomics' own, with scikit-image): radius of the circle, voxels. */
  lbp2DRadius: positive,
  /** LBP2D: points on it. */
  lbp2DSamples: z.int().min(2).max(24),
  /** LBP2D: how signs become a number. */
  lbp2DMethod: z.enum(lbpMethods),
  /** Wavelet: keep every other coefficient, as PyWavelets' dwtn does; features take each for the voxels nearest to it. */
  waveletDecimated: z.boolean(),
};
