import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NacreError } from '../runtime/errors.ts';
import { canonicalJson, sha256 } from '../runtime/hash.ts';
import { writeWhole } from '../runtime/write-whole.ts';
import { fetchPlanned, type ReceivedFile } from './archives/fetch-patient.ts';
import { openArchives } from './archives/open-archives.ts';
import type { OpenArchiveOptions } from './archives/planned-file.ts';
import { loadCohort } from './load-cohort.ts';
import { defaultDataFolder, manifestPath } from './locate.ts';
import type { Manifest } from './manifest.ts';
import { readManifest } from './read-manifest.ts';

export interface FetchScansOptions extends OpenArchiveOptions {
  /** Folder to put the files in. Default: `$NACRE_DATA/<id>`, else `./data/<id>`; `loadCohort` looks there. */
  to?: string | undefined;
  /** These patients alone. Default: all of the cohort. */
  patients?: readonly string[] | undefined;
  /** IDC's index (Parquet). Default: `$NACRE_IDC_INDEX`, or the series that were kept by an earlier call. */
  index?: string | undefined;
  /** Called when a patient is done. */
  onPatient?: ((patient: string, done: number, total: number) => void) | undefined;
}

export interface FetchedScans {
  folder: string;
  /** Patients whose scans are there, with number and bytes of the files. */
  patients: { patient: string; files: number; bytes: number }[];
  /** Patients of whom the archives have nothing. */
  without: string[];
  /** Patients who failed, with the reason; the same call tries them again. */
  failed: { patient: string; reason: string }[];
}

/** Errors that concern no single patient. */
const general = ['token-missing', 'token-refused', 'write-failed', 'insecure-address'];

/** True for an error after which the other patients need not be tried. */
export function concernsAll(error: unknown): boolean {
  return !(error instanceof NacreError) || general.includes(error.code);
}

/**
 * Brings the scans of a cohort from its archives. What was received is listed per patient under `archives/received`, with SHA-256,
 * licence and DOI. One patient who fails does not stop the others.
 *
 * @throws NacreError of `openArchives`, and errors that concern all patients (a refused token, a full disk)
 */
export async function fetchScans(
  idOrPath: string,
  options: FetchScansOptions = {},
): Promise<FetchedScans> {
  const file = manifestPath(idOrPath);
  const manifest = readManifest(file);
  const folder = resolve(options.to ?? defaultDataFolder(manifest.id));
  const { signal, onPatient, waitSeconds, index } = options;
  const archives = await openArchives(manifest, file, { folder, index, signal, waitSeconds });
  await fetchPlanned(await archives.shared(), folder, { signal, waitSeconds });
  const wanted =
    options.patients ??
    (await patientsOf(manifest, idOrPath, { folder, listed: archives.patients }));
  const result: FetchedScans = { folder, patients: [], without: [], failed: [] };
  for (const [i, patient] of wanted.entries()) {
    signal?.throwIfAborted();
    try {
      const files = await archives.filesOf(patient);
      const received = await fetchPlanned(files, folder, { signal, waitSeconds });
      if (files.length === 0) result.without.push(patient);
      else {
        keepReceipt(folder, patient, received, archives.indexSha256);
        const bytes = received.reduce((sum, one) => sum + one.bytes, 0);
        result.patients.push({ patient, files: files.length, bytes });
      }
    } catch (error) {
      if (concernsAll(error) || signal?.aborted) throw error;
      result.failed.push({ patient, reason: (error as NacreError).message });
    }
    onPatient?.(patient, i + 1, wanted.length);
  }
  return result;
}

/** Patients of the tables, where they are on this machine; else those that the archives list. @throws NacreError `no-patients` */
export async function patientsOf(
  manifest: Manifest,
  idOrPath: string,
  { folder, listed }: { folder: string; listed: readonly string[] | undefined },
): Promise<readonly string[]> {
  if (manifest.tables.length + manifest.features.length > 0) {
    const here = manifest.tables.every((table) => existsSync(join(folder, table.file)));
    return (await loadCohort(idOrPath, here ? { data: folder } : {})).patients;
  }
  const known = manifest.patients ?? listed;
  if (known !== undefined && known.length > 0) return known;
  throw new NacreError('no-patients', 'it is not known which patients the archive has', {
    expected: 'tables, or a list of patients in the manifest',
  });
}

function keepReceipt(
  folder: string,
  patient: string,
  files: readonly ReceivedFile[],
  indexSha256: string | undefined,
): void {
  const receipt = { patient, files, ...(indexSha256 === undefined ? {} : { indexSha256 }) };
  writeWhole(receiptFile(folder, patient), `${canonicalJson(receipt, 2)}\n`);
}

/** Ids may hold any character: the file is named by the hash of the id. */
function receiptFile(folder: string, patient: string): string {
  return join(folder, 'archives', 'received', `${sha256(patient).slice(0, 16)}.json`);
}
