import { join } from 'node:path';
import { readHashedTable } from '../machine/read-table.ts';
import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import type { RawTable, TableFormat } from '../table/raw-table.ts';
import { dataFile } from './data-file.ts';
import type { Manifest } from './manifest.ts';

/** Tables of a cohort as they lie in the data folder, each file verified against its source. */
export interface CohortFiles {
  tables: RawTable[];
  features: RawTable[];
  inputs: { file: string; sha256: string }[];
}

/**
 * Reads every table that a manifest names. A file that the manifest gives a checksum for must have it.
 *
 * @throws NacreError `checksum-mismatch`, `file-missing`, `path-escapes`, and what `readHashedTable` throws
 */
export async function readCohortFiles(
  manifest: Manifest,
  root: string,
  note: NoteAssumption = () => {},
): Promise<CohortFiles> {
  const hashes = new Map<string, string>();
  const read = async (file: string, format: TableFormat): Promise<RawTable> => {
    const real = dataFile(root, file);
    const path = join(root, file);
    try {
      const { table } = await readHashedTable(
        real,
        { ...format, note: (one) => note({ ...one, file }) },
        (sha256) => {
          verify(manifest, file, path, sha256);
          const before = hashes.get(file) ?? sha256;
          if (before !== sha256) throw changed(path, before, sha256);
          hashes.set(file, sha256);
        },
      );
      return { ...table, file: path };
    } catch (error) {
      // Readers know the resolved path; people know the one they wrote.
      if (error instanceof NacreError && error.facts.file === real && real !== path) {
        throw new NacreError(error.code, 'cannot read the table', {
          ...error.facts,
          file: path,
          cause: error,
        });
      }
      throw error;
    }
  };
  const tables: RawTable[] = [];
  for (const { file, format, sheet, separator } of manifest.tables) {
    tables.push(await read(file, { format, sheet, separator }));
  }
  const features: RawTable[] = [];
  for (const { file, format, sheet, separator } of manifest.features) {
    features.push(await read(file, { format, sheet, separator }));
  }
  const inputs = [...hashes].map(([file, sha256]) => ({ file, sha256 }));
  return { tables, features, inputs };
}

/** Two blocks may come from one file, which must be the same each time. */
function changed(file: string, before: string, sha256: string): NacreError {
  return new NacreError('file-changed', 'the file changed while it was read', {
    file,
    found: `sha256 ${sha256}`,
    expected: `sha256 ${before}, as when it was first read`,
    todo: 'run it again once nothing writes to the file',
  });
}

function verify(manifest: Manifest, file: string, path: string, hash: string): void {
  const source = manifest.sources.find((one) => one.path === file);
  if (source === undefined || source.sha256 === hash) return;
  throw new NacreError('checksum-mismatch', 'checksum differs', {
    file: path,
    found: `sha256 ${hash}`,
    expected: `sha256 ${source.sha256} (${source.bytes} bytes)`,
    todo: `fetch it again (nacre cohort fetch ${manifest.id}), or give a changed file its own manifest`,
  });
}
