// Handcrafted features: PyRadiomics' names and parameter files, IBSI's values. No native code.

export * from '../runtime/index.ts';
export { discretise } from './discretisation.ts';
export { type ExtractedFeatures, type FailedRegion, RadiomicsExtractor } from './extractor.ts';
export { featureDefinitions } from './feature-definitions.ts';
export { type FilterImageOptions, filterImage } from './filter-image.ts';
export { type IbsiConfiguration, ibsiParameters } from './ibsi-configurations.ts';
export {
  type ParameterFile,
  type RadiomicsSettings,
  radiomicsSettings,
  readParameterFile,
} from './parameter-file.ts';
export { regionOfInterest } from './region-of-interest.ts';
export { VoxelMaps } from './voxel-maps.ts';
export type { VoxelSettings } from './voxel-settings.ts';
