import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ThreadStart } from './worker-entry.ts';

/**
 * The address of a worker module beside the caller: `workerModule(import.meta.url, './extract-worker')`.
 * Finds the `.ts` when run from source and the `.js` when run from `dist`.
 */
export function workerModule(here: string, relative: string): URL {
  return new URL(`${relative}${extname(new URL(here).pathname)}`, here);
}

const early: { module: string; thread: Worker; forget: () => void }[] = [];

/**
 * Starts threads that load a module before it is known what they are to do, so that they load it while this thread loads its
 * own. The next pool of that module takes them; threads that no pool takes keep no process alive.
 */
export function startEarly(module: URL, threads: number): void {
  for (let i = 0; i < threads; i++) {
    const thread = newThread(module, undefined);
    // One that ends while it waits is of no use: a pool starts its own then, and hears why.
    const forget = () => {
      const at = early.findIndex((one) => one.thread === thread);
      if (at >= 0) early.splice(at, 1);
    };
    early.push({ module: module.href, thread, forget });
    thread.on('error', forget);
    thread.on('exit', forget);
    thread.unref();
  }
}

/** A thread that loads `module` and waits for its work. @param heapMiB its old generation; undefined: Node's own */
export function startThread(module: URL, heapMiB: number | undefined): Worker {
  const at = heapMiB === undefined ? early.findIndex((one) => one.module === module.href) : -1;
  if (at < 0) return newThread(module, heapMiB);
  const [{ thread, forget }] = early.splice(at, 1);
  thread.off('error', forget);
  thread.off('exit', forget);
  thread.ref();
  return thread;
}

function newThread(module: URL, heapMiB: number | undefined): Worker {
  const entry = workerModule(import.meta.url, './worker-entry');
  const fromSource = [entry.pathname, module.pathname].some((path) => path.endsWith('.ts'));
  const workerData: ThreadStart = { module: module.href };
  return new Worker(entry, {
    workerData,
    execArgv: fromSource ? ['--import', typescriptHooks()] : [],
    ...(heapMiB !== undefined ? { resourceLimits: { maxOldGenerationSizeMb: heapMiB } } : {}),
  });
}

/**
 * Module that a worker imports first when run from source. `--import tsx` alone registers only for `require` in a worker,
 * and a package that has no entry for `require` (nifti-reader-js) then fails; importing this module registers it for imports, too.
 */
function typescriptHooks(): string {
  const api = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const code = `import { register } from ${api}; register();`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
