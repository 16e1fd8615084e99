// Images: volumes and masks in millimetres, read, resampled and written.

export { writeSegmentation } from '../machine/dicom/write-segmentation.ts';
export { readRegions } from '../machine/read-regions.ts';
export { readMask, readMasks, readVolume } from '../machine/read-volume.ts';
export { writeNifti } from '../machine/write-nifti.ts';
export * from '../runtime/index.ts';
export { bodyMask } from './body.ts';
export { peritumoralRing } from './peritumoral-ring.ts';
export {
  type PerturbedMask,
  type PerturbMaskOptions,
  perturbMask,
} from './perturb/perturb-mask.ts';
export { regionVolume } from './region-volume.ts';
export { resample } from './resample.ts';
export { tumourRegions } from './tumour-regions.ts';
export type { Geometry, Mask, Volume } from './volume.ts';
