import type { ErrorCatalogue } from './catalogue.ts';

/** Scans, masks and grids. */
export const imagingErrors = {
  'not-an-image': {
    when: 'A file is neither NIfTI nor NRRD.',
    todo: 'Convert it, or correct the path.',
  },
  'bad-header': {
    when: 'The header of an image is damaged or contradicts itself.',
    todo: 'Export the image again.',
  },
  'not-dicom': { when: 'A file is not DICOM.', todo: 'Correct the path.' },
  'bad-dicom': { when: 'A DICOM file is damaged.', todo: 'Export it again.' },
  'transfer-syntax': {
    when: 'A DICOM file is compressed in a way that nacre does not read.',
    todo: 'Export it uncompressed, for example with dcmdjpeg.',
  },
  'no-pixels': { when: 'A DICOM file holds no image.', todo: 'Name an image series.' },
  'pixel-length': {
    when: 'A DICOM file holds more pixels than its header says.',
    todo: 'Export it again.',
  },
  'bad-pixels': {
    when: 'Packed pixels of a DICOM file cannot be unpacked, or have another size than its header says.',
    todo: 'Export it again.',
  },
  'secondary-capture': {
    when: 'A DICOM series is a picture of a screen.',
    todo: 'Name the series that it was taken from.',
  },
  monochrome1: {
    when: 'A DICOM image shows its lowest values brightest.',
    todo: 'Export it as MONOCHROME2.',
  },
  colour: { when: 'A DICOM image is in colour.', todo: 'Name the series that it was made from.' },
  localiser: {
    when: 'A DICOM series is a localiser (scout).',
    todo: 'Name the series that was planned on it.',
  },
  'modality-lut': {
    when: 'The values of a DICOM series come from a lookup table.',
    todo: 'Export it with rescale slope and intercept.',
  },
  'no-position': {
    when: 'A DICOM series does not say where its slices lie.',
    todo: 'Export it with position and orientation.',
  },
  'no-spacing': {
    when: 'A DICOM series gives no distance between its pixels or slices.',
    todo: 'Export it with pixel spacing and slice thickness.',
  },
  'ambiguous-slices': {
    when: 'Several slices of a DICOM series lie at one position, and nothing in the headers distinguishes them.',
    todo: 'Export each volume as a series of its own.',
  },
  'uneven-slices': {
    when: 'The slices of a DICOM series are not evenly spaced, or one is missing.',
    todo: 'Export the series whole.',
  },
  sheared: {
    when: 'The slices of a DICOM series are stacked at an angle to their normal (gantry tilt).',
    todo: 'Ask for deskewing, or export the series without tilt.',
  },
  'several-series': {
    when: 'A folder holds several DICOM series or volumes that could be meant.',
    todo: 'Name one of those that the message lists.',
  },
  'several-regions': {
    when: 'A contour set or segmentation holds several regions that could be meant.',
    todo: 'Name one of those that the message lists (--roi).',
  },
  'overlapping-segments': {
    when: 'Segments of a segmentation share voxels, so that they are no labels.',
    todo: 'Name one segment (--roi).',
  },
  'needs-image': {
    when: 'Contours or a segmentation can be drawn only on the grid of their image.',
    todo: 'Name the image, too.',
  },
  'other-frame-of-reference': {
    when: 'Contours or a segmentation were drawn in another coordinate system than that of the image.',
    todo: 'Name the image that they were drawn on.',
  },
  'bad-contour': {
    when: 'A contour is open, not planar, or lies on no slice of the image.',
    todo: 'Export the contours again, closed and on the slices of the image.',
  },
  'frame-count': {
    when: 'A DICOM file holds another number of frames than its header says.',
    todo: 'Export it again.',
  },
  'bad-size': {
    when: 'A header declares an impossible number of voxels.',
    todo: 'Export the image again.',
  },
  'bad-geometry': {
    when: 'The axes of an image are unusable: not perpendicular, of no length, or turned where that is not supported.',
    todo: 'Correct the orientation in the header, or resample the image.',
  },
  'four-dimensional': {
    when: 'An image has more than three dimensions.',
    todo: 'Extract one volume of the series.',
  },
  'unsupported-type': {
    when: 'Voxels of this type do not hold a single number (colour, complex, block).',
    todo: 'Save the image with a numeric voxel type.',
  },
  'unsupported-encoding': {
    when: 'An NRRD encoding that nacre does not read.',
    todo: 'Save it as raw or gzip.',
  },
  detached: {
    when: 'An NRRD header keeps its voxels in a separate file that is not allowed here.',
    todo: 'Save header and voxels as one file.',
  },
  'voxel-range': {
    when: 'A 64-bit voxel is too large to be held exactly.',
    todo: 'Save the image with a smaller voxel type.',
  },
  'not-a-mask': {
    when: 'A mask holds values that are not labels.',
    todo: 'Save the mask with whole numbers.',
  },
  'wrong-label': {
    when: 'The mask has no voxel of the label that is asked for.',
    todo: 'Use one of the labels that the message lists.',
  },
  exchanged: {
    when: 'Image and mask seem to be exchanged.',
    todo: 'Exchange them, or name a threshold for the mask.',
  },
  'empty-mask': {
    when: 'A mask or region has no voxel, or none is left on the grid that is used.',
    todo: 'Check the mask, its label and the spacing.',
  },
  'geometry-mismatch': {
    when: 'A mask or region lies on another grid than the image.',
    todo: 'Resample the mask onto the image, or export both again.',
  },
  'region-too-small': {
    when: 'The region has fewer voxels than are needed.',
    todo: 'Check the mask; lower the minimum only on purpose.',
  },
  'empty-ring': {
    when: 'The peritumoral ring has no voxel.',
    todo: 'Check the mask and the ring margins.',
  },
  'non-finite': {
    when: 'Voxels that are needed are NaN or infinite.',
    todo: 'Correct the image, or leave these voxels out of the mask.',
  },
  'flat-image': {
    when: 'The voxels that are needed all have one value.',
    todo: 'Check the image and the mask.',
  },
} as const satisfies ErrorCatalogue;
