import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { NacreError } from '../runtime/errors.ts';
import { dataPath } from './data-path.ts';

/**
 * The real address of a manifest's file below its data folder. Neither the path nor a symbolic link in it may lead
 * out of the folder: a manifest from somebody else must not read the rest of the disk.
 *
 * @throws NacreError `path-escapes`, `file-missing`
 */
export function dataFile(root: string, path: string): string {
  const full = requireInside(root, path);
  if (!existsSync(full)) {
    const broken = linksOn(path, root).find((one) => !existsSync(one));
    throw new NacreError('file-missing', 'the data folder does not hold the file', {
      file: join(root, path),
      found:
        broken === undefined
          ? undefined
          : `a symbolic link to ${readlinkSync(broken)}, which is not there`,
      expected: 'the file that the manifest names',
      todo: 'fetch the cohort (nacre cohort fetch) or correct the path in the manifest',
    });
  }
  const real = realpathSync(full);
  if (!inside(realpathSync(root), real)) throw linkedOut(path, root);
  return real;
}

/**
 * Target path of a fetched file: inside the folder, also when a folder on the way is a symbolic link.
 *
 * @throws NacreError `path-escapes`
 */
export function fetchTarget(root: string, path: string): string {
  const full = requireInside(root, path);
  if (!existsSync(root)) return full;
  let ancestor = full;
  while (!existsSync(ancestor)) ancestor = dirname(ancestor);
  const [real, base] = [realpathSync(ancestor), realpathSync(root)];
  if (real !== base && !inside(base, real)) throw linkedOut(path, root);
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

/** Error for a symbolic link that leads out of the folder; it names the link and its target. */
function linkedOut(path: string, root: string): NacreError {
  const base = realpathSync(root);
  const link = linksOn(path, root).find(
    (one) => existsSync(one) && !inside(base, realpathSync(one)),
  );
  if (link === undefined) return escapes(path, root);
  const folder = statSync(link, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return new NacreError(
    'path-escapes',
    `a symbolic link leads out of the data folder: ${folder ? 'the folder' : 'the file'} ${relative(resolve(root), link)} is one`,
    {
      file: join(root, path),
      found: `${link} -> ${readlinkSync(link)}`,
      expected: `a file below ${root}, also after links`,
      todo: folder
        ? 'put the folder itself there, or name with --data the folder that holds it and the tables'
        : 'put the file itself there',
    },
  );
}

/** The symbolic links among the folders of a path and its file, from the top. */
function linksOn(path: string, root: string): string[] {
  const parts = path.split('/');
  return parts
    .map((_, i) => join(resolve(root), ...parts.slice(0, i + 1)))
    .filter((one) => lstatSync(one, { throwIfNoEntry: false })?.isSymbolicLink());
}

function escapes(path: string, root: string): NacreError {
  return new NacreError('path-escapes', 'a path of the manifest leads out of the data folder', {
    file: path,
    expected: `a file below ${root}`,
    todo: 'put the file there and correct the path',
  });
}
