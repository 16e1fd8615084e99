import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NacreError, nearestName } from '../runtime/errors.ts';
import type { Manifest } from './manifest.ts';

/** Possible folders of a cohort's files. */
export interface DataOptions {
  /** Folder of the fetched cohort. Default: `$NACRE_DATA/<id>` or `./data/<id>`, where `nacre cohort fetch` puts it. */
  data?: string | undefined;
  /** Local copy of the files under the paths of the manifest; read in place. */
  mirror?: string | undefined;
  /**
   * File with a key: patient ids become pseudonyms (HMAC-SHA256) when the cohort is loaded. A manifest with `pseudonymise`
   * asks for it itself; the key is then this file's or `$NACRE_PSEUDONYM_KEY`.
   */
  pseudonymKey?: string | undefined;
}

/** Manifests that come with nacre. */
const manifests = fileURLToPath(new URL('../../data-manifests/', import.meta.url));

/** Manifests that lie there as a folder, but belong to no cohort. */
const noCohort = new Set(['template']);

/** The manifest of an id as it may lie there: alone, or in a folder together with its tables. */
function shippedManifest(id: string): string | undefined {
  const places = [join(manifests, `${id}.json`), join(manifests, id, 'manifest.json')];
  return noCohort.has(id) || /[/\\]/.test(id) ? undefined : places.find((path) => existsSync(path));
}

/** Ids of the manifests that come with nacre, sorted. */
export function manifestIds(): string[] {
  return readdirSync(manifests)
    .filter((file) => file !== 'manifest.schema.json')
    .map((file) => file.replace(/\.json$/, ''))
    .filter((id) => shippedManifest(id) !== undefined)
    .sort();
}

/** The manifest file of an id, or of a path to one. @throws NacreError `unknown-name` */
export function manifestPath(idOrPath: string): string {
  const shipped = shippedManifest(idOrPath);
  if (shipped !== undefined) return shipped;
  if (/[/\\]|\.json$/.test(idOrPath)) return resolve(idOrPath);
  const known = [...manifestIds(), 'synthetic-table'];
  const near = nearestName(idOrPath, known);
  throw new NacreError('unknown-name', 'no cohort of that name', {
    found: idOrPath,
    expected: `${known.join(', ')}, or the path of a manifest (.json)`,
    todo: near === undefined ? 'name one of these' : `did you mean ${near}?`,
  });
}

/** Folder into which `nacre cohort fetch` writes a cohort: `$NACRE_DATA/<id>`, else `./data/<id>`. */
export function defaultDataFolder(id: string): string {
  const named = process.env.NACRE_DATA;
  return resolve(named !== undefined && named !== '' ? named : 'data', id);
}

/**
 * The folder that the paths of a manifest start from. Asked for by option: that one. Else the first that holds every
 * table of the manifest: where fetch puts it, then beside the manifest.
 *
 * @throws NacreError `not-fetched`
 */
export function dataRoot(manifest: Manifest, manifestFile: string, options: DataOptions): string {
  const asked = options.data ?? options.mirror;
  if (asked !== undefined) {
    if (existsSync(asked)) return resolve(asked);
    throw new NacreError('not-fetched', 'the data folder is not there', {
      file: asked,
      expected: 'an existing folder',
      todo: 'correct --data or --mirror',
    });
  }
  const places = [defaultDataFolder(manifest.id), dirname(manifestFile)];
  const found = places.find((place) => holdsAll(place, manifest));
  if (found !== undefined) return found;
  throw new NacreError(
    'not-fetched',
    `the files of cohort ${manifest.id} are not on this machine`,
    {
      found: `none of ${places.join(', ')} holds them`,
      expected: `${neededFiles(manifest).slice(0, 8).join(', ')}`,
      todo: `run: nacre cohort fetch ${manifest.id} (or name a local copy with --mirror DIR)`,
    },
  );
}

/** Files that loading reads: the tables; where there are none, the scans, of which a patient may lack some. */
function neededFiles(manifest: Manifest): string[] {
  const tables = [...manifest.tables, ...manifest.features].map(({ file }) => file);
  if (tables.length > 0) return [...new Set(tables)];
  return (manifest.patients ?? []).flatMap((patient) =>
    Object.values(manifest.images).flatMap(({ image, mask }) =>
      [image, mask].map((path) => path.replaceAll('{patient}', () => patient)),
    ),
  );
}

function holdsAll(folder: string, manifest: Manifest): boolean {
  const files = neededFiles(manifest);
  const exists = (file: string) => existsSync(join(folder, file));
  const hasTables = manifest.tables.length + manifest.features.length > 0;
  return hasTables || files.length === 0 ? files.every(exists) : files.some(exists);
}
