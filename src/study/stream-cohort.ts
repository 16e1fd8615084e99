import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fetchPlanned, type ReceivedFile } from '../cohort/archives/fetch-patient.ts';
import { type OpenedArchives, openArchives } from '../cohort/archives/open-archives.ts';
import type { PlannedFile } from '../cohort/archives/planned-file.ts';
import { concernsAll, patientsOf } from '../cohort/fetch-scans.ts';
import { dataRoot, defaultDataFolder, manifestPath } from '../cohort/locate.ts';
import type { Manifest } from '../cohort/manifest.ts';
import { readHashedManifest } from '../cohort/read-manifest.ts';
import { scanFiles } from '../cohort/scan-files.ts';
import {
  type ExtractCohortOptions,
  type ExtractedUnits,
  extractCohort,
  extractUnits,
  type PatientsWithScans,
} from '../features/extract-cohort.ts';
import type { Extraction } from '../features/extraction.ts';
import { writeParquet } from '../machine/parquet.ts';
import { AssumptionLog } from '../runtime/assumptions.ts';
import { isNacreError, NacreError } from '../runtime/errors.ts';
import { lockFolder } from '../runtime/folder-lock.ts';
import { canonicalJson, sha256 } from '../runtime/hash.ts';
import { makeFolder } from '../runtime/write-whole.ts';
import { writeJson } from './run-folder.ts';
import { rowBlocks, type StreamedRow, StreamJournal, streamedTables } from './stream-rows.ts';

export interface StreamCohortOptions extends Omit<ExtractCohortOptions, 'progress'> {
  /** Data folder of the cohort. Default: `$NACRE_DATA/<id>`, else `./data/<id>`. */
  to?: string | undefined;
  /** IDC's index (Parquet), where the manifest has such archives. */
  index?: string | undefined;
  /** Most bytes of scans on disk at a time. Default 20 GB (20e9). */
  diskBytes?: number | undefined;
  /** Called when a patient is done: extracted, at fault, or to be tried again. */
  onPatient?: ((patient: string, done: number, total: number) => void) | undefined;
  /** Waits between tries, seconds; for tests. */
  waitSeconds?: number | undefined;
}

export interface StreamedCohort {
  /** Holds `manifest.json`, `features/*.parquet` and `streamed.json`. */
  folder: string;
  /** A manifest of the tables and the extracted features, without scans. Undefined where no patient was extracted. */
  manifest: string | undefined;
  extracted: number;
  /** Patients whose scans are at fault; they are not tried again. */
  failed: { patient: string; reason: string }[];
  /** Patients of whom the archives lack every scan. */
  without: string[];
  /** Patients who could not be brought now; the same call tries them again. */
  open: { patient: string; reason: string }[];
}

const defaultDisk = 20e9;

/**
 * Extracts a cohort that is larger than the disk: brings the scans of one patient, checks them, extracts, keeps the row, deletes the
 * scans, goes on. Rows are kept one by one, so that a killed run goes on where it stopped and ends with the same tables, byte for byte.
 *
 * @throws NacreError of `openArchives` and `extractCohort`, and errors that concern all patients (a refused token, a full disk)
 */
export async function streamCohort(
  cohort: string,
  extraction: Extraction,
  options: StreamCohortOptions = {},
): Promise<StreamedCohort> {
  const file = manifestPath(cohort);
  const { manifest, sha256: manifestSha256 } = readHashedManifest(file);
  if (manifest.pseudonymise) throw noPseudonyms(file);
  const data = resolve(options.to ?? defaultDataFolder(manifest.id));
  // Another extraction, or another manifest, is another stream: rows of different settings never meet in one table.
  const name = sha256(canonicalJson([manifestSha256, extraction])).slice(0, 12);
  const folder = join(data, `stream-${name}`);
  const lock = lockFolder(folder);
  try {
    const { index, signal, waitSeconds } = options;
    const opening = { folder: data, index, signal, waitSeconds };
    const archives = await openArchives(manifest, file, opening);
    await fetchPlanned(await archives.shared(), data, { signal, waitSeconds });
    const listed = { folder: data, listed: archives.patients };
    const patients = await patientsOf(manifest, cohort, listed);
    const stream = { manifest, archives, extraction, folder, options };
    const open = await streamPatients(patients, stream);
    return assemble(patients, { manifest, file, data, folder, open, archives });
  } finally {
    lock.release();
  }
}

