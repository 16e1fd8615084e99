import type { Cohort } from '../cohort/cohort.ts';
import { type LoadCohortOptions, loadCohort } from '../cohort/load-cohort.ts';
import { manifestPath } from '../cohort/locate.ts';
import { readManifest } from '../cohort/read-manifest.ts';
import { hashOfPatients } from '../evaluation/partitions.ts';
import type { TrainedModel } from './model-file.ts';

/** Which patients a model was trained on, as far as that can be known. */
export interface TrainingPatients {
  /** `known`: exactly these. `possible`: a part of these, which part is not known. `unknown`: no list to compare with. */
  certainty: 'known' | 'possible' | 'unknown';
  patients: ReadonlySet<string>;
}

/**
 * The training patients of a model, found again in a cohort. A model file holds no ids, only the hash over all of them: where the
 * cohort is the one it was trained on, its labelled patients are compared with that hash.
 *
 * @param cohort id or path of a manifest
 * @throws NacreError what loading the cohort throws
 */
export async function trainingPatients(
  { card, endpoint, provenance }: TrainedModel,
  cohort: string,
  options: LoadCohortOptions = {},
): Promise<TrainingPatients> {
  const unknown: TrainingPatients = { certainty: 'unknown', patients: new Set() };
  if (readManifest(manifestPath(cohort)).id !== card.cohort.id) return unknown;
  const same = await loadCohort(cohort, { ...options, only: card.cohort.only });
  const labelled = labelledPatients(same, endpoint.id);
  const isSame = hashOfPatients(labelled) === provenance.patientsSha256;
  return { certainty: isSame ? 'known' : 'possible', patients: new Set(labelled) };
}

/** Ids of the patients with a known outcome. */
function labelledPatients({ patients, endpoints }: Cohort, endpoint: string): string[] {
  const labels = endpoints[endpoint]?.labels ?? [];
  return patients.filter((_, row) => labels[row] >= 0);
}
