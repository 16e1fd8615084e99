import { resolve } from 'node:path';
import { type DownloadResult, download } from '../runtime/download.ts';
import { NacreError } from '../runtime/errors.ts';
import { fetchTarget } from './data-file.ts';
import { defaultDataFolder, manifestPath } from './locate.ts';
import { readManifest } from './read-manifest.ts';

export interface FetchCohortOptions {
  /** Folder to put the files in. Default: `$NACRE_DATA/<id>`, else `./data/<id>`; `loadCohort` looks there. */
  to?: string | undefined;
  /** Local folder that holds copies under the paths of the manifest; read instead of the network. */
  mirror?: string | undefined;
  /** Called as bytes arrive; `total` is undefined where the server does not report it. */
  onProgress?: (file: string, done: number, total: number | undefined) => void;
  signal?: AbortSignal | undefined;
}

export interface FetchedCohort {
  id: string;
  title: string;
  licence: string;
  citation: string;
  folder: string;
  files: { path: string; bytes: number; sha256: string; result: DownloadResult }[];
}

/**
 * Downloads the files of a cohort and verifies each by SHA-256. Resumes where an earlier try stopped; a file that is
 * there and right is left alone; a file appears under its name only when it is whole.
 *
 * @throws NacreError `nothing-to-fetch`, and what `download` throws
 */
export async function fetchCohort(
  idOrPath: string,
  options: FetchCohortOptions = {},
): Promise<FetchedCohort> {
  const file = manifestPath(idOrPath);
  const { id, title, licence, citation, sources } = readManifest(file);
  if (sources.length === 0) {
    throw new NacreError('nothing-to-fetch', 'the manifest names no source', {
      file,
      expected: 'sources with address, sha256 and bytes',
      todo: 'put the files beside the manifest, or name their folder with --data',
    });
  }
  const folder = resolve(options.to ?? defaultDataFolder(id));
  const files: FetchedCohort['files'] = [];
  for (const { address, path, sha256, bytes } of sources) {
    const result = await download({ url: address, sha256, bytes }, fetchTarget(folder, path), {
      mirror: options.mirror,
      mirrorName: path,
      onProgress: (done, total) => options.onProgress?.(path, done, total),
      signal: options.signal,
    });
    files.push({ path, bytes, sha256, result });
  }
  return { id, title, licence, citation, folder, files };
}
