import { endpointOf } from '../report/open-run.ts';
import type { Run } from '../study/run-folder.ts';
import { type DataFrame, dataFrame } from './data-frame.ts';

export interface ResultsFrameOptions {
  /** Id of the endpoint; default the first one. */
  endpoint?: string | undefined;
}

/**
 * The results of one endpoint as a danfojs DataFrame: a row per feature set, then a row per published number (its own
 * columns empty), mean and 95% interval of balanced accuracy, and the means of the other metrics. Shares in [0, 1].
 *
 * @throws NacreError `package-missing` where danfojs-node is not installed
 */
export async function resultsFrame(
  run: Run,
  options: ResultsFrameOptions = {},
): Promise<DataFrame> {
  const endpoint = endpointOf(run, options.endpoint);
  const missing = Number.NaN;
  const rows = [
    ...endpoint.featureSets.map(({ title, patients, positives, candidates, summary: s }) => ({
      'feature set': title,
      patients,
      [endpoint.positiveName]: positives,
      candidates,
      'balanced accuracy': s.balancedAccuracy.mean,
      sd: s.balancedAccuracy.sd,
      '95% low': s.balancedAccuracy.low,
      '95% high': s.balancedAccuracy.high,
      sensitivity: s.sensitivity.mean,
      specificity: s.specificity.mean,
      AUC: s.auc.mean,
      Brier: s.brier.mean,
      'published balanced accuracy': missing,
      'published AUC': missing,
    })),
    ...endpoint.published.map((number) => ({
      'feature set': `published: ${number.label}`,
      patients: missing,
      [endpoint.positiveName]: missing,
      candidates: missing,
      'balanced accuracy': missing,
      sd: missing,
      '95% low': missing,
      '95% high': missing,
      sensitivity: missing,
      specificity: missing,
      AUC: missing,
      Brier: missing,
      'published balanced accuracy': number.balancedAccuracy ?? missing,
      'published AUC': number.auc ?? missing,
    })),
  ];
  return dataFrame(rows);
}
