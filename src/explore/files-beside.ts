import { NacreError } from '../runtime/errors.ts';
import { sha256 } from '../runtime/hash.ts';
import { type DeepFile, deepFolder } from './deep-protocol.ts';

/** @throws NacreError `file-missing`; `checksum-mismatch` */
export type BytesBeside = (wanted: DeepFile) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Reads files of the folder beside the page, and hands over what has the expected SHA-256 alone.
 *
 * @param chosen by the reader, from disk; undefined: they are fetched
 * @param folder its address
 */
export function filesBeside(
  chosen: ReadonlyMap<string, Blob> | undefined,
  folder: string,
): BytesBeside {
  const read = (file: string) =>
    chosen === undefined ? fetched(file, folder) : ofChosen(chosen, file);
  return async ({ file, sha256: expected }) => {
    const bytes = new Uint8Array(await read(file));
    const found = sha256(bytes);
    if (found !== expected) {
      throw new NacreError('checksum-mismatch', 'the file beside the page is another one', {
        file,
        found: `sha256 ${found}`,
        expected: `sha256 ${expected}`,
        todo: 'write the site again (nacre site --deep)',
      });
    }
    return bytes;
  };
}

async function fetched(file: string, folder: string): Promise<ArrayBuffer> {
  const answer = await fetch(new URL(file, folder));
  if (!answer.ok) throw missing(file, `HTTP ${answer.status}`);
  return answer.arrayBuffer();
}

async function ofChosen(chosen: ReadonlyMap<string, Blob>, file: string): Promise<ArrayBuffer> {
  const blob = chosen.get(file);
  if (blob === undefined) throw missing(file, 'no file of this name among those chosen');
  try {
    return await blob.arrayBuffer();
  } catch (cause) {
    // A browser keeps the place of a chosen file, not its bytes.
    throw missing(file, 'it was moved or changed since it was chosen', cause);
  }
}

function missing(file: string, found: string, cause?: unknown): NacreError {
  return new NacreError('file-missing', 'a file of deep features is not beside the page', {
    file,
    found,
    expected: `the folder ${deepFolder}/ as nacre site wrote it`,
    todo: 'copy the whole site, or write it again (nacre site --deep)',
    cause,
  });
}
