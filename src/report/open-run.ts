import { NacreError } from '../runtime/errors.ts';
import { type Contribution, readContributions } from '../study/contributions.ts';
import { type Prediction, readPredictions } from '../study/predictions.ts';
import type { EndpointResults, FeatureSetResults, PerturbationResults } from '../study/results.ts';
import { type Run, readRun } from '../study/run-folder.ts';

/** A finished run with its test predictions: what figures, report and notebooks read. */
export interface OpenedRun extends Run {
  predictions: readonly Prediction[];
  /** What moved them, per test patient and feature; empty for runs of earlier versions. */
  contributions: readonly Contribution[];
}

/**
 * Opens a finished run folder: results, partitions, provenance and the predictions of every test patient.
 *
 * @param folder as `nacre study` wrote it
 * @throws NacreError `run-missing`, `bad-json`
 */
export async function openRun(folder: string): Promise<OpenedRun> {
  return {
    ...readRun(folder),
    predictions: await readPredictions(folder),
    contributions: await readContributions(folder),
  };
}

/** Stability under redrawn outlines. @throws NacreError `no-perturbation` for a run of a study without `perturb` */
export function perturbationOf(run: Run): PerturbationResults {
  const { perturbation } = run.results;
  if (perturbation !== undefined) return perturbation;
  throw new NacreError('no-perturbation', 'no outline was redrawn in this run', {
    file: run.folder,
    found: 'a study without perturb',
    expected: 'perturb: { times: 5 } in the study file',
    todo: 'add perturb and run the study again: what was extracted is kept',
  });
}

/**
 * The endpoint of that id; the first one where none is named.
 *
 * @throws NacreError `unknown-name` with the ids there are
 */
export function endpointOf(run: Run, id?: string): EndpointResults {
  const endpoints = run.results.endpoints;
  const found = id === undefined ? endpoints[0] : endpoints.find((e) => e.id === id);
  if (found !== undefined) return found;
  throw new NacreError('unknown-name', 'the run has no such endpoint', {
    file: run.folder,
    found: id ?? 'none',
    expected: endpoints.map((e) => e.id).join(', ') || 'at least one',
  });
}

/** The feature set of that id. @throws NacreError `unknown-name` with the ids there are */
export function featureSetOf(endpoint: EndpointResults, id?: string): FeatureSetResults {
  const found =
    id === undefined ? endpoint.featureSets[0] : endpoint.featureSets.find((s) => s.id === id);
  if (found !== undefined) return found;
  throw new NacreError('unknown-name', 'the endpoint has no such feature set', {
    found: id ?? 'none',
    expected: endpoint.featureSets.map((s) => s.id).join(', ') || 'at least one',
  });
}

/** The feature sets of these ids, in this order; all where none are named. @throws NacreError `unknown-name` */
export function featureSetsOf(
  endpoint: EndpointResults,
  ids?: readonly string[],
): readonly FeatureSetResults[] {
  return ids === undefined ? endpoint.featureSets : ids.map((id) => featureSetOf(endpoint, id));
}

/** Test predictions of one endpoint and feature set, a list per partition, in the order of the partitions. */
export function predictionsByPartition(
  run: OpenedRun,
  endpoint: string,
  featureSet: string,
): Prediction[][] {
  const groups = new Map<number, Prediction[]>();
  for (const row of run.predictions) {
    if (row.endpoint !== endpoint || row.featureSet !== featureSet) continue;
    const group = groups.get(row.partition);
    if (group === undefined) groups.set(row.partition, [row]);
    else group.push(row);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, rows]) => rows);
}
