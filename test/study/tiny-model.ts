import type { TrainedModel } from '../../src/study/model-file.ts';

/** A model of one feature and one split, as `nacre train` writes it. */
export function tinyModel(): TrainedModel {
  const interval = { mean: 0.6, sd: 0.1, low: 0.4, high: 0.8 };
  return {
    format: 'nacre-model-1',
    card: {
      title: 'pCR: radiomics',
      intendedUse: 'For tests.',
      synthetic: true,
      warnings: ['SYNTHETIC'],
      cohort: { id: 'tiny', title: 'tiny', citation: 'none', licence: 'MIT' },
      patients: 40,
      positives: 20,
      leftOut: 0,
      performance: {
        partitions: 2,
        testShare: 0.2,
        metrics: { balancedAccuracy: interval, auc: interval },
      },
    },
    endpoint: { id: 'pcr', title: 'pCR', positiveName: 'pCR', negativeName: 'non-pCR' },
    featureSet: { id: 'radiomics', title: 'radiomics', candidates: 3 },
    recipe: {
      networks: [],
      scans: {},
      features: {
        'radiomics.Mean': { title: 'Mean', range: { low: 1, high: 9 }, mayBeMissing: true },
      },
      clinical: {},
    },
    pipeline: {
      columns: [{ name: 'radiomics.Mean', fill: 5, mean: 5, sd: 2, gain: 3 }],
      threshold: 0.5,
      engine: 'test',
      trees: {
        baseMargin: 0,
        features: 1,
        roots: [0],
        left: [1, -1, -1],
        right: [2, -1, -1],
        feature: [0, 0, 0],
        missingLeft: [1, 0, 0],
        value: [0.1, -0.5, 0.5],
        gain: [3, 0, 0],
        cover: [40, 20, 20],
      },
    },
    settings: {},
    booster: { rounds: 1 },
    provenance: {
      nacre: '0.0.0',
      node: 'v20',
      study: 'tiny',
      configSha256: '0',
      seed: 1,
      patientsSha256: '0',
      inputsSha256: '0',
      inputs: 0,
    },
  };
}
