/**
 * The default study (studies/phantom.yaml) cut to what a bench can wait for: one scan of three, one endpoint, no audit;
 * extractors, settings, partitions and pipeline are its own.
 */
export function study(patients: number): string {
  return `
id: bench
title: Bench on SYNTHETIC patients
cohort: { phantom: { patients: ${patients}, seed: 1, signal: 1, missingScans: 0 } }
endpoints: [pcr]
extraction:
  scans: [T2]
  weights: random
  deep: { size: 32, spacing: 2 }
  radiomics:
    imageType: { Original: {}, LoG: { sigma: [3] } }
    setting:
      normalize: true
      normalizeScale: 100
      binWidth: 10
      resampledPixelSpacing: [1.5, 1.5, 1.5]
      interpolator: sitkLinear
sets:
  clinical: { clinical: true }
  radiomics: { extractor: radiomics, clinical: true }
  resnet10: { extractor: resnet10, clinical: true }
  resnet18: { extractor: resnet18, clinical: true }
  resnet34: { extractor: resnet34, clinical: true }
  resnet50: { extractor: resnet50, clinical: true }
seed: 3394
partitions: 10
testShare: 0.2
pipeline:
  impute: median
  scale: zscore
  correlationThreshold: 0.95
  mrmr: { method: fcq, features: 20 }
  rfe: { features: 8, step: 1 }
  booster: { rounds: [50, 100], maxDepth: [2, 3], learningRate: [0.1] }
  classWeight: balanced
`;
}
