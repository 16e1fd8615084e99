/** Image types: the image itself and what a filter makes of it. */
export const imageTypes = [
  'Original',
  'Wavelet',
  'LoG',
  'Square',
  'SquareRoot',
  'Logarithm',
  'Exponential',
  'Gradient',
  'LBP2D',
  'LBP3D',
  'Mean',
  'Laws',
  'Gabor',
  'Simoncelli',
] as const;
export type ImageType = (typeof imageTypes)[number];
