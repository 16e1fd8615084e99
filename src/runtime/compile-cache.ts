import module from 'node:module';

/**
 * Keeps the compiled code of modules in Node's own cache on disk, for the next process and for every worker thread.
 * Node 22.1 and later have it; `NODE_DISABLE_COMPILE_CACHE=1` switches it off.
 */
export function keepCompiledCode(): void {
  // The types are those of Node 20.
  (module as { enableCompileCache?: () => unknown }).enableCompileCache?.();
}
