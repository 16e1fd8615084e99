import { afterAll, vi } from 'vitest';

/** Loads a module as a page would: without Node's own modules. */
export async function loadedAsInPage<T>(load: () => Promise<T>): Promise<T> {
  const original = process.getBuiltinModule;
  vi.resetModules();
  Reflect.set(process, 'getBuiltinModule', undefined);
  try {
    return await load();
  } finally {
    Reflect.set(process, 'getBuiltinModule', original);
    vi.resetModules();
  }
}

afterAll(() => vi.resetModules());
