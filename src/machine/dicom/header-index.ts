import {
  appendFileSync,
  chmodSync,
  type Dirent,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import type { DicomHeader } from '../../imaging/dicom/header.ts';
import type { NoteAssumption } from '../../runtime/assumptions.ts';
import { NacreError } from '../../runtime/errors.ts';
import { sha256 } from '../../runtime/hash.ts';
import { makeFolder } from '../../runtime/write-whole.ts';
import { readDicomHeader } from './read-header.ts';

export interface HeaderIndexOptions {
  /**
   * Folder in which headers are kept between runs, by path, size and time of change: a folder that was read once is read again
   * in seconds, and a run that was stopped goes on. It holds patient ids and UIDs, as the files themselves do. Default: none.
   */
  cache?: string | undefined;
  /** Receives the number of files after the walk, and how many of them are cached; is then called once per file that is read. */
  progress?: ((files: number, known: number) => (file: string) => void) | undefined;
  note?: NoteAssumption | undefined;
  signal?: AbortSignal | undefined;
}

/** The headers of all DICOM files below a folder. */
export interface HeaderIndex {
  /** In the order of the paths. */
  headers: DicomHeader[];
  /** Files of other kinds. */
  others: number;
  /** DICOM files that cannot be read, by the code of the refusal. */
  unreadable: { file: string; code: string }[];
}

/** One line of the cache. */
interface Entry {
  path: string;
  size: number;
  mtime: number;
  header?: DicomHeader;
  code?: string;
}

/** Version of the cache format: raised when the stored fields of a header change. */
const format = 'nacre-dicom-headers-1';

/** Number of headers per write. */
const batch = 256;

/** Deepest level that is walked. Archives have few levels; a folder mounted inside itself has no end. */
const deepest = 32;

/**
 * Walks a folder once and reads the header of every DICOM file in it, distinguished by content: names and endings do not count.
 * Symbolic links are not followed. A file that cannot be read does not stop the walk.
 *
 * @throws NacreError `file-missing`, `write-failed`
 */
export async function indexHeaders(
  folder: string,
  { cache, progress, note, signal }: HeaderIndexOptions = {},
): Promise<HeaderIndex> {
  const files = filesBelow(folder, note);
  const store = cache === undefined ? undefined : new HeaderCache(cache, folder);
  const entries: (Entry | undefined)[] = files.map((file) => store?.get(file));
  const known = entries.filter(Boolean).length;
  const tick = progress?.(files.length, known);
  for (const [i, file] of files.entries()) {
    if (entries[i] !== undefined) continue;
    entries[i] = read(folder, file);
    store?.add(entries[i] as Entry);
    tick?.(file.path);
    if (i % 16 === 0) {
      // Lets signals and timers run.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal?.aborted) store?.flush();
      signal?.throwIfAborted();
    }
  }
  store?.flush();
  const index: HeaderIndex = { headers: [], others: 0, unreadable: [] };
  for (const entry of entries as Entry[]) {
    if (entry.header !== undefined) {
      index.headers.push({ ...entry.header, file: join(folder, entry.path) });
    } else if (entry.code === 'not-dicom') index.others++;
    else index.unreadable.push({ file: entry.path, code: entry.code ?? 'bad-dicom' });
  }
  for (const code of new Set(index.unreadable.map((one) => one.code))) {
    // Counted, not named: paths of exported files may hold names of patients.
    const files = index.unreadable.filter((one) => one.code === code).length;
    note?.({
      kind: 'dicom-file-unreadable',
      level: 'warning',
      found: `${files} DICOM ${files === 1 ? 'file' : 'files'} that cannot be read (${code})`,
      taken: 'left out',
      why: 'export them again if they belong to a scan',
    });
  }
  return index;
}

function read(folder: string, file: Entry): Entry {
  const { path, size, mtime } = file;
  try {
    return { path, size, mtime, header: readDicomHeader(join(folder, path)) };
  } catch (error) {
    if (!(error instanceof NacreError)) throw error;
    return { path, size, mtime, code: error.code };
  }
}

/** All files, sorted, with size and time of change. */
function filesBelow(folder: string, note: NoteAssumption | undefined): Entry[] {
  const files: Entry[] = [];
  let links = 0;
  const walk = (at: string, depth: number) => {
    for (const entry of entriesOf(at)) {
      const path = join(at, entry.name);
      if (entry.isSymbolicLink()) links++;
      else if (entry.isDirectory()) {
        if (depth < deepest) walk(path, depth + 1);
      } else if (entry.isFile()) {
        const { size, mtimeMs } = statSync(path);
        files.push({ path: relative(folder, path), size, mtime: mtimeMs });
      }
    }
  };
  walk(folder, 0);
  if (links > 0) {
    note?.({
      kind: 'symbolic-links',
      found: `${links} symbolic links in the folder`,
      taken: 'not followed',
      why: 'they may lead out of the folder; copy the files there if they belong to it',
    });
  }
  return files;
}

function entriesOf(folder: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch (cause) {
    throw new NacreError('file-missing', 'cannot read the folder', {
      file: folder,
      found: (cause as NodeJS.ErrnoException).code,
      expected: 'a readable folder',
      todo: 'check the path',
      cause,
    });
  }
}

/** Headers of one folder as lines of JSON, which are only appended, so that the lines of a stopped run stay usable. */
class HeaderCache {
  readonly #path: string;
  readonly #known = new Map<string, Entry>();
  #pending: Entry[] = [];

  constructor(cache: string, folder: string) {
    makeFolder(cache);
    this.#path = join(cache, `${sha256(realpathSync(folder)).slice(0, 16)}.jsonl`);
    if (!existsSync(this.#path)) return;
    const [first, ...lines] = readFileSync(this.#path, 'utf8').split('\n');
    if (first !== JSON.stringify(format)) {
      rmSync(this.#path);
      return;
    }
    for (const line of lines) {
      try {
        const entry = JSON.parse(line) as Entry;
        this.#known.set(entry.path, entry);
      } catch {
        // The last line of a run that was killed while it wrote.
      }
    }
  }

  get({ path, size, mtime }: Entry): Entry | undefined {
    const entry = this.#known.get(path);
    return entry?.size === size && entry.mtime === mtime ? entry : undefined;
  }

  add(entry: Entry): void {
    this.#pending.push(entry);
    if (this.#pending.length >= batch) this.flush();
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    const lines = this.#pending.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    const isNew = !existsSync(this.#path);
    // The last line of a killed run may lack its line end, so a line end is written first; empty lines are skipped.
    appendFileSync(this.#path, isNew ? `${JSON.stringify(format)}\n${lines}` : `\n${lines}`);
    if (isNew) chmodSync(this.#path, 0o600);
    this.#pending = [];
  }
}
