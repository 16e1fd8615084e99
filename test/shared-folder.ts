import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * Folder of reference data and public cohorts for tests and benches, never part of the project:
 * `NACRE_SHARED`, else `../shared` beside the checkout. Undefined if neither exists.
 */
export function sharedFolder(): string | undefined {
  const named = process.env.NACRE_SHARED;
  const candidates = named !== undefined && named !== '' ? [named] : ['../shared'];
  return candidates.map((path) => resolve(path)).find((path) => existsSync(path));
}
