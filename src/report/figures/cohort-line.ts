import type { EndpointResults } from '../../study/results.ts';
import type { Run } from '../../study/run-folder.ts';
import { plotText, syntheticMark } from '../figure.ts';
import { cohortTitle } from '../said-once.ts';

/** Subtitle of every figure: whose patients, how many, and plainly when they were made by code. */
export function cohortLine(run: Run, endpoint: EndpointResults): string {
  const { cohort, study } = run.results;
  const whose = `${syntheticMark(cohort.synthetic, 'patients')}${plotText(cohortTitle(cohort))}`;
  const counts = `${endpoint.patients} patients, ${endpoint.positives} ${plotText(endpoint.positiveName)}`;
  return `${whose} · ${counts} · ${study.partitions} partitions`;
}
