import type { Cohort } from '../cohort/cohort.ts';
import { designOf } from '../evaluation/design.ts';
import { type DesignedPartitions, designPartitions } from '../evaluation/design-partitions.ts';
import type { GroupValues } from '../evaluation/grouped-labels.ts';
import type { StudyConfig } from './config.ts';
import { labelledRows, textsOfColumn } from './design-columns.ts';
import { namedPart } from './feature-sets.ts';

/** Divides the labelled rows of an endpoint as the design asks. */
export type Divider = (endpoint: string, labels: Uint8Array) => DesignedPartitions;

/** What of a study decides its partitions. */
type Divided = Pick<StudyConfig, 'design' | 'partitions' | 'testShare' | 'seed'>;

export function divider(config: Divided, cohort: Cohort): Divider {
  return (endpoint, labels) => {
    const rows = labelledRows(cohort.endpoints[endpoint].labels);
    const valuesOf = (column: string) => textsOfColumn(cohort, rows, column, 'design');
    return designPartitions(labels, valuesOf, { ...config, group: cohort.group });
  };
}

/** Values of the column whose rows stay together, of the labelled rows; undefined where the design names none. */
export function keptTogether(
  config: Divided,
  cohort: Cohort,
  endpoint: string,
): GroupValues | undefined {
  const { keepTogether } = designOf(config);
  if (keepTogether === undefined) return undefined;
  const rows = labelledRows(cohort.endpoints[endpoint].labels);
  return textsOfColumn(cohort, rows, keepTogether, 'design');
}

/**
 * Refuses endpoints whose patients cannot be divided as the design asks. Labels are known before any scan is read, so that the user
 * does not wait for the extraction first; patients that the extraction loses can still bring the refusal up later.
 *
 * @throws NacreError of `designPartitions`, and `unknown-name` for an endpoint that the cohort lacks
 */
export function requireDivisible(
  config: Divided,
  endpoints: readonly string[],
  cohort: Cohort,
): void {
  const divide = divider(config, cohort);
  for (const id of endpoints) {
    const { labels } = namedPart(cohort.endpoints, id, 'endpoint', cohort);
    divide(
      id,
      Uint8Array.from(labelledRows(labels), (row) => labels[row]),
    );
  }
}
