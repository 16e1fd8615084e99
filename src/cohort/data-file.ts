import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { NacreError } from '../runtime/errors.ts';
import { dataPath } from './manifest.ts';

/**
 * The real address of a manifest's file below its data folder. Neither the path nor a symbolic link in it may lead
 * out of the folder: a manifest from somebody else must not read the rest of the disk.
 *
 * @throws NacreError `path-escapes`, `file-missing`
 */
export function dataFile(root: string, path: string): string {
  const full = requireInside(root, path);
  if (!existsSync(full)) {
    throw new NacreError('file-missing', 'the data folder does not hold the file', {
      file: join(root, path),
      expected: 'the file that the manifest names',
      todo: 'fetch the cohort (nacre cohort fetch) or correct the path in the manifest',
    });
  }
  const real = realpathSync(full);
  if (!inside(realpathSync(root), real)) throw escapes(path, root);
  return real;
}

/**
 * Where a fetched file goes: below the folder, also when a folder on the way is a symbolic link.
 *
 * @throws NacreError `path-escapes`
 */
export function fetchTarget(root: string, path: string): string {
  const full = requireInside(root, path);
  if (!existsSync(root)) return full;
  let there = full;
  while (!existsSync(there)) there = dirname(there);
  const [real, base] = [realpathSync(there), realpathSync(root)];
  if (real !== base && !inside(base, real)) throw escapes(path, root);
  return full;
}

/** The address that the path itself names, symbolic links not followed. @throws NacreError `path-escapes` */
export function requireInside(root: string, path: string): string {
  const full = resolve(root, path);
  if (!dataPath.safeParse(path).success || !inside(resolve(root), full)) throw escapes(path, root);
  return full;
}

function inside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`);
}

function escapes(path: string, root: string): NacreError {
  return new NacreError('path-escapes', 'a path of the manifest leads out of the data folder', {
    file: path,
    expected: `a file below ${root}`,
    todo: 'put the file there and correct the path',
  });
}
