import { dirname } from 'node:path';
import { readRawTable } from '../../machine/read-table.ts';
import { NacreError } from '../../runtime/errors.ts';
import { columnIndex, type RawTable } from '../../table/raw-table.ts';
import { dataFile } from '../data-file.ts';
import type { ListArchive } from '../manifest-archives.ts';
import type { OpenedArchive, PlannedFile } from './planned-file.ts';

const titles = ['path', 'address', 'bytes', 'sha256'] as const;

/**
 * Files by address from a table beside the manifest. Whose a file is follows from the patterns under `images`: its path is what a
 * pattern becomes for the patient, or lies below it.
 *
 * @param patterns paths with {patient}
 * @throws NacreError `bad-table`, and what reading the table throws
 */
export async function openList(
  archive: ListArchive,
  manifestFile: string,
  patterns: readonly string[],
): Promise<OpenedArchive> {
  const table = await readRawTable(dataFile(dirname(manifestFile), archive.file), {
    format: 'csv',
    separator: ',',
  });
  const files = filesOf(table, archive);
  const byPath = new Map(files.map((file) => [file.path, file]));
  const folders = new Map<string, PlannedFile[]>();
  for (const file of files) {
    const parts = file.path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      folders.set(folder, [...(folders.get(folder) ?? []), file]);
    }
  }
  return {
    id: archive.id,
    shared: async () => [],
    async filesOf(patient) {
      const places = patterns.map((pattern) => pattern.replaceAll('{patient}', () => patient));
      const found = new Set<PlannedFile>();
      for (const place of places) {
        const file = byPath.get(place);
        if (file !== undefined) found.add(file);
        for (const below of folders.get(place) ?? []) found.add(below);
      }
      return [...found];
    },
  };
}

function filesOf(table: RawTable, { licence }: ListArchive): PlannedFile[] {
  const at = titles.map((title) => columnIndex(table, title));
  const seen = new Set<string>();
  return table.rows.map((row, i) => {
    const [path, address, size, hash] = at.map((column) => String(row[column] ?? ''));
    const bytes = Number(size);
    const sound =
      /^https?:\/\//.test(address) &&
      /^[0-9a-f]{64}$/.test(hash) &&
      Number.isInteger(bytes) &&
      bytes > 0 &&
      path !== '' &&
      !seen.has(path);
    if (!sound) {
      throw new NacreError('bad-table', 'a row of the list of files is not understood', {
        file: table.file,
        row: i + 1,
        found: JSON.stringify([path, address.split('?')[0], size, hash].join(',').slice(0, 200)),
        expected: 'path (each once), address (https), bytes, sha256',
      });
    }
    seen.add(path);
    return {
      path,
      object: { address: () => address, bytes, sha256: hash },
      origin: address.split('?')[0],
      licence,
    };
  });
}
