import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * The folder of reference data and public cohorts that is never part of the project:
 * `NACRE_SHARED`, else `../shared` beside the checkout; undefined where neither is there.
 */
export function sharedFolder(): string | undefined {
  const named = process.env.NACRE_SHARED;
  const candidates = named !== undefined && named !== '' ? [named] : ['../shared'];
  return candidates.map((path) => resolve(path)).find((path) => existsSync(path));
}
