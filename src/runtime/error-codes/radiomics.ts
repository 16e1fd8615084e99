import type { ErrorCatalogue } from './catalogue.ts';

/** Handcrafted features and their settings. */
export const radiomicsErrors = {
  'bad-bins': {
    when: 'Bins cannot be made with this width or count.',
    todo: 'Use a positive bin width, or a larger one.',
  },
  'bad-levels': {
    when: 'The region does not hold grey levels.',
    todo: 'Discretise the region first.',
  },
  'few-dimensions': {
    when: 'The region has fewer dimensions than `minimumROIDimensions`.',
    todo: 'Check the mask, or lower the setting.',
  },
  'single-voxel': { when: 'The region is a single voxel.', todo: 'Check the mask.' },
  'region-outside': {
    when: 'The region reaches out of the image, or out of the box around it.',
    todo: 'Check that mask and image belong together.',
  },
  'region-too-large': {
    when: 'The region is too large for a feature whose time grows with the square of its voxels.',
    todo: 'Leave the feature out, or resample to larger voxels.',
  },
  'resegmented-away': {
    when: 'Re-segmentation leaves too few voxels.',
    todo: 'Widen `resegmentRange`.',
  },
  'image-too-small': {
    when: 'The image is smaller than the filter needs.',
    todo: 'Use fewer wavelet levels, or a smaller filter.',
  },
  'no-image': {
    when: 'A filter gives no image for this scan.',
    todo: 'See the reason in the message.',
  },
  'not-flat': {
    when: '2D shape was asked of a region of more than one slice.',
    todo: 'Use one slice with force2D, or 3D shape.',
  },
} as const satisfies ErrorCatalogue;
