import { z } from 'zod';

/** Names of the classifiers that a pipeline or a feature set can ask for. */
export const classifiers = ['xgboost', 'logistic', 'ridge', 'lasso'] as const;
export type ClassifierName = (typeof classifiers)[number];

const penalties = ['ridge', 'lasso'] as const;
export type Penalty = (typeof penalties)[number];

/** Penalties to try, all with all strengths; inner folds of the training rows choose. RFE runs with the first of each. */
export const logisticSchema = z.strictObject({
  /** `ridge`: ½ Σw²; `lasso`: Σ|w|. The intercept is not penalised. */
  penalty: z.array(z.enum(penalties)).min(1).default(['ridge']),
  /** Inverse strengths, scikit-learn's `C`: they multiply the sum of the losses. */
  c: z.array(z.number().gt(0).max(1e6)).min(1).default([1, 0.1, 0.01, 0.001, 10, 100]),
  /** Score by which inner folds compare: mean over folds of log-loss (lower) or of AUC (higher). */
  metric: z.enum(['logloss', 'auc']).default('logloss'),
});

export type LogisticSettings = z.output<typeof logisticSchema>;

export const logisticDefaults: LogisticSettings = logisticSchema.parse({});

/** What inner folds chose. */
export interface LogisticChoice {
  penalty: Penalty;
  c: number;
}
