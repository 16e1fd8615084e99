import { resolve } from 'node:path';

/** Folder for results that can be computed again: the given folder, else `$NACRE_CACHE`, else `.cache/nacre`. */
export function cacheFolder(named?: string): string {
  const fromEnvironment = process.env.NACRE_CACHE;
  if (named !== undefined && named !== '') return resolve(named);
  return resolve(
    fromEnvironment !== undefined && fromEnvironment !== '' ? fromEnvironment : '.cache/nacre',
  );
}
