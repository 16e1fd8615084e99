import { type CalibrationName, calibrationNames } from '../evaluation/evaluate-predictions.ts';
import { type MetricName, metricNames } from '../evaluation/metrics.ts';
import type { ModelEvaluation } from '../study/evaluate-model.ts';
import type { TableRow } from './table-row.ts';

/** Metrics of predictions as pages and tables write them. */
export const metricTitles: Record<MetricName, string> = {
  balancedAccuracy: 'balanced accuracy',
  sensitivity: 'sensitivity',
  specificity: 'specificity',
  auc: 'AUC',
  accuracy: 'accuracy',
  f1: 'F1',
  prAuc: 'area under precision and recall',
  brier: 'Brier score (0 is best)',
};

/** A model on other patients: every metric and the numbers of calibration, each with its 95% interval. */
export function evaluationRows({ results: { metrics, calibration } }: ModelEvaluation): TableRow[] {
  const calibrated = Object.keys(calibrationNames) as CalibrationName[];
  return [
    ...metricNames.map((name) => ({ title: metricTitles[name], ...metrics[name] })),
    ...calibrated.map((name) => ({ title: calibrationNames[name], ...calibration[name] })),
  ].map(({ title, value, low, high }) => ({
    number: title,
    value,
    '95% low': low ?? undefined,
    '95% high': high ?? undefined,
  }));
}
