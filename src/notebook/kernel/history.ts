import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import type { RequestContent } from './requests.ts';

interface Entry {
  session: number;
  line: number;
  input: string;
  output: string | null;
}

/** As in a `history_reply`: session, line, and the input or input and output. */
export type HistoryRow = [number, number, string | [string, string | null]];

/** Sessions that are kept on disk. */
const keptSessions = 200;

/**
 * History of executed cells, over all sessions of this user. Each kernel appends to a file of its own, so that two kernels never
 * write into one; the number of the file is the number of the session.
 */
export class History {
  readonly session: number;
  readonly #folder: string | undefined;
  readonly #current: Entry[] = [];

  /** @param folder of the histories; undefined keeps this session in memory alone */
  constructor(folder?: string) {
    const place = folder === undefined ? undefined : openSession(folder);
    this.#folder = place === undefined ? undefined : folder;
    this.session = place ?? 1;
  }

  add(line: number, input: string, output: string | null): void {
    this.#current.push({ session: this.session, line, input, output });
    if (this.#folder === undefined) return;
    try {
      const text = `${JSON.stringify([line, input, output])}\n`;
      appendFileSync(fileOf(this.#folder, this.session), text, { mode: 0o600 });
    } catch {
      // On a full disk the history is lost, but the cell still runs.
    }
  }

  find(request: RequestContent<'history_request'>): HistoryRow[] {
    const rows = this.#select(request);
    return rows.map(({ session, line, input, output }) => [
      session,
      line,
      request.output ? [input, output] : input,
    ]);
  }

  #select(request: RequestContent<'history_request'>): Entry[] {
    if (request.hist_access_type === 'range') {
      const asked = request.session ?? 0;
      const session = asked <= 0 ? this.session + asked : asked;
      const from = request.start ?? 1;
      const to = request.stop ?? Number.POSITIVE_INFINITY;
      return this.#entriesOf(session).filter(({ line }) => line >= from && line < to);
    }
    let rows = this.#all();
    if (request.hist_access_type === 'search') {
      const form = globForm(request.pattern ?? '*');
      rows = rows.filter(({ input }) => form.test(input));
      if (request.unique) rows = lastOfEach(rows);
    }
    return request.n === null || request.n === undefined
      ? rows
      : rows.slice(-Math.max(0, request.n) || rows.length);
  }

  #all(): Entry[] {
    return this.#sessions().flatMap((session) => this.#entriesOf(session));
  }

  #sessions(): number[] {
    const stored = this.#folder === undefined ? [] : sessionsIn(this.#folder);
    return [...stored.filter((session) => session !== this.session), this.session].sort(
      (a, b) => a - b,
    );
  }

  #entriesOf(session: number): Entry[] {
    if (session === this.session) return this.#current;
    return this.#folder === undefined ? [] : readSession(this.#folder, session);
  }
}

function fileOf(folder: string, session: number): string {
  return join(folder, `${String(session).padStart(6, '0')}.jsonl`);
}

function sessionsIn(folder: string): number[] {
  return readdirSync(folder)
    .flatMap((name) => /^(\d{6,})\.jsonl$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** The next free number, taken by making its file; undefined where the folder cannot be written. */
function openSession(folder: string): number | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const earlier = sessionsIn(folder);
    for (const old of earlier.slice(0, -keptSessions)) rmSync(fileOf(folder, old), { force: true });
    for (let session = (earlier.at(-1) ?? 0) + 1; ; session++) {
      try {
        closeSync(openSync(fileOf(folder, session), 'wx', 0o600));
        return session;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return undefined;
      }
    }
  } catch {
    return undefined;
  }
}

function readSession(folder: string, session: number): Entry[] {
  let text: string;
  try {
    text = readFileSync(fileOf(folder, session), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((row) => {
    try {
      const [line, input, output] = JSON.parse(row);
      return typeof line === 'number' && typeof input === 'string'
        ? [{ session, line, input, output: output ?? null }]
        : [];
    } catch {
      // Skips the incomplete last line of a kernel that was killed while writing.
      return [];
    }
  });
}

/** `*` and `?` as in file names; everything else is meant literally. */
function globForm(pattern: string): RegExp {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}

/** Keeps only the last of equal inputs. */
function lastOfEach(rows: readonly Entry[]): Entry[] {
  const last = new Map(rows.map((row) => [row.input, row]));
  return rows.filter((row) => last.get(row.input) === row);
}
