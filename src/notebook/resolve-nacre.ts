import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The file functions that the kernel's TypeScript calls. */
export interface TypeScriptSystem {
  fileExists(path: string): boolean;
  directoryExists(path: string): boolean;
  readFile(path: string, encoding?: string): string | undefined;
  getDirectories(path: string): string[];
  realpath?(path: string): string;
}

/**
 * `nacre` is the checkout (or package) this kernel comes from, whatever folder the notebook lies in. TypeScript sees it
 * as if npm had installed it there: `node_modules/nacre`, beside the packages that its declarations import. At their real
 * paths, TypeScript could not name their types in the folder ("The inferred type of … cannot be named", TS2742), and a cell
 * could not store a setting of a study in a variable. A link on disk is no solution, because `npm ci` would remove it.
 *
 * @param home folder of nacre's package.json
 * @param folder that of the notebook
 */
export function resolveNacre(system: TypeScriptSystem, home: string, folder: string): void {
  const modules = `${folder.replaceAll('\\', '/')}/node_modules`;
  const nacre = `${modules}/nacre`;
  const { fileExists, directoryExists, readFile, getDirectories, realpath } = system;
  const exists = (path: string) => fileExists(path) || directoryExists(path);
  // Packages that TypeScript finds by itself, in a folder above the notebook's, are left to it.
  const packages = foldersAbove(home).filter((path) => !foldersAbove(folder).includes(path));
  const real = (path: string): string => {
    if (path === nacre) return home;
    if (path.startsWith(`${nacre}/`)) {
      const inside = path.slice(nacre.length);
      return /^\/node_modules(?:\/|$)/.test(inside) ? `${home}/hidden${inside}` : home + inside;
    }
    if (!path.startsWith(`${modules}/`) || exists(path)) return path;
    const places = packages.map((place) => place + path.slice(modules.length));
    return places.find(exists) ?? path;
  };
  system.fileExists = (path) => fileExists(real(path));
  system.directoryExists = (path) => directoryExists(real(path));
  system.readFile = (path, encoding) => readFile(real(path), encoding);
  system.getDirectories = (path) => getDirectories(real(path));
  if (realpath !== undefined) {
    system.realpath = (path) => (real(path) === path ? realpath(path) : path);
  }
  resolveAtRunTime(home);
}

/** For Node, `nacre` and its rooms (`nacre/radiomics`) are the entries that its package.json exports. */
function resolveAtRunTime(home: string): void {
  const manifest = JSON.parse(readFileSync(`${home}/package.json`, 'utf8')) as {
    exports: Record<string, { default?: string } | string>;
  };
  const entries = new Map(
    Object.entries(manifest.exports).flatMap(([room, target]) => {
      const file = typeof target === 'string' ? target : target.default;
      return file === undefined ? [] : [[`nacre${room.slice(1)}`, `${home}/${file.slice(2)}`]];
    }),
  );
  const loader = createRequire(import.meta.url)('node:module') as {
    _resolveFilename(request: string, ...rest: unknown[]): string;
  };
  const resolveFilename = loader._resolveFilename;
  loader._resolveFilename = function (request, ...rest) {
    return entries.get(request) ?? resolveFilename.call(this, request, ...rest);
  };
}

/** The `node_modules` in which packages of a folder may lie, nearest first. */
function foldersAbove(folder: string): string[] {
  const above = dirname(folder);
  const packages = join(folder, 'node_modules').replaceAll('\\', '/');
  return above === folder ? [packages] : [packages, ...foldersAbove(above)];
}
