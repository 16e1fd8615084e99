import { NacreError } from '../../runtime/errors.ts';
import { nativeBuiltin } from '../../runtime/native-builtin.ts';

/** The functions of ml-xgboost's WebAssembly that nacre calls: its C interface, below the package's own `train` and `predict`. */
export interface XgboostModule {
  /** Views of the heap; replaced whenever memory grows, so never keep one over a call. */
  readonly HEAPU8: Uint8Array;
  readonly HEAPF32: Float32Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _create_model(values: number, labels: number, rows: number, columns: number): number;
  _train_full_model(model: number, rounds: number): void;
  _save_model(model: number): number;
  _get_file_content(into: number, bytes: number): void;
  _free_memory_model(model: number): void;
  ccall(name: string, returns: null, types: string[], values: (number | string)[]): void;
}

export interface LoadingModule extends XgboostModule {
  isReady: Promise<unknown>;
  print: (text: string) => void;
  printErr: (text: string) => void;
  onAbort: (reason: unknown) => void;
}

let loading: Promise<XgboostModule> | undefined;

/** Loads the WebAssembly once per thread.
 *
 * @throws NacreError `booster-unavailable`
 */
export function loadXgboostModule(): Promise<XgboostModule> {
  loading ??= load().catch((cause) => {
    loading = undefined;
    throw new NacreError('booster-unavailable', 'ml-xgboost does not load', {
      found: cause instanceof Error ? cause.message : String(cause),
      todo: 'run npm ci',
      cause,
    });
  });
  return loading;
}

async function load(): Promise<XgboostModule> {
  // A page has it from its bundle (`scripts/bundle-browser.mjs`), with the WebAssembly in it.
  const module = requiredInNode() ?? (await import('ml-xgboost/dist/wasm/xgboost.js')).default;
  module.print = () => undefined;
  module.printErr = () => undefined;
  await new Promise((resolve, reject) => {
    module.onAbort = (reason) => reject(new Error(String(reason)));
    module.isReady.then(resolve, reject);
  });
  // `then` of old Emscripten modules would be called by `await`; hand over a plain object instead.
  return strip(module);
}

/**
 * In Node the package finds its WebAssembly beside itself. It speaks two lines on stderr while it loads and leaves an
 * `uncaughtException` listener that rethrows; both are kept from the process.
 */
function requiredInNode(): LoadingModule | undefined {
  const native = nativeBuiltin('node:module');
  if (native === undefined) return undefined;
  const before = new Set(process.listeners('uncaughtException'));
  const require = native.createRequire(import.meta.url);
  const module = require('ml-xgboost/dist/wasm/xgboost.js') as LoadingModule;
  for (const listener of process.listeners('uncaughtException')) {
    if (!before.has(listener)) process.off('uncaughtException', listener);
  }
  return module;
}

function strip(module: LoadingModule): XgboostModule {
  return {
    get HEAPU8() {
      return module.HEAPU8;
    },
    get HEAPF32() {
      return module.HEAPF32;
    },
    _malloc: module._malloc,
    _free: module._free,
    _create_model: module._create_model,
    _train_full_model: module._train_full_model,
    _save_model: module._save_model,
    _get_file_content: module._get_file_content,
    _free_memory_model: module._free_memory_model,
    ccall: module.ccall,
  };
}
