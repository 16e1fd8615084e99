import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type Compare,
  type ParityReport,
  type ParityRow,
  relativeDifference,
  SuiteSkipped,
} from './parity-row.ts';

/** A file of this folder that compares us with something published. */
export interface Suite {
  /** File name without its ending. */
  name: string;
  compare: Compare;
  /** Left out of `npm test`: it needs Python or minutes. A suite says so by `export const scope = 'parity-only'`. */
  parityOnly: boolean;
}

export interface SuiteResult extends Required<ParityReport> {
  name: string;
  /** Why it did not run. */
  skipped?: string;
  ok: boolean;
  /** Why it is not ok, where it is not for a row outside its tolerance. */
  fault?: string;
  seconds: number;
}

const notSuites = new Set(['main.ts', 'parity-row.ts', 'suites.ts', 'print.ts']);

/** All suites, by name. Every other file of this folder must default-export `compare`; what they share lies in `reference/`. */
export async function findSuites(): Promise<Suite[]> {
  const folder = new URL('./', import.meta.url);
  const files = readdirSync(fileURLToPath(folder))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !notSuites.has(file))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const module = (await import(new URL(file, folder).href)) as {
        default?: Compare;
        scope?: string;
      };
      if (typeof module.default !== 'function') {
        throw new Error(`test/parity/${file} does not default-export a compare function`);
      }
      return {
        name: file.slice(0, -3),
        compare: module.default,
        parityOnly: module.scope === 'parity-only',
      };
    }),
  );
}

/** Runs a suite and judges it: all rows ok, or the share it asks for with a reason beside each miss. */
export async function runSuite({ name, compare }: Suite): Promise<SuiteResult> {
  const started = performance.now();
  const done = (result: Omit<SuiteResult, 'name' | 'seconds'>): SuiteResult => ({
    name,
    ...result,
    seconds: Math.round((performance.now() - started) / 100) / 10,
  });
  let report: ParityReport;
  try {
    const given = await compare();
    report = Array.isArray(given) ? { rows: given } : given;
  } catch (error) {
    const empty = { rows: [], required: 1, remarks: [] };
    if (error instanceof SuiteSkipped) return done({ ...empty, skipped: error.message, ok: true });
    const fault = `broke off: ${(error as Error).stack ?? String(error)}`;
    return done({ ...empty, ok: false, fault });
  }
  const { rows, required = 1, remarks = [] } = report;
  const misses = rows.filter((row) => !row.ok);
  const unexplained = misses.filter((row) => !row.note);
  const share = (rows.length - misses.length) / rows.length;
  const fault =
    rows.length === 0
      ? 'it compared nothing'
      : share < required
        ? `${percent(share)} within tolerance, ${percent(required)} asked for`
        : required < 1 && unexplained.length > 0
          ? `${unexplained.length} misses without a reason`
          : undefined;
  return done({
    rows,
    required,
    remarks,
    ok: fault === undefined,
    ...(fault === undefined ? {} : { fault }),
  });
}

/** The largest relative difference of some rows. */
export function worst(rows: readonly ParityRow[]): number {
  return rows.reduce((most, row) => {
    const difference = relativeDifference(row.ours, row.reference);
    return Number.isNaN(difference) ? Number.NaN : Math.max(most, difference);
  }, 0);
}

/** 0.98765 → `98.77%`; only what is whole is called 100%. */
export function percent(share: number): string {
  return share === 1 ? '100%' : `${(Math.min(share, 0.9999) * 100).toFixed(2)}%`;
}
