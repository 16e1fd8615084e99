// The room of deep features: MedicalNet's networks. Running one needs the optional package onnxruntime-node.

export * from '../runtime/index.ts';
export { architecture } from './architecture.ts';
export { type DeepInput, deepInput } from './deep-input.ts';
export {
  describeFeatures,
  type FeatureDescription,
  featureDifference,
} from './describe-features.ts';
export { describeInput, type InputDescription } from './describe-input.ts';
export { type DeepFeatures, type Encoding, ResNetEncoder } from './encoder.ts';
export type { LayerMap } from './layer-map.ts';
export { convertModel } from './models/convert-model.ts';
export { fetchModel, listModels } from './models/model-store.ts';
export { writeRandomNetwork } from './models/random-network.ts';
export { layerMultiplications } from './multiplications.ts';
export { type Preprocessing, preprocessingPresets } from './preprocessing.ts';
export { occlusionSaliency } from './saliency.ts';
export { saliencyShare } from './saliency-share.ts';
export { readStateDict } from './state-dict.ts';
