import { bundled, licencesOf } from '../../scripts/bundle-browser.mjs';
import type { PageScripts } from '../../src/explore/page-scripts.ts';

let made: Promise<PageScripts> | undefined;

/** The programs of explore.html from the sources as they are now, bundled once for a file of tests. */
export function bundledScripts(): Promise<PageScripts> {
  made ??= bundle();
  return made;
}

async function bundle(): Promise<PageScripts> {
  const [page, worker, deepWorker] = await Promise.all([
    bundled({ entry: 'src/explore/page/page.ts', format: 'iife' }),
    bundled({ entry: 'src/explore/worker/worker.ts', format: 'iife' }),
    bundled({ entry: 'src/explore/worker/deep-worker.ts', format: 'iife' }),
  ]);
  return {
    page: page.text,
    worker: worker.text,
    deepWorker: deepWorker.text,
    licences: licencesOf([...page.inputs, ...worker.inputs, ...deepWorker.inputs]),
  };
}
