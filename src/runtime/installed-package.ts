import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Folder of an installed package: the first one in which Node would look from here. For packages that export neither
 * their package.json nor the wanted file. It lies beside nacre in a project and below it in a checkout.
 *
 * @returns undefined where the package is not installed
 */
export function installedPackage(name: string): string | undefined {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return folders
    .map((folder) => join(folder, ...name.split('/')))
    .find((folder) => existsSync(join(folder, 'package.json')));
}

/** Version of an installed package; undefined where it is not installed. Nothing of the package runs. */
export function readInstalledVersion(name: string): string | undefined {
  const folder = installedPackage(name);
  if (folder === undefined) return undefined;
  const manifest = readFileSync(join(folder, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
