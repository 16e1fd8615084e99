import type { FetchObjectOptions } from '../../runtime/fetch-object.ts';
import { fetchObject } from '../../runtime/fetch-object.ts';
import { fetchTarget } from '../data-file.ts';
import type { PlannedFile } from './planned-file.ts';

/** A file that arrived, with what identifies it. The SHA-256 was taken on arrival: IDC publishes none. */
export interface ReceivedFile {
  path: string;
  origin: string;
  bytes: number;
  sha256: string;
  licence: string;
  doi?: string | undefined;
}

/**
 * Brings files of an archive into a data folder; what is there and right is left alone.
 *
 * @throws NacreError of `fetchObject`; `path-escapes`
 */
export async function fetchPlanned(
  files: readonly PlannedFile[],
  folder: string,
  options: FetchObjectOptions = {},
): Promise<ReceivedFile[]> {
  const received: ReceivedFile[] = [];
  for (const { path, object, origin, licence, doi } of files) {
    options.signal?.throwIfAborted();
    const { bytes, sha256 } = await fetchObject(object, fetchTarget(folder, path), options);
    received.push({ path, origin, bytes, sha256, licence, ...(doi === undefined ? {} : { doi }) });
  }
  return received;
}
