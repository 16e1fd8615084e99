import { designOf } from '../evaluation/design.ts';
import type { GroupValues } from '../evaluation/grouped-labels.ts';
import { pipelineOfSet } from '../study/config.ts';
import { labelledTable, type OpenedStudy } from '../study/open-study.ts';
import type { StudyResults } from '../study/results.ts';
import type { FeatureColumn } from '../table/feature-table.ts';
import type { ExploreEndpoint, ExploreSet } from './explore-data.ts';
import type { LabColumns, LabSet } from './protocol.ts';

/** Bytes of the columns together: some four megabytes of text in the page. */
const mostBytes = 3_000_000;

export interface LabTables {
  endpoints: ExploreEndpoint[];
  /** By the id of the element. */
  parts: Map<string, LabColumns | LabSet>;
  /** Titles of sets that were left out, with the reason. */
  leftOut: string[];
}

/**
 * The tables of the run's feature sets for the second panel: columns once, whatever the number of sets that draw on them, patients
 * under numbers. Sets that would make the page too large, or whose pipeline needs more than a table, are left out.
 */
export function labTables(study: OpenedStudy, results: StudyResults): LabTables {
  const { config, cohort } = study;
  const position = new Map(cohort.patients.map((patient, row) => [patient, row]));
  const numbers = new Map<string, number>();
  const kept: FeatureColumn[] = [];
  const parts: LabTables['parts'] = new Map();
  const leftOut: string[] = [];
  const numberOf = (column: FeatureColumn, patients: readonly string[]): number => {
    const known = numbers.get(column.name);
    if (known !== undefined) return known;
    const values = new Float64Array(cohort.patients.length).fill(Number.NaN);
    patients.forEach((patient, row) => {
      values[position.get(patient) as number] = column.values[row];
    });
    numbers.set(column.name, kept.length);
    kept.push({ ...column, values });
    return kept.length - 1;
  };
  const endpoints = results.endpoints.flatMap((endpoint): ExploreEndpoint[] => {
    const sets = endpoint.featureSets.flatMap((set): ExploreSet[] => {
      const pipeline = pipelineOfSet(config, set.id);
      if (pipeline.harmonise !== undefined || pipeline.stability !== undefined) {
        leftOut.push(`${set.title}: its pipeline needs more than the table`);
        return [];
      }
      const { table, labels, groups } = labelledTable(study, endpoint.id, set.id);
      const added = table.columns.filter(({ name }) => !numbers.has(name)).length;
      if ((kept.length + added) * cohort.patients.length * 8 > mostBytes) {
        leftOut.push(`${set.title}: ${table.columns.length} columns are too many for a page`);
        return [];
      }
      const element = `lab-${parts.size + 1}`;
      parts.set(element, {
        columns: table.columns.map((column) => numberOf(column, table.patients)),
        rows: table.patients.map((patient) => position.get(patient) as number),
        labels: [...labels],
        together: groups && {
          column: designOf(config).keepTogether ?? '',
          groups: numbered(groups),
        },
        pipeline,
        seed: config.seed,
        testShare: results.study.testShare,
        unit: `${endpoint.id}~${set.id}`,
      });
      const { id, title, partitions, summary } = set;
      return [
        {
          id,
          title,
          partitions: partitions.length,
          balancedAccuracy: summary.balancedAccuracy.mean,
          repeats: designOf(config).kind === 'hold-out',
          element,
        },
      ];
    });
    return sets.length === 0 ? [] : [{ id: endpoint.id, title: endpoint.title, sets }];
  });
  if (endpoints.length > 0) parts.set('lab-columns', packedColumns(kept, cohort.patients.length));
  return { endpoints, parts, leftOut: [...new Set(leftOut)] };
}

/** Groups under numbers, since their values may name patients; rows of no group are null. */
function numbered(values: GroupValues): (number | null)[] {
  const known = [...new Set(values)].filter((value) => value !== undefined);
  return values.map((value) => (value === undefined ? null : known.indexOf(value)));
}

function packedColumns(columns: readonly FeatureColumn[], patients: number): LabColumns {
  const values = new Float64Array(columns.length * patients);
  columns.forEach((column, c) => {
    values.set(column.values, c * patients);
  });
  return {
    names: columns.map(({ name }) => name),
    origins: columns.map(({ block, modality, region }) => ({ block, modality, region })),
    patients,
    values: Buffer.from(values.buffer).toString('base64'),
  };
}
