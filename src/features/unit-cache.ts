import { basename, dirname } from 'node:path';
import type { Assumption } from '../runtime/assumptions.ts';
import { ResultStore } from '../runtime/result-store.ts';

/** Result of one unit (patient × scan × region × extractor). */
export interface UnitRow {
  /** In the order of the extractor's columns; NaN where there is no value. */
  values: Float64Array;
  /** Warnings of the preprocessing. */
  warnings: string[];
  /** Assumptions made while the row was computed. */
  assumptions: UnitAssumption[];
}

/**
 * An assumption as it is kept with a row: without the patient, since another patient with the same bytes takes the same row.
 * Its file is the one read as `image` or `mask`.
 */
export type UnitAssumption = Omit<Assumption, 'patient' | 'scan' | 'file'> & {
  file?: 'image' | 'mask' | undefined;
};

/**
 * Rows of finished units, named by the hash of all that decided them: another patient with the same bytes takes the same row,
 * other settings find none.
 */
export class UnitCache {
  private readonly store: ResultStore<Omit<UnitRow, 'values'>>;

  constructor(folder: string) {
    this.store = new ResultStore(folder);
  }

  /** The row; undefined where it was never finished, is damaged, or has another number of values than `columns`. */
  read(key: string, columns: number): UnitRow | undefined {
    const kept = this.store.read(fileOf(key), key);
    if (kept === undefined || kept.values.length !== columns) return undefined;
    return { ...kept.result, values: kept.values };
  }

  /** @throws NacreError `write-failed` */
  write(key: string, { values, ...rest }: UnitRow): void {
    this.store.write(fileOf(key), key, rest, values);
  }
}

/**
 * Rows of a cache that are read ahead, while other rows are still computed: tables are then made without waiting for the disk
 * and for the check of each file. A row is held until it is taken.
 */
export class RowsAhead {
  private readonly cache: UnitCache;
  private readonly held = new Map<string, UnitRow>();

  constructor(cache: UnitCache) {
    this.cache = cache;
  }

  /** Reads a row and holds it, as `UnitCache.read`. */
  read(key: string, columns: number): UnitRow | undefined {
    const row = this.cache.read(key, columns);
    if (row !== undefined) this.held.set(key, row);
    return row;
  }

  /** The row that is held, and no longer; one that is not is read. */
  take(key: string, columns: number): UnitRow | undefined {
    const held = this.held.get(key);
    this.held.delete(key);
    return held?.values.length === columns ? held : this.cache.read(key, columns);
  }
}

function fileOf(key: string): string {
  return `${key.slice(0, 2)}/${key}.row`;
}

/** The assumptions of a row as those of a patient. */
export function placed(
  assumptions: readonly UnitAssumption[],
  { patient, scan, image, mask }: { patient: string; scan: string; image: string; mask: string },
): Assumption[] {
  const files = { image: shownPath(image), mask: shownPath(mask) };
  return assumptions.map(({ file, ...rest }) => ({
    ...rest,
    patient,
    scan,
    file: file && files[file],
  }));
}

/** Folder and name: the same on every machine. */
export function shownPath(path: string): string {
  return `${basename(dirname(path))}/${basename(path)}`;
}
