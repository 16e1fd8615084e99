import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from './hash.ts';
import { writeWhole } from './write-whole.ts';

/** A finished result as it is kept: data that JSON can hold, and numbers that it cannot (NaN) or would make large. */
export interface KeptResult<T> {
  result: T;
  values: Float64Array;
}

/**
 * Finished results, one file each, so that a killed run continues where it stopped. A file is a line of JSON with the key of
 * everything that determines the result, and the values as 64-bit numbers. It is written whole and checks itself: it
 * carries the hash of its content, and a file that is damaged, or belongs to another key, counts as missing.
 */
export class ResultStore<T> {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** @param name of the file, below the folder */
  read(name: string, key: string): KeptResult<T> | undefined {
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(join(this.folder, name));
    } catch {
      return undefined;
    }
    const line = bytes.indexOf(0x0a);
    // A copy: slice() of a Buffer shares the memory of other files, and may start at an unaligned byte.
    const body = new Uint8Array(bytes.subarray(line + 1));
    if (body.length % 8 !== 0) return undefined;
    try {
      const text = Buffer.from(bytes.subarray(0, Math.max(0, line))).toString('utf8');
      const kept = JSON.parse(text) as { key: string; result: T; sha256: string };
      if (kept.key !== key || kept.sha256 !== hashOf(kept.result, body)) return undefined;
      return { result: kept.result, values: new Float64Array(body.buffer) };
    } catch {
      return undefined;
    }
  }

  /** @throws NacreError `write-failed` */
  write(name: string, key: string, result: T, values: Float64Array = new Float64Array(0)): void {
    const body = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const line = JSON.stringify({ key, sha256: hashOf(result, body), result });
    writeWhole(join(this.folder, name), [Buffer.from(`${line}\n`), body]);
  }
}

function hashOf(result: unknown, body: Uint8Array): string {
  return sha256(Buffer.concat([body, Buffer.from(JSON.stringify(result))]));
}
