import type { Cohort } from './cohort.ts';
import { type DuplicatePatient, duplicatePatients, identicalColumns } from './duplicates.ts';
import { constantColumns } from './feature-block.ts';
import { identityWarnings, unusedTitles } from './identity-warnings.ts';
import { assembleCohort } from './load-cohort.ts';
import { type DataOptions, dataRoot, manifestPath } from './locate.ts';
import type { Manifest } from './manifest.ts';
import { pseudonymKey, pseudonymOf } from './pseudonyms.ts';
import { type CohortFiles, readCohortFiles } from './read-files.ts';
import { readManifest } from './read-manifest.ts';
import { syntheticTable } from './synthetic-table.ts';

/** What `nacre cohort check` tells. */
export interface CohortCheck {
  id: string;
  title: string;
  synthetic: boolean;
  /** Patients with a row more than once; where there are any, the tables cannot be joined and the rest is empty. */
  duplicates: DuplicatePatient[];
  /** Joined patients. */
  patients: number;
  endpoints: {
    id: string;
    known: number;
    positives: number;
    negatives: number;
    unknown: number;
    positiveName: string;
    negativeName: string;
  }[];
  blocks: {
    block: string;
    features: number;
    /** Missing values in all. */
    missing: number;
    constant: string[];
    /** Columns with equal values for every patient. */
    identical: string[][];
  }[];
  /** Missing values of the joined patients by column, columns without any left out. */
  missing: { column: string; missing: number }[];
  /** Patients of a table that another table or block lacks, with the reason. */
  excluded: { patient: string; reason: string }[];
  warnings: string[];
  inputs: { file: string; sha256: string }[];
}

/**
 * Looks a cohort over: counts, missing values, duplicates, ids without a partner, columns that may identify a person.
 *
 * @throws NacreError what `loadCohort` throws, duplicates aside: these are listed
 */
export async function checkCohort(
  idOrPath: string,
  options: DataOptions = {},
): Promise<CohortCheck> {
  if (idOrPath === 'synthetic-table') return describeCohort(syntheticTable(), []);
  const path = manifestPath(idOrPath);
  const manifest = readManifest(path);
  const files = await readCohortFiles(manifest, dataRoot(manifest, path, options));
  const warnings = tableWarnings(manifest, files);
  const duplicates = [
    ...manifest.tables.flatMap(({ patient }, i) => duplicatePatients(files.tables[i], patient)),
    ...manifest.features.flatMap(({ patient }, i) => duplicatePatients(files.features[i], patient)),
  ];
  if (duplicates.length === 0) {
    return describeCohort((await assembleCohort(idOrPath, options)).cohort, warnings);
  }
  const key = pseudonymKey(options.pseudonymKey, manifest.pseudonymise);
  const { id, title, synthetic } = manifest;
  return {
    id,
    title,
    synthetic,
    duplicates: duplicates.map(({ patient, ...places }) => ({
      ...places,
      patient: key ? pseudonymOf(patient, key) : patient,
    })),
    patients: 0,
    endpoints: [],
    blocks: [],
    missing: [],
    excluded: [],
    warnings,
    inputs: files.inputs,
  };
}

function describeCohort(cohort: Cohort, warnings: readonly string[]): CohortCheck {
  const { id, title, synthetic, patients, excluded, inputs } = cohort;
  const endpoints = Object.values(cohort.endpoints).map((endpoint) => {
    let positives = 0;
    let negatives = 0;
    for (const label of endpoint.labels) {
      if (label === 1) positives++;
      else if (label === 0) negatives++;
    }
    const known = positives + negatives;
    const { positiveName, negativeName } = endpoint;
    return {
      id: endpoint.id,
      known,
      positives,
      negatives,
      unknown: patients.length - known,
      positiveName,
      negativeName,
    };
  });
  const missing = Object.values(cohort.blocks).flatMap((table) =>
    table.columns.map(({ name, values }) => ({
      column: name,
      missing: values.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0),
    })),
  );
  const missingOf = new Map(missing.map((row) => [row.column, row.missing]));
  const blocks = Object.entries(cohort.blocks).map(([block, table]) => ({
    block,
    features: table.columns.length,
    missing: table.columns.reduce((sum, { name }) => sum + (missingOf.get(name) ?? 0), 0),
    constant: constantColumns(table),
    identical: identicalColumns(table),
  }));
  return {
    id,
    title,
    synthetic,
    duplicates: [],
    patients: patients.length,
    endpoints,
    blocks,
    missing: missing.filter((row) => row.missing > 0),
    excluded: [...excluded],
    warnings: [...warnings, ...cohort.notices],
    inputs,
  };
}

function tableWarnings(manifest: Manifest, files: CohortFiles): string[] {
  const warnings: string[] = [];
  manifest.tables.forEach(({ patient, columns }, i) => {
    const table = files.tables[i];
    const described = new Set([...Object.keys(columns), patient.column]);
    const undescribed = table.header.filter((title) => !described.has(title));
    const ignored = new Set([...unusedTitles(manifest, i), ...undescribed]);
    warnings.push(...identityWarnings(table, { patient: patient.column, ignored }));
    if (undescribed.length > 0) {
      warnings.push(
        `${table.file}: columns that the manifest does not describe, not used: ${undescribed.join(', ')}`,
      );
    }
  });
  manifest.features.forEach(({ patient, ignore }, i) => {
    const ignored = new Set(ignore);
    warnings.push(...identityWarnings(files.features[i], { patient: patient.column, ignored }));
  });
  return warnings;
}
