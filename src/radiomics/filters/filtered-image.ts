import type { Box } from '../../imaging/crop.ts';
import type { Volume } from '../../imaging/volume.ts';

/** Result of a filter, under PyRadiomics' name of the image type: `wavelet-LLH`, `log-sigma-3-0-mm-3D`, `square`. */
export interface FilteredImage {
  name: string;
  volume: Volume;
}

export interface WithinBox {
  /**
   * Where the result is wanted; the result is that box, equal to the same voxels of the whole response. The rest of the image
   * still counts as neighbourhood. Default: the whole image.
   */
  within?: Box | undefined;
}
