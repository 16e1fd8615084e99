import { type PipelineConfig, pipelineConfig } from '../../src/learning/pipeline-config.ts';

/** The paper's way: median imputation, z-score, F-test mRMR (FCQ) to 50, RFE to 10 in steps of 1, 100 exact trees of depth 3. */
export function scaleConfig(implementation: 'ml-xgboost' | 'native'): PipelineConfig {
  return pipelineConfig({
    mrmr: { method: 'fcq', features: 50 },
    rfe: { features: 10, step: 1 },
    booster: { implementation },
  });
}
