import { CheckedExtractor } from './checked-extractor.ts';
import { type ParameterFile, type RadiomicsSettings, radiomicsSettings } from './parameter-file.ts';

/** Handcrafted radiomics: from a scan and a mask to a row of features, in PyRadiomics' order. */
export class RadiomicsExtractor extends CheckedExtractor {
  /**
   * @param settings as in a PyRadiomics parameter file; what is left out takes PyRadiomics' default
   * @throws NacreError `unknown-key`, `bad-config`
   */
  constructor(settings: ParameterFile | RadiomicsSettings = {}) {
    super(radiomicsSettings(settings as ParameterFile));
  }
}
