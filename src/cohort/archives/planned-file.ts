import type { RemoteObject } from '../../runtime/fetch-object.ts';

/** A file of an archive with its place in the data folder. */
export interface PlannedFile {
  /** From the data folder, with /. */
  path: string;
  object: RemoteObject;
  /** Where it comes from, without anything secret: `idc ispy2 1.3.6…`, `syn123`. */
  origin: string;
  licence: string;
  doi?: string | undefined;
}

/** An archive that was opened: it knows the files of each patient. */
export interface OpenedArchive {
  id: string;
  /** Patients that it has files of; undefined where it cannot list them. */
  patients?: readonly string[] | undefined;
  /** Files of one patient; none where the archive does not have the patient. */
  filesOf(patient: string): Promise<PlannedFile[]>;
  /** Files that all patients share: tables. */
  shared(): Promise<PlannedFile[]>;
}

export interface OpenArchiveOptions {
  signal?: AbortSignal | undefined;
  /** Waits and patience of requests; for tests. */
  waitSeconds?: number | undefined;
}
