import type { ErrorCatalogue } from './catalogue.ts';

/** Metrics and partitions. */
export const evaluationErrors = {
  'bad-prediction': {
    when: 'Predictions are not probabilities, or not as many as labels.',
    todo: 'Pass one probability per label.',
  },
} as const satisfies ErrorCatalogue;
