import { basename } from 'node:path';
import { AssumptionLog, type NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import { selectRows } from '../table/join-tables.ts';
import { patientRows } from '../table/patient-rows.ts';
import { type PlacedId, requireOneSpelling } from '../table/patient-spelling.ts';
import type { RawTable } from '../table/raw-table.ts';
import { readableColumn } from './binary-coding.ts';
import { columnReader } from './cell-value.ts';
import { onlyChosen, refuseChoice } from './choose-patients.ts';
import type { Cohort, Endpoint, PatientChoice } from './cohort.ts';
import { cohortColumns } from './cohort-columns.ts';
import { withTitlesOf } from './column-titles.ts';
import { addDerivedColumns } from './derived-columns.ts';
import { clinicalCodes, type DescribedColumn, encodeClinical } from './encode-clinical.ts';
import { applyEndpoint } from './endpoints.ts';
import { columnStem, constantColumns, featureBlock } from './feature-block.ts';
import { laterColumns, withoutCopies } from './later-copies.ts';
import { type DataOptions, dataRoot, manifestPath } from './locate.ts';
import type { Manifest } from './manifest.ts';
import { noteMissingCode } from './missing-codes.ts';
import { refuseOutcomeColumns } from './outcome-columns.ts';
import { patientIds } from './patient-ids.ts';
import { pseudonymKey, pseudonymOf, underPseudonyms } from './pseudonyms.ts';
import { reviewOf, withoutRejected } from './qc/reviewed-patients.ts';
import { type CohortFiles, readCohortFiles } from './read-files.ts';
import { readHashedManifest } from './read-manifest.ts';
import { scanFiles } from './scan-files.ts';
import { withoutSeparating } from './separating-columns.ts';
import { suspectColumns } from './suspect-columns.ts';
import { syntheticTable } from './synthetic-table.ts';

export interface LoadCohortOptions extends DataOptions {
  /**
   * During the review of masks: the file of its decisions, which may not exist yet. Edited masks replace the old ones; no
   * patient is excluded, and the file that the manifest names under `qc` is not read.
   */
  review?: string | undefined;
  /** Only these patients; the others are left out without being at fault. */
  only?: PatientChoice | undefined;
}

/**
 * Loads a cohort: its tables are read, verified by checksum, joined by patient, encoded. Nothing is imputed.
 *
 * @param idOrPath id of a manifest that comes with nacre (`ispy1`), the path of one (`.json`),
 *   or `synthetic-table` for patients made by code
 * @throws NacreError with file, patient, row, column, found, expected, todo; `not-fetched` where the files are missing
 */
export async function loadCohort(
  idOrPath: string,
  options: LoadCohortOptions = {},
): Promise<Cohort> {
  if (idOrPath === 'synthetic-table') {
    if (options.only !== undefined) refuseChoice(options.only);
    const key = pseudonymKey(options.pseudonymKey, false);
    return key ? underPseudonyms(syntheticTable(), key) : syntheticTable();
  }
  return (await assembleCohort(idOrPath, options)).cohort;
}

/** A cohort with what it was made of, for checks. */
export interface AssembledCohort {
  cohort: Cohort;
  manifest: Manifest;
  /** Described columns of the patient tables for the joined patients in the order of their ids, by short name. */
  described: ReadonlyMap<string, DescribedColumn>;
  /** Constant features by block. */
  constant: Readonly<Record<string, string[]>>;
}

/** `loadCohort` for a manifest; also returns the intermediate parts. */
export async function assembleCohort(
  idOrPath: string,
  options: LoadCohortOptions = {},
): Promise<AssembledCohort> {
  const path = manifestPath(idOrPath);
  const { manifest: written, sha256 } = readHashedManifest(path);
  const root = dataRoot(written, path, options);
  const key = pseudonymKey(options.pseudonymKey, written.pseudonymise);
  const log = new AssumptionLog();
  const files = await readCohortFiles(written, root, log.note);
  const manifest = withTitlesOf(written, files.tables, log.note);
  const parts = readParts(manifest, files, log.note);
  const joined = joinPatients(manifest, parts, path);
  const nameOf = key && ((one: string) => pseudonymOf(one, key));
  const scans = scanFiles(manifest, root, joined.patients, nameOf);
  const review = await reviewOf(
    { manifestFile: path, manifest, review: options.review },
    joined.patients,
    scans.images,
    { key, note: log.note },
  );
  const { patients, images, excluded } = withoutRejected(joined, scans.images, review, path);
  const described = describe(manifest, parts, patients);
  addDerivedColumns(described, manifest, patients, path);
  const blocks: Record<string, FeatureTable> = {};
  const ofColumns = {
    ...(manifest.predictors.length > 0 ? { clinical: manifest.predictors } : {}),
    ...manifest.blocks,
  };
  for (const [block, names] of Object.entries(ofColumns)) {
    const columns = names.map((name) => described.get(name) as DescribedColumn);
    blocks[block] = encodeClinical(patients, columns, block);
  }
  const endpoints: Record<string, Endpoint> = {};
  for (const [id, rule] of Object.entries(manifest.endpoints)) {
    endpoints[id] = applyEndpoint(id, rule, { file: path, patients, columns: described });
  }
  for (const [block, table] of Object.entries(blocks)) {
    // Predictors are named one by one in the manifest, so that each stays; the user must know all the same.
    const choice = { kept: 'all' as const, block, note: log.note };
    blocks[block] = withoutSeparating(table, endpoints, choice);
  }
  const later = laterColumns(described);
  parts.features.forEach(({ block, ids, table }, i) => {
    const joined = selectRows(table, patientRows(ids, patients));
    const stem = columnStem(manifest.features[i]);
    const kept = new Set(manifest.features[i].keep.map((title) => `${stem}.${title}`));
    const choice = { kept, block, note: log.note };
    blocks[block] = withoutCopies(withoutSeparating(joined, endpoints, choice), later, choice);
  });
  const constant = Object.fromEntries(
    Object.entries(blocks).map(([block, table]) => [block, constantColumns(table)]),
  );
  noteTables(log.note, { excluded: joined.excluded, constant });
  const { id, title, citation, licence, synthetic } = manifest;
  const cohort: Cohort = {
    id,
    title,
    citation,
    licence,
    synthetic,
    patients,
    blocks,
    endpoints,
    images,
    ...(scans.maskThresholds === undefined ? {} : { maskThresholds: scans.maskThresholds }),
    ...(manifest.reachable === undefined ? {} : { reachable: manifest.reachable }),
    clinicalCodes: clinicalCodes(manifest.predictors, described),
    columns: cohortColumns(described),
    ...(manifest.group === undefined ? {} : { group: manifest.group }),
    subgroups: [...manifest.subgroups],
    notices: [
      ...manifest.notices,
      ...treatmentNotices(manifest),
      ...scans.notices,
      ...(review?.notices ?? []),
      ...constantNotices(constant),
    ],
    assumptions: log.list(),
    excluded,
    inputs: [
      { file: basename(path), sha256 },
      ...files.inputs,
      ...(review === undefined ? [] : [review.input]),
    ],
  };
  const chosen = onlyChosen({ cohort, described }, options.only);
  return {
    ...chosen,
    cohort: key ? underPseudonyms(chosen.cohort, key) : chosen.cohort,
    manifest,
    constant,
  };
}

interface Parts {
  /** Rows of a table by patient. */
  tables: { id: string; ids: string[]; columns: Map<string, DescribedColumn> }[];
  features: { block: string; ids: string[]; table: FeatureTable }[];
}

function readParts(manifest: Manifest, files: CohortFiles, note: NoteAssumption): Parts {
  return {
    tables: manifest.tables.map(({ id, patient, columns, file }, i) => {
      const table = files.tables[i];
      const ids = patientIds(table, patient);
      notePredictors(manifest, table, { patient, columns, file }, note);
      const read = Object.entries(columns).map(([title, described]) => {
        const column = readableColumn(table, title, described, { file, note });
        const valueAt = columnReader(table, title, column, ids);
        const values = ids.map((_, row) => valueAt(row));
        if (column.type === 'number') noteMissingCode(values as number[], title, file, note);
        return [column.name, { column, values }] as const;
      });
      return { id, ids, columns: new Map(read) };
    }),
    features: manifest.features.map((file, i) => {
      const ids = patientIds(files.features[i], file.patient);
      refuseOutcomeColumns(manifest, files.features[i], file);
      return { block: file.block, ids, table: featureBlock(files.features[i], ids, file, note) };
    }),
  };
}

/** Predictors are named one by one, so that each stays; one that looks like a row number or an id is noted. */
function notePredictors(
  { predictors }: Manifest,
  table: RawTable,
  { patient, columns, file }: Pick<Manifest['tables'][number], 'patient' | 'columns' | 'file'>,
  note: NoteAssumption,
): void {
  const used = (title: string) => predictors.includes(columns[title]?.name ?? '');
  const left = new Set(
    [...table.header.keys()].filter(
      (at) => table.header[at] === patient.column || !used(table.header[at]),
    ),
  );
  for (const [at, what] of suspectColumns(table, { left })) {
    note({
      kind: 'suspicious-column',
      level: 'warning',
      file,
      found: `clinical: column ${table.header[at]} looks like ${what}`,
      taken: 'kept',
      why: 'the manifest names it among the predictors; take it out if it measures nothing',
    });
  }
}

/** Patients that every table and every block knows, sorted by id; the others with the reason. */
function joinPatients(
  manifest: Manifest,
  { tables, features }: Parts,
  file: string,
): Pick<Cohort, 'patients' | 'excluded'> {
  const sides = [
    ...tables.map(({ id, ids }) => ({ lack: `no row in table ${id}`, ids: new Set(ids) })),
    ...features.map(({ block, ids }) => ({ lack: `no ${block} features`, ids: new Set(ids) })),
  ];
  if (manifest.patients !== undefined) {
    sides.push({ lack: 'not in the list of the manifest', ids: new Set(manifest.patients) });
  }
  requireOneSpelling(places(manifest, { tables, features }, file));
  const all = [...new Set(sides.flatMap(({ ids }) => [...ids]))].sort();
  const excluded = all.flatMap((patient) => {
    const lacks = sides.filter(({ ids }) => !ids.has(patient)).map(({ lack }) => lack);
    return lacks.length > 0 ? [{ patient, reason: lacks.join(', ') }] : [];
  });
  const out = new Set(excluded.map(({ patient }) => patient));
  const patients = all.filter((patient) => !out.has(patient));
  if (patients.length === 0) {
    throw new NacreError('no-common-patients', 'no patient is in all tables of the cohort', {
      file,
      found: sides.map(({ ids }) => `ids such as ${[...ids][0]}`).join('; ') || 'no table',
      expected: 'the same ids in every table',
      todo: 'correct the id rules (patient.match, patient.as) in the manifest',
    });
  }
  return { patients, excluded };
}

/** Every id with its file. */
function* places(
  manifest: Manifest,
  { tables, features }: Parts,
  file: string,
): Generator<PlacedId> {
  for (const [i, { ids }] of tables.entries()) {
    for (const [row, id] of ids.entries())
      yield { id, file: manifest.tables[i].file, row: row + 1 };
  }
  for (const [i, { ids }] of features.entries()) {
    for (const [row, id] of ids.entries())
      yield { id, file: manifest.features[i].file, row: row + 1 };
  }
  for (const id of manifest.patients ?? []) yield { id, file: basename(file) };
}

function describe(
  manifest: Manifest,
  { tables }: Parts,
  patients: readonly string[],
): Map<string, DescribedColumn> {
  const described = new Map<string, DescribedColumn>();
  manifest.tables.forEach((_, i) => {
    const { ids, columns } = tables[i];
    const rows = patientRows(ids, patients);
    for (const [name, { column, values }] of columns) {
      described.set(name, { column, values: rows.map((row) => values[row]) });
    }
  });
  return described;
}

/** Notes the patients that the joined tables leave out and the columns that are constant. */
function noteTables(
  note: NoteAssumption,
  { excluded, constant }: Pick<AssembledCohort, 'constant'> & Pick<Cohort, 'excluded'>,
): void {
  for (const { patient, reason } of excluded) {
    note({
      kind: 'patient-left-out',
      patient,
      found: reason,
      taken: 'left out of the cohort',
      why: 'every table and every feature block needs a row for each patient',
    });
  }
  for (const [block, names] of Object.entries(constant)) {
    if (names.length === 0) continue;
    note({
      kind: 'column-constant',
      found: `${block}: ${names.join(', ')}`,
      taken: 'kept in the table, never selected',
      why: 'a column with one value for every patient carries no information',
    });
  }
}

/** Treatment is a predictor only on purpose, and a reader must know. */
function treatmentNotices({ treatmentPredictors, predictors, blocks }: Manifest): string[] {
  const used = new Set([...predictors, ...Object.values(blocks).flat()]);
  const among = treatmentPredictors.filter((name) => used.has(name));
  if (among.length === 0) return [];
  return [
    `treatment is among the predictors (${among.join(', ')}): what was chosen for a patient after the scan is not known from the scan`,
  ];
}

function constantNotices(constant: Readonly<Record<string, string[]>>): string[] {
  return Object.entries(constant)
    .filter(([, names]) => names.length > 0)
    .map(([block, names]) => {
      const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');
      return `${block}: ${names.length} constant feature${names.length > 1 ? 's' : ''} (${shown}), of no use to a model`;
    });
}
