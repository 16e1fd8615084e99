// Handcrafted features: PyRadiomics' names and parameter files, IBSI's values. No native code.

export { RadiomicsExtractor } from '../machine/radiomics-extractor.ts';
export { readParameterFile } from '../machine/read-parameter-file.ts';
export * from '../runtime/index.ts';
export type { ExtractedFeatures, FailedRegion } from './checked-extractor.ts';
export { discretise } from './discretisation.ts';
export { featureDefinitions } from './feature-definitions.ts';
export { type FilterImageOptions, filterImage } from './filter-image.ts';
export type { IbsiConfiguration } from './ibsi-configuration-names.ts';
export { ibsiParameters } from './ibsi-configurations.ts';
export { type ParameterFile, type RadiomicsSettings, radiomicsSettings } from './parameter-file.ts';
export { regionOfInterest } from './region-of-interest.ts';
export { VoxelMaps } from './voxel-maps.ts';
export type { VoxelSettings } from './voxel-settings.ts';
