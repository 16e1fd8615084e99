/** The part of the engine's WebAssembly interface that is used here; TypeScript declares it for browsers only. */
interface WebAssemblyInterface {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
}

/**
 * A module of WebAssembly, compiled once.
 *
 * @param base64 its bytes as scripts/build-wasm.ts writes them
 * @returns a function that gives the exports of a new instance, with a memory of its own
 */
export function webAssembly(base64: string): () => unknown {
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: WebAssemblyInterface };
  const module = new wasm.Module(Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0)));
  return () => new wasm.Instance(module).exports;
}
