import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UnitCache } from '../../src/features/unit-cache.ts';
import { sha256 } from '../../src/runtime/hash.ts';
import { ResultStore } from '../../src/runtime/result-store.ts';
import type { Place } from './subject.ts';

/** Finished work on disk: path to inode and time. A file that was made again has another of both. */
export interface DoneWork {
  rows: Map<string, string>;
  units: Map<string, string>;
  /** Scans of the phantom and networks. */
  files: Map<string, string>;
  /** Of all of these, those that are not whole. */
  broken: string[];
}

/** What must be the same bytes, whatever happened on the way. */
const promised = ['config.yaml', 'partitions.json', 'predictions.parquet', 'results.json'];

export function bytesOf(run: string): string {
  const tables = readdirSync(join(run, 'features')).sort();
  const files = [...promised, ...tables.map((name) => join('features', name))];
  return sha256(files.map((name) => `${name} ${sha256(readFileSync(join(run, name)))}`).join('\n'));
}

/** Hash of report.html, and the names of the figures. */
export function reportOf(run: string): string {
  const figures = filesBelow(join(run, 'figures')).map((path) => basename(path));
  return `${sha256(readFileSync(join(run, 'report.html')))} ${figures.sort().join(' ')}`;
}

export function doneWork({ cache, run }: Place): DoneWork {
  const work: DoneWork = { rows: new Map(), units: new Map(), files: new Map(), broken: [] };
  const take = (into: Map<string, string>, path: string, whole: boolean) => {
    if (!whole) work.broken.push(path);
    else into.set(path, identity(path));
  };
  const rows = new UnitCache(join(cache, 'units'));
  for (const path of filesBelow(join(cache, 'units'))) {
    const key = /([0-9a-f]+)\.row$/.exec(path)?.[1] ?? '';
    const bytes = readFileSync(path);
    const columns = (bytes.length - bytes.indexOf(0x0a) - 1) / 8;
    take(work.rows, path, rows.read(key, columns) !== undefined);
  }
  const units = new ResultStore(join(run, 'units'));
  for (const path of filesBelow(join(run, 'units'))) {
    const name = /([^/]+)\.json$/.exec(path)?.[1] ?? '';
    take(work.units, path, units.read(`${name}.json`, keyIn(path)) !== undefined);
  }
  for (const path of [
    ...filesBelow(join(cache, 'phantom')),
    ...filesBelow(join(cache, 'models')),
  ]) {
    // Tables and manifest of the phantom are written anew, from the same draws, until the manifest is there.
    if (/\.(nii\.gz|onnx)$/.test(path)) take(work.files, path, statSync(path).size > 0);
  }
  return work;
}

/** Finished work that was made again, or is gone. */
export function madeAgain(before: DoneWork, after: DoneWork): string[] {
  return (['rows', 'units', 'files'] as const).flatMap((kind) =>
    [...before[kind]].flatMap(([path, id]) => (after[kind].get(path) === id ? [] : [path])),
  );
}

/** What a stopped run leaves unfinished: hidden, read by nobody, swept by the next run. */
export function unfinished({ cache, run }: Place): string[] {
  return [cache, run].flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
          /\.part$|\.lock$/.test(name),
        )
      : [],
  );
}

export interface Counts {
  extraction: { unitsComputed: number; unitsReused: number };
  unitsComputed: number;
  unitsReused: number;
}

/** What the run itself says that it computed. */
export function countsOf(run: string): Counts {
  return JSON.parse(readFileSync(join(run, 'provenance.json'), 'utf8')) as Counts;
}

function identity(path: string): string {
  const { ino, mtimeMs } = statSync(path);
  return `${ino} ${mtimeMs}`;
}

function keyIn(path: string): string {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { key: string }).key;
  } catch {
    return '';
  }
}

/** Hidden files are unfinished ones. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    // A folder of unfinished work that ended while it was listed.
    return [];
  }
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .filter((entry) => !entry.parentPath.endsWith('.part'))
    .map((entry) => join(entry.parentPath, entry.name));
}
