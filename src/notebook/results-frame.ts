import { endpointOf } from '../report/open-run.ts';
import type { Run } from '../study/run-folder.ts';
import { type DataFrame, dataFrame } from './data-frame.ts';

export interface ResultsFrameOptions {
  /** Id of the endpoint; default the first one. */
  endpoint?: string | undefined;
}

/**
 * The results of one endpoint as a danfojs DataFrame: a row per feature set with mean and 95% interval of balanced accuracy and
 * the means of the other metrics, then a row per published number, in columns of their own where there are any. Shares in [0, 1].
 *
 * @throws NacreError `package-missing` where danfojs-node is not installed
 */
export async function resultsFrame(
  run: Run,
  options: ResultsFrameOptions = {},
): Promise<DataFrame> {
  const endpoint = endpointOf(run, options.endpoint);
  const missing = Number.NaN;
  const given = (
    [
      ['published balanced accuracy', 'balancedAccuracy'],
      ['published AUC', 'auc'],
    ] as const
  ).filter(([, metric]) => endpoint.published.some((number) => number[metric] !== undefined));
  const publishedCells = (number?: (typeof endpoint.published)[number]) =>
    Object.fromEntries(given.map(([title, metric]) => [title, number?.[metric] ?? missing]));
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
      ...publishedCells(),
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
      ...publishedCells(number),
    })),
  ];
  return dataFrame(rows);
}
