import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * A module of one nacre, this or an earlier one, from source or compiled.
 *
 * @param modules its `src` or `dist`
 * @param names of the module without ending, newest first: an earlier nacre keeps some in other folders
 */
export function moduleOf(modules: string, ...names: readonly string[]) {
  const files = names.flatMap((name) => ['.ts', '.js'].map((end) => join(modules, name + end)));
  const file = files.find(existsSync);
  if (file === undefined) throw new Error(`${modules} has no ${names.join(' and no ')}`);
  return import(pathToFileURL(file).href);
}
