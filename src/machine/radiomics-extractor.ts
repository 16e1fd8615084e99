import { RadiomicsExtractor as Extractor } from '../radiomics/extractor.ts';
import type { Settings } from '../radiomics/settings.ts';
import { readParameterFile } from './read-parameter-file.ts';

/**
 * Handcrafted radiomics of a scan and a mask, with settings given in code or in a PyRadiomics parameter file.
 *
 * @example
 * const extractor = new RadiomicsExtractor({ imageType: { Original: {}, LoG: { sigma: [3] } } });
 * const { features } = extractor.execute(await readVolume('t1.nii.gz'), await readVolume('mask.nii.gz'));
 * features.original_glcm_Contrast;
 */
export class RadiomicsExtractor extends Extractor {
  /** With a PyRadiomics parameter file (YAML). */
  static fromFile(path: string, overrides: Partial<Settings> = {}): RadiomicsExtractor {
    return new RadiomicsExtractor(readParameterFile(path, overrides));
  }
}