interface Stream {
  manifest: Manifest;
  archives: OpenedArchives;
  extraction: Extraction;
  folder: string;
  options: StreamCohortOptions;
}

async function streamPatients(
  patients: readonly string[],
  stream: Stream,
): Promise<StreamedCohort['open']> {
  const { folder, options } = stream;
  const journal = new StreamJournal(folder);
  const open: StreamedCohort['open'] = [];
  for (const [i, patient] of patients.entries()) {
    options.signal?.throwIfAborted();
    if (journal.read(patient) === undefined) {
      try {
        journal.write(await streamOne(patient, stream));
        // The row is on disk now: a run that is killed here finds it, and deletes the scans next time.
        rmSync(join(folder, 'scans'), { recursive: true, force: true });
      } catch (error) {
        if (concernsAll(error) || options.signal?.aborted) throw error;
        open.push({ patient, reason: (error as NacreError).message });
      }
    }
    options.onPatient?.(patient, i + 1, patients.length);
  }
  rmSync(join(folder, 'scans'), { recursive: true, force: true });
  return open;
}

/** One patient: what lies there of others is deleted first, then the scans come, are extracted; the caller deletes them. */
async function streamOne(
  patient: string,
  { manifest, archives, extraction, folder, options }: Stream,
): Promise<StreamedRow> {
  const scans = join(folder, 'scans');
  const files = await archives.filesOf(patient);
  keepOnly(scans, files);
  const needed = files.reduce((sum, { object }) => sum + object.bytes, 0);
  const most = options.diskBytes ?? defaultDisk;
  if (needed > most) {
    throw new NacreError('disk-bound', 'the scans of the patient are larger than the disk bound', {
      patient,
      found: `${files.length} files of ${needed} bytes`,
      expected: `${most} bytes at most`,
      todo: 'raise --disk',
    });
  }
  makeFolder(scans);
  const { signal, waitSeconds } = options;
  const received = await fetchPlanned(files, scans, { signal, waitSeconds });
  return extractOne(patient, { manifest, scans, received, extraction, options });
}

async function extractOne(
  patient: string,
  {
    manifest,
    scans,
    received,
    extraction,
    options,
  }: Pick<Stream, 'manifest' | 'extraction' | 'options'> & {
    scans: string;
    received: ReceivedFile[];
  },
): Promise<StreamedRow> {
  const { images, maskThresholds } = scanFiles(manifest, scans, [patient]);
  const one: PatientsWithScans = { id: manifest.id, patients: [patient], images, maskThresholds };
  const { cache, models, folder, workers, heapMiB, signal } = options;
  const given = { cache, models, folder, workers, heapMiB, signal };
  try {
    const extracted = await extractCohort(one, extraction, given);
    return rowOf(patient, received, extracted, rowBlocks(extracted));
  } catch (error) {
    if (!isNacreError(error, 'no-patients')) throw error;
    // The scans are at fault, or lacking: the reasons are a result too.
    return rowOf(patient, received, await extractUnits(one, extraction, given), {});
  }
}

function rowOf(
  patient: string,
  received: ReceivedFile[],
  { failures, missingScans, networks, assumptions }: ExtractedUnits,
  blocks: StreamedRow['blocks'],
): StreamedRow {
  return {
    patient,
    received,
    blocks,
    failures: [...failures],
    missingScans: missingScans.flatMap((missing) => [...missing.scans]),
    networks,
    assumptions: [...assumptions],
  };
}

/** Deletes all files of the folder but those that are planned, and their partial ones. */
function keepOnly(folder: string, files: readonly PlannedFile[]): void {
  if (!existsSync(folder)) return;
  const kept = new Set(files.flatMap(({ path }) => [path, `${path}.part`]));
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    const inside = path.slice(folder.length + 1).replaceAll('\\', '/');
    if (!kept.has(inside)) rmSync(path, { force: true });
  }
}

