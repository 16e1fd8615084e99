import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assumption } from '../runtime/assumptions.ts';
import { sha256 } from '../runtime/hash.ts';
import { writeWhole } from '../runtime/write-whole.ts';

/** What one unit (patient × scan × region × extractor) gave. */
export interface UnitRow {
  /** In the order of the extractor's columns; NaN where there is no value. */
  values: Float64Array;
  /** Of the preprocessing. */
  warnings: string[];
  /** What was left out, taken as given or chosen while the row was made. */
  assumptions: UnitAssumption[];
}

/**
 * An assumption as it is kept with a row: without the patient, since another patient with the same bytes takes the same row.
 * Its file is the one read as `image` or `mask`.
 */
export type UnitAssumption = Omit<Assumption, 'patient' | 'scan' | 'file'> & {
  file?: 'image' | 'mask' | undefined;
};

interface Header {
  key: string;
  /** SHA-256 of values, warnings and assumptions. */
  sha256: string;
  warnings: string[];
  assumptions: UnitAssumption[];
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
    if (hashOf(body, header) !== header.sha256) return undefined;
    const { warnings, assumptions } = header;
    return { values: new Float64Array(body.buffer, 0, columns), warnings, assumptions };
  }

  /** @throws NacreError `write-failed` */
  write(key: string, { values, warnings, assumptions }: UnitRow): void {
    const body = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const told = { warnings, assumptions };
    const header: Header = { key, sha256: hashOf(body, told), ...told };
    writeWhole(this.path(key), [Buffer.from(`${JSON.stringify(header)}\n`), body]);
  }

  private path(key: string): string {
    return join(this.folder, key.slice(0, 2), `${key}.row`);
  }
}

function hashOf(
  body: Uint8Array,
  { warnings, assumptions }: Pick<UnitRow, 'warnings' | 'assumptions'>,
): string {
  return sha256(Buffer.concat([body, Buffer.from(JSON.stringify([warnings, assumptions]))]));
}

function headerFrom(text: string): Header | undefined {
  try {
    const header = JSON.parse(text) as Partial<Header>;
    return Array.isArray(header.warnings) && Array.isArray(header.assumptions)
      ? (header as Header)
      : undefined;
  } catch {
    return undefined;
  }
}
