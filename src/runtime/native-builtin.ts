/** Modules of Node's own that have a stand-in in plain JavaScript. */
type Native = 'node:crypto' | 'node:zlib' | 'node:module';

/**
 * Node's own implementation of something that exists in plain JavaScript too: a hash, a decompressor. In a page there is
 * none, and the caller takes the other. This is no import, so that the same modules load in both; what both compute is
 * the same. Files, threads and clocks never come from here: whoever needs them is handed them.
 */
export function nativeBuiltin<Name extends Native>(
  name: Name,
): ReturnType<typeof process.getBuiltinModule<Name>> | undefined {
  const here = (globalThis as { process?: NodeJS.Process }).process;
  return here?.getBuiltinModule?.(name);
}
