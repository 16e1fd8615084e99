import { geometryOf, type Volume } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';
import { wholeBox } from './filters/boundary.ts';
import type { FilteredImage } from './filters/filtered-image.ts';
import type { ImageType } from './image-type-names.ts';
import { imagesOf } from './image-types.ts';
import { radiomicsSettings } from './parameter-file.ts';
import type { Settings } from './settings.ts';

export interface FilterImageOptions extends Partial<Settings> {
  /** Image type of a parameter file: `LoG`, `Laws`, `Gabor`, `Wavelet`, `Simoncelli`, `Mean`, `Gradient` … */
  filter: ImageType;
}

/**
 * Response maps of a filter over the whole image, each under the name that stands in columns of features (`wavelet-LLH`).
 *
 * Settings are those of a parameter file (mm, voxels and degrees as there). Unlike an extraction this follows IBSI 2 unless
 * `conventions: 'pyradiomics'` is given: LoG and Wavelet then are PyRadiomics' own. Of a decimated wavelet each coefficient is
 * repeated over the voxels that it is nearest to.
 *
 * @param volume any voxel type; geometry is kept
 * @returns the maps in doubles (float32 where PyRadiomics' filter works so), x fastest
 * @throws NacreError `bad-config`, `image-too-small`, `no-image` where the filter cannot be applied
 * @example
 * const [map] = filterImage(scan, { filter: 'Laws', lawsKernel: 'E5L5S5', rotationInvariance: 'max', lawsEnergy: 7 });
 * writeNifti('energy.nii.gz', map.volume);
 */
export function filterImage(
  volume: Volume,
  { filter, ...given }: FilterImageOptions,
): FilteredImage[] {
  const { setting } = radiomicsSettings({
    imageType: { [filter]: {} },
    setting: { conventions: 'ibsi', ...given },
  });
  const everywhere = {
    ...geometryOf(volume),
    data: new Uint8Array(volume.data.length).fill(1),
  };
  return [...imagesOf(filter, volume, setting, wholeBox(volume), [everywhere])].map((image) => {
    if ('reason' in image) throw new NacreError('no-image', `${image.name}: ${image.reason}`);
    return { name: image.name, volume: withDisplay({ ...image.volume }) };
  });
}
