import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../runtime/hash.ts';
import { writeWhole } from '../runtime/write-whole.ts';

/** What one unit (patient × scan × region × extractor) gave. */
export interface UnitRow {
  /** In the order of the extractor's columns; NaN where there is no value. */
  values: Float64Array;
  /** Of the preprocessing. */
  warnings: string[];
}

interface Header {
  key: string;
  /** SHA-256 of values and warnings. */
  sha256: string;
  warnings: string[];
}

/**
 * Rows of finished units, a file each, named by the hash of all that decided them: another patient with the same bytes takes
 * the same row, other settings find none. A file is a line of JSON and the values as 64-bit numbers. Written whole; one that
 * was damaged since does not meet its own hash and counts as not there.
 */
export class UnitCache {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The row; undefined where it was never finished, is damaged, or has another number of values than `columns`. */
  read(key: string, columns: number): UnitRow | undefined {
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(this.path(key));
    } catch {
      return undefined;
    }
    const line = bytes.indexOf(0x0a);
    const header = headerFrom(Buffer.from(bytes.subarray(0, Math.max(0, line))).toString('utf8'));
    // A copy: slice() of a Buffer shares the memory of other files, and at an odd place in it.
    const body = new Uint8Array(bytes.subarray(line + 1));
    if (header === undefined || header.key !== key || body.length !== 8 * columns) return undefined;
    if (hashOf(body, header.warnings) !== header.sha256) return undefined;
    return { values: new Float64Array(body.buffer, 0, columns), warnings: header.warnings };
  }

  /** @throws NacreError `write-failed` */
  write(key: string, { values, warnings }: UnitRow): void {
    const body = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const header: Header = { key, sha256: hashOf(body, warnings), warnings };
    writeWhole(this.path(key), [Buffer.from(`${JSON.stringify(header)}\n`), body]);
  }

  private path(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key}.row`);
  }
}

function hashOf(body: Uint8Array, warnings: readonly string[]): string {
  return sha256(Buffer.concat([body, Buffer.from(JSON.stringify(warnings))]));
}

function headerFrom(text: string): Header | undefined {
  try {
    const header = JSON.parse(text) as Partial<Header>;
    return Array.isArray(header.warnings) ? (header as Header) : undefined;
  } catch {
    return undefined;
  }
}
