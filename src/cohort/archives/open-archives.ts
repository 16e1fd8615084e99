import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NacreError } from '../../runtime/errors.ts';
import { canonicalJson } from '../../runtime/hash.ts';
import { parseJson } from '../../runtime/read-json.ts';
import { readText } from '../../runtime/read-text.ts';
import { writeWhole } from '../../runtime/write-whole.ts';
import type { Manifest } from '../manifest.ts';
import type { IdcArchive } from '../manifest-archives.ts';
import { type IdcCollectionIndex, idcIndex, readIdcIndex } from './idc-series.ts';
import { openIdc } from './open-idc.ts';
import { openList } from './open-list.ts';
import { openSynapse } from './open-synapse.ts';
import type { OpenArchiveOptions, OpenedArchive, PlannedFile } from './planned-file.ts';

export interface OpenArchivesOptions extends OpenArchiveOptions {
  /** Folder of the cohort; the series of IDC that the rules look among are kept in it. */
  folder: string;
  /** IDC's index (Parquet). Default: `$NACRE_IDC_INDEX`; not needed where the series are kept already. */
  index?: string | undefined;
}

/** The archives of a manifest, opened, as one. */
export interface OpenedArchives {
  /** Patients that the archives list, sorted; undefined where none of them can. */
  patients: readonly string[] | undefined;
  filesOf(patient: string): Promise<PlannedFile[]>;
  shared(): Promise<PlannedFile[]>;
  /** Of the index that the series come from. */
  indexSha256?: string | undefined;
}

/**
 * Opens the archives of a manifest: nothing of a patient is asked for yet.
 *
 * @throws NacreError `nothing-to-fetch`, `not-fetched` (IDC's index), `token-missing`, and what reading index or list throws
 */
export async function openArchives(
  manifest: Manifest,
  manifestFile: string,
  options: OpenArchivesOptions,
): Promise<OpenedArchives> {
  if (manifest.archives.length === 0) {
    throw new NacreError('nothing-to-fetch', 'the manifest names no archive of scans', {
      file: manifestFile,
      expected: 'archives: [{ "kind": "idc" … }]',
      todo: 'put the scans where images says, or describe their archive',
    });
  }
  const idc = manifest.archives.filter((one): one is IdcArchive => one.kind === 'idc');
  const index = idc.length === 0 ? undefined : await idcSeries(idc, options);
  const patterns = Object.values(manifest.images).flatMap(({ image, mask }) => [image, mask]);
  const opened: OpenedArchive[] = [];
  for (const archive of manifest.archives) {
    if (archive.kind === 'list') opened.push(await openList(archive, manifestFile, patterns));
    else if (archive.kind === 'synapse') opened.push(openSynapse(archive, options));
    else opened.push(openIdc(archive, index?.series ?? [], options));
  }
  const listed = opened.flatMap(({ patients }) => (patients === undefined ? [] : [patients]));
  return {
    patients: listed.length === 0 ? undefined : [...new Set(listed.flat())].sort(),
    filesOf: async (patient) => {
      const files: PlannedFile[] = [];
      for (const archive of opened) files.push(...(await archive.filesOf(patient)));
      return files;
    },
    shared: async () => {
      const files: PlannedFile[] = [];
      for (const archive of opened) files.push(...(await archive.shared()));
      return files;
    },
    indexSha256: index?.sha256,
  };
}

/** Series of the collections: kept ones where there are any, else from the index, and then kept. */
async function idcSeries(
  archives: readonly IdcArchive[],
  { folder, index = process.env.NACRE_IDC_INDEX || undefined }: OpenArchivesOptions,
): Promise<IdcCollectionIndex> {
  const collections = [...new Set(archives.map(({ collection }) => collection))].sort();
  const kept = join(folder, 'archives', `idc-${collections.join('+')}.json`);
  if (index !== undefined) {
    const read = await readIdcIndex(index, collections);
    writeWhole(kept, `${canonicalJson(read)}\n`);
    return read;
  }
  if (!existsSync(kept)) {
    throw new NacreError('not-fetched', "IDC's index is not on this machine", {
      file: kept,
      found: 'neither kept series nor --index',
      expected: `${idcIndex.file}, version ${idcIndex.version} (${idcIndex.bytes} bytes, sha256 ${idcIndex.sha256})`,
      todo: `run: pip download ${idcIndex.package}, unzip the wheel, name ${idcIndex.file} with --index (or NACRE_IDC_INDEX)`,
    });
  }
  const todo = 'remove it and name the index again (--index)';
  const text = readText(kept, 'the kept series', 'series of the archive as nacre keeps them', todo);
  return parseJson(text, { what: 'the kept series', file: kept, todo }) as IdcCollectionIndex;
}
