import { existsSync, readFileSync } from 'node:fs';

/** The programs of explore.html, as text. */
export interface PageScripts {
  page: string;
  worker: string;
  /** The module that runs networks, for the folder beside the page. */
  deepWorker: string;
  /** Of the packages in them: a copy must carry them. */
  licences: string;
}

/** Where the build puts them: beside this module in `dist`, and in `dist` when this module runs from `src`. */
const folders = ['./bundle/', '../../dist/explore/bundle/'];

/**
 * The programs as the build bundled them (`npm run build`); undefined where nothing was built, as in a checkout that runs from its
 * sources.
 */
export function pageScripts(): PageScripts | undefined {
  const folder = folders
    .map((path) => new URL(path, import.meta.url))
    .find((url) => existsSync(new URL('page.js', url)));
  if (folder === undefined) return undefined;
  const text = (name: string) => readFileSync(new URL(name, folder), 'utf8');
  return {
    page: text('page.js'),
    worker: text('worker.js'),
    deepWorker: text('deep-worker.js'),
    licences: text('explore.licences.txt'),
  };
}
