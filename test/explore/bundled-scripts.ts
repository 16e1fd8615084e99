import { bundled, licencesOf } from '../../scripts/bundle-browser.mjs';
import type { PageScripts } from '../../src/explore/page-scripts.ts';

/** The programs of explore.html from the sources as they are now. */
export async function bundledScripts(): Promise<PageScripts> {
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
