import { createHash } from 'node:crypto';
import { createReadStream, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isNacreError, NacreError } from './errors.ts';
import { defaultPatience, isPassing, type Patience, waitBeforeTry } from './patience.ts';
import { HttpRefusal, receive } from './receive.ts';
import { makeFolder } from './write-whole.ts';

/** An object of an archive that publishes its size, and perhaps a hash. */
export interface RemoteObject {
  /**
   * The address now: addresses that are signed for some minutes are asked for again at each try.
   *
   * @param again true where the last address was refused
   */
  address: (again: boolean) => Promise<string> | string;
  bytes: number;
  /** Lower-case hex; checked where given. */
  md5?: string | undefined;
  sha256?: string | undefined;
}

export interface FetchObjectOptions {
  onProgress?: ((done: number, total: number | undefined) => void) | undefined;
  signal?: AbortSignal | undefined;
  /** Tries in all. Default 5. */
  tries?: number | undefined;
  /** Default: 64 kB in each minute. */
  patience?: Patience | undefined;
  /** First wait between tries, seconds; doubles each time. A server's Retry-After replaces it, up to a minute. Default 1. */
  waitSeconds?: number | undefined;
}

export interface FetchedObject {
  bytes: number;
  /** Of what has arrived: to be kept, since archives may publish none. */
  sha256: string;
  result: 'present' | 'downloaded' | 'resumed';
}

/** Statuses of a signed address that has expired. */
const refusedAccess = (status: number) => [401, 403, 410].includes(status);

/**
 * Brings an object to `target`: size checked, hash checked where the archive has one, SHA-256 taken. Broken, slow and refused
 * transfers are tried again from where they stopped. The target appears only when it is whole.
 *
 * @throws NacreError `download-failed`, `checksum-mismatch`, `insecure-address`, `write-failed`
 */
export async function fetchObject(
  object: RemoteObject,
  target: string,
  options: FetchObjectOptions = {},
): Promise<FetchedObject> {
  if (existsSync(target)) {
    const { size } = statSync(target);
    const hashes = await hashesOf(target, object);
    if (size === object.bytes && mismatchOf(object, hashes) === undefined) {
      return { bytes: size, sha256: hashes.sha256, result: 'present' };
    }
    rmSync(target);
  }
  makeFolder(dirname(target));
  const part = `${target}.part`;
  if (existsSync(part) && statSync(part).size > object.bytes) rmSync(part);
  const result = await withTries(object, part, options);
  const hashes = await hashesOf(part, object);
  const mismatch = mismatchOf(object, hashes);
  if (mismatch !== undefined) {
    rmSync(part, { force: true });
    throw new NacreError('checksum-mismatch', 'checksum differs', {
      file: part,
      ...mismatch,
      todo: 'the partial file was removed; fetch again, and report it to the archive if it stays so',
    });
  }
  renameSync(part, target);
  return { bytes: object.bytes, sha256: hashes.sha256, result };
}

async function withTries(
  object: RemoteObject,
  part: string,
  {
    tries = 5,
    patience = defaultPatience,
    waitSeconds = 1,
    signal,
    onProgress,
  }: FetchObjectOptions,
): Promise<'downloaded' | 'resumed'> {
  let again = false;
  for (let tried = 1; ; tried++) {
    const url = await object.address(again);
    try {
      return await receive({ url, bytes: object.bytes }, part, { patience, signal, onProgress });
    } catch (error) {
      if (!isNacreError(error, 'download-failed')) throw error;
      const status = error instanceof HttpRefusal ? error.status : undefined;
      const hopeless = status !== undefined && !isPassing(status) && !refusedAccess(status);
      // A second address that is refused is no matter of its age.
      const expired = status !== undefined && refusedAccess(status);
      if (signal?.aborted || tried >= tries || hopeless || (expired && again)) throw error;
      again = expired;
      const asked = error instanceof HttpRefusal ? error.retryAfter : undefined;
      await waitBeforeTry(tried, { waitSeconds, asked, signal });
    }
  }
}

interface Hashes {
  /** Only where the archive has one to compare with. */
  md5?: string | undefined;
  sha256: string;
  bytes: number;
}

async function hashesOf(path: string, { md5: wanted }: RemoteObject): Promise<Hashes> {
  const md5 = wanted === undefined ? undefined : createHash('md5');
  const sha256 = createHash('sha256');
  await pipeline(createReadStream(path), async function* (source) {
    for await (const chunk of source) {
      md5?.update(chunk);
      sha256.update(chunk);
    }
    yield* [];
  });
  const bytes = statSync(path).size;
  return { md5: md5?.digest('hex'), sha256: sha256.digest('hex'), bytes };
}

function mismatchOf(
  object: RemoteObject,
  found: Hashes,
): { found: string; expected: string } | undefined {
  for (const hash of ['sha256', 'md5'] as const) {
    const expected = object[hash];
    if (expected === undefined || expected === found[hash]) continue;
    return {
      found: `${hash} ${found[hash]} (${found.bytes} bytes)`,
      expected: `${hash} ${expected} (${object.bytes} bytes)`,
    };
  }
  return undefined;
}
