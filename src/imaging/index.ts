// Images: volumes and masks in millimetres, read, resampled and written.

export * from '../runtime/index.ts';
export { bodyMask } from './body.ts';
export { writeSegmentation } from './dicom/write-segmentation.ts';
export { peritumoralRing } from './peritumoral-ring.ts';
export {
  type PerturbedMask,
  type PerturbMaskOptions,
  perturbMask,
} from './perturb/perturb-mask.ts';
export { readRegions } from './read-regions.ts';
export { readMask, readMasks, readVolume } from './read-volume.ts';
export { regionVolume } from './region-volume.ts';
export { resample } from './resample.ts';
export { tumourRegions } from './tumour-regions.ts';
export type { Geometry, Mask, Volume } from './volume.ts';
export { writeNifti } from './write-nifti.ts';