/** Tables, a manifest of them, and the list of what was received and what went wrong. */
function assemble(
  patients: readonly string[],
  {
    manifest,
    file,
    data,
    folder,
    open,
    archives,
  }: Pick<Stream, 'manifest' | 'archives' | 'folder'> & {
    file: string;
    data: string;
    open: StreamedCohort['open'];
  },
): StreamedCohort {
  const journal = new StreamJournal(folder);
  const rows = patients.flatMap((patient) => journal.read(patient) ?? []);
  const whole = rows.filter(({ blocks }) => Object.keys(blocks).length > 0);
  const failed = rows.flatMap(({ patient, failures: [first] }) =>
    first === undefined ? [] : [{ patient, reason: `${first.code}: ${first.message}` }],
  );
  const faulty = new Set(failed.map(({ patient }) => patient));
  const without = rows.flatMap(({ patient, blocks }) =>
    Object.keys(blocks).length === 0 && !faulty.has(patient) ? [patient] : [],
  );
  const log = new AssumptionLog();
  for (const { assumptions } of rows) log.noteAll(assumptions);
  writeJson(join(folder, 'streamed.json'), {
    cohort: manifest.id,
    indexSha256: archives.indexSha256,
    patients: rows.map(({ patient, received, missingScans }) => ({
      patient,
      received,
      missingScans,
    })),
    networks: whole[0]?.networks ?? [],
    failed,
    without,
    open,
    assumptions: log.list(),
  });
  const manifestPath =
    whole.length === 0 ? undefined : writeTables(whole, { manifest, file, data, folder });
  return { folder, manifest: manifestPath, extracted: whole.length, failed, without, open };
}

function writeTables(
  rows: readonly StreamedRow[],
  {
    manifest,
    file,
    data,
    folder,
  }: { manifest: Manifest; file: string; data: string; folder: string },
): string {
  const features: Manifest['features'] = streamedTables(rows).map((part) => {
    const { extractor, modality, region, table } = part;
    const block = [extractor, modality, region].filter((one) => one !== undefined).join('-');
    const stem = [modality, region].filter((one) => one !== undefined).join('.') || block;
    const path = `features/${block}.parquet`;
    writeParquet(join(folder, path), {
      patients: table.patients,
      // The manifest puts the stem back, so that columns have the names of an extraction.
      columns: table.columns.map((column) => ({
        ...column,
        name: column.name.startsWith(`${stem}.`) ? column.name.slice(stem.length + 1) : column.name,
      })),
    });
    return {
      block,
      file: path,
      format: 'parquet' as const,
      patient: { column: 'patient', match: '(.+)', as: '$1' },
      modality,
      region: region as 'intra' | 'peri' | undefined,
      ignore: [],
      keep: [],
      missing: [],
    };
  });
  const tables = [...manifest.tables, ...manifest.features];
  if (tables.length > 0) {
    const root = dataRoot(manifest, file, existsSync(data) && holds(data, tables) ? { data } : {});
    for (const table of tables) {
      makeFolder(join(folder, table.file, '..'));
      cpSync(join(root, table.file), join(folder, table.file));
    }
  }
  const { archives: _, images: __, qc: ___, $schema: ____, ...rest } = manifest;
  const sources = manifest.sources.filter(({ path }) => tables.some((one) => one.file === path));
  const path = join(folder, 'manifest.json');
  const patients = tables.length > 0 ? {} : { patients: rows.map(({ patient }) => patient) };
  writeJson(path, { ...rest, ...patients, sources, features: [...manifest.features, ...features] });
  return path;
}

function holds(data: string, tables: readonly { file: string }[]): boolean {
  return tables.every(({ file }) => existsSync(join(data, file)));
}

function noPseudonyms(file: string): NacreError {
  return new NacreError('bad-option', 'a cohort under pseudonyms cannot be streamed', {
    file,
    found: 'pseudonymise: true',
    expected: 'a public cohort, whose ids are public',
    todo: 'fetch its scans whole (nacre cohort fetch --scans), then extract',
  });
}
