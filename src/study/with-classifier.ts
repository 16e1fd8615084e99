import type { PipelineConfig } from '../learning/pipeline-config.ts';

/** A pipeline with another classifier; the same where none is named. */
export function withClassifier(
  pipeline: PipelineConfig,
  classifier: PipelineConfig['classifier'],
): PipelineConfig {
  return classifier === undefined ? pipeline : { ...pipeline, classifier };
}
