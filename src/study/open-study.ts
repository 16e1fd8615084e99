import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cohort } from '../cohort/cohort.ts';
import { cohortRows } from '../cohort/cohort-rows.ts';
import type { GroupValues } from '../evaluation/grouped-labels.ts';
import type { Redraws } from '../learning/redraws.ts';
import type { RowSites } from '../learning/row-sites.ts';
import { readParquet } from '../machine/parquet.ts';
import { NacreError } from '../runtime/errors.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import { joinTables } from '../table/join-tables.ts';
import { patientRows } from '../table/patient-rows.ts';
import { configHash, readStudyConfig, type StudyConfig } from './config.ts';
import { labelledRows, rowSites } from './design-columns.ts';
import { keptTogether } from './divide-study.ts';
import { namedPart, resolveFeatureSets } from './feature-sets.ts';
import { type PrepareCohortOptions, prepareCohort } from './prepare-cohort.ts';
import { redrawsOfTables } from './redrawn-columns.ts';
import { readRedraws } from './redraws.ts';
import { type Run, runFiles } from './run-folder.ts';

/** A study file with its patients. */
export interface OpenedStudy {
  config: StudyConfig;
  cohort: Cohort;
}

/**
 * Opens a study with its patients, to look at what went into a run. Features come from the run folder as the run had
 * them, so that no scan is read again; clinical variables and endpoints from the cohort.
 *
 * @param file study file (YAML)
 * @param run the finished run of that study
 * @throws NacreError `run-differs` where the run is of another study or of other patients
 */
export async function openStudy(
  file: string,
  run: Run,
  options: PrepareCohortOptions = {},
): Promise<OpenedStudy> {
  const config = readStudyConfig(file);
  const hash = configHash(config);
  const { configSha256, id } = run.results.study;
  if (hash !== configSha256) {
    throw new NacreError('run-differs', 'the run folder was made by another study file', {
      file: run.folder,
      found: `a run of ${id}, ${configSha256.slice(0, 12)}`,
      expected: `${config.id}, ${hash.slice(0, 12)}, as ${file} says`,
      todo: `run it: nacre study ${file}, or name the study file that the run came from`,
    });
  }
  const { cohort } = await prepareCohort(
    { cohort: config.cohort, only: config.only },
    { ...options, studyFile: file },
  );
  return { config, cohort: await cohortOfRun(cohort, run) };
}

/**
 * The cohort with the patients and the tables that the run had.
 *
 * @throws NacreError `run-differs` where the cohort lacks a patient of the run
 */
export async function cohortOfRun(cohort: Cohort, { folder, results }: Run): Promise<Cohort> {
  const features = join(folder, runFiles.features);
  const blocks: Record<string, FeatureTable> = {};
  for (const name of readdirSync(features)
    .filter((file) => file.endsWith('.parquet'))
    .sort()) {
    blocks[name.slice(0, -'.parquet'.length)] = await readParquet(join(features, name));
  }
  const patients = Object.values(blocks)[0]?.patients ?? cohort.patients;
  const rows = patientRows(
    cohort.patients,
    patients,
    (patient) =>
      new NacreError('run-differs', 'the run holds a patient whom the cohort lacks', {
        file: folder,
        patient,
        expected: `the patients of ${cohort.id}`,
        todo: 'run the study again: its data have changed',
      }),
  );
  const known = cohortRows(cohort, rows);
  const { notices, excluded } = results.cohort;
  const redraws = await readRedraws(folder);
  return {
    ...cohort,
    ...known,
    blocks: { ...known.blocks, ...blocks },
    ...(redraws && { redraws }),
    notices,
    excluded,
  };
}

/** Candidates and labels of one endpoint and feature set; patients without a label are left out. */
export interface LabelledTable {
  table: FeatureTable;
  /** 0 or 1 per row. */
  labels: Uint8Array;
  /** Values of the column whose rows stay together, per row; undefined where the design names none. */
  groups?: GroupValues | undefined;
  /** Site and covariates per row, where the pipeline harmonises. */
  sites?: RowSites | undefined;
  /** Of all rows, where the pipeline filters by stability. */
  redraws?: Redraws | undefined;
}

/** The candidates of a feature set with the labels of an endpoint; patients without a label are left out. */
export function labelledTable(
  { config, cohort }: OpenedStudy,
  endpoint: string,
  featureSet: string,
): LabelledTable {
  const outcome = namedPart(cohort.endpoints, endpoint, 'endpoint', cohort);
  const set = resolveFeatureSets(config, cohort).find(({ id }) => id === featureSet);
  if (set === undefined) {
    throw new NacreError('unknown-name', 'the study has no such feature set', {
      found: featureSet,
      expected: resolveFeatureSets(config, cohort)
        .map(({ id }) => id)
        .join(', '),
    });
  }
  const rows = labelledRows(outcome.labels);
  const patients = rows.map((row) => cohort.patients[row]);
  return {
    table: joinTables(patients, set.tables),
    redraws: config.pipeline.stability && redrawsOfTables(patients, set.tables, cohort.redraws),
    labels: Uint8Array.from(rows, (row) => outcome.labels[row]),
    groups: keptTogether(config, cohort, endpoint),
    sites: config.pipeline.harmonise && rowSites(cohort, rows, config.pipeline.harmonise),
  };
}
