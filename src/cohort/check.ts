import type { Assumption } from '../runtime/assumptions.ts';
import type { Cohort } from './cohort.ts';
import { withTitlesOf } from './column-titles.ts';
import { type DuplicatePatient, duplicatePatients, identicalColumns } from './duplicates.ts';
import { constantColumns } from './feature-block.ts';
import { identityWarnings, unusedTitles } from './identity-warnings.ts';
import { assembleCohort } from './load-cohort.ts';
import { type DataOptions, dataRoot, manifestPath } from './locate.ts';
import type { Manifest } from './manifest.ts';
import { pseudonymKey, pseudonymOf } from './pseudonyms.ts';
import { type CohortFiles, readCohortFiles } from './read-files.ts';
import { readManifest } from './read-manifest.ts';
import { looksLikePeople } from './suspect-columns.ts';
import { syntheticTable } from './synthetic-table.ts';

/** The result that `nacre cohort check` reports. */
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
  /** Assumptions made while the cohort was loaded. */
  assumptions: Assumption[];
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
  const written = readManifest(path);
  const files = await readCohortFiles(written, dataRoot(written, path, options));
  const manifest = withTitlesOf(written, files.tables);
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
    assumptions: [],
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
    warnings: [
      ...(cohort.assumptions ?? [])
        .filter(({ level }) => level === 'warning')
        .map(({ found, taken, why }) => `${found}: ${taken}; ${why}`),
      ...warnings,
      ...cohort.notices,
    ],
    assumptions: [...(cohort.assumptions ?? [])],
    inputs,
  };
}

function tableWarnings(manifest: Manifest, files: CohortFiles): string[] {
  const warnings: string[] = [];
  manifest.tables.forEach(({ patient, columns, file, sheet }, i) => {
    const table = files.tables[i];
    const described = new Set([...Object.keys(columns), patient.column]);
    const features = featureTitles(manifest, files, { file, sheet });
    const undescribed = table.header.filter(
      (title) => !described.has(title) && !features.has(title),
    );
    const unused = unusedTitles(manifest, i);
    const ignored = new Set([...unused, ...undescribed]);
    // Predictors and features that are suspicious are reported where they are read.
    const used = Object.keys(columns).filter((title) => !unused.has(title));
    const elsewhere = new Set([...[...features].filter((title) => !described.has(title)), ...used]);
    warnings.push(...identityWarnings(table, { patient: patient.column, ignored, elsewhere }));
    if (undescribed.length > 0) {
      warnings.push(
        `${table.file}: columns that the manifest does not describe, not used: ${undescribed.join(', ')}`,
      );
    }
  });
  // Suspicious columns of feature files are left out when the block is read, which assumptions report.
  manifest.features.forEach(({ patient }, i) => {
    const { file, header, rows } = files.features[i];
    const at = header.indexOf(patient.column);
    if (at < 0 || !looksLikePeople(rows.map((row) => row[at]))) return;
    warnings.push(
      `${file}: the patient ids in ${patient.column} look like names: use pseudonyms (--pseudonym-key)`,
    );
  });
  // Two sheets of one file may hold the same column.
  return [...new Set(warnings)];
}

/** Titles of a file that a features block reads too, or names as ignored. */
function featureTitles(
  manifest: Manifest,
  files: CohortFiles,
  { file, sheet }: { file: string; sheet?: string | undefined },
): Set<string> {
  return new Set(
    manifest.features.flatMap((block, i) =>
      block.file === file && block.sheet === sheet ? files.features[i].header : [],
    ),
  );
}
