import type * as Onnxruntime from 'onnxruntime-web';
import { graphFor } from '../../deep/network-pass.ts';
import type { DeepNetwork, DeepPrograms } from '../deep-protocol.ts';
import type { BytesBeside } from '../files-beside.ts';

export type Runtime = typeof Onnxruntime;

/** Threads above which a small network gains nothing. */
const mostThreads = 4;

let runtime: Promise<Runtime> | undefined;
let plain: { file: string; bytes: Uint8Array } | undefined;
let open: { key: string; session: Onnxruntime.InferenceSession } | undefined;

/**
 * onnxruntime-web from bytes whose checksums were verified: its two modules as blobs of this worker, its WebAssembly as it is. So it
 * asks for no address, and runs from disk as over http.
 *
 * Several threads share memory, which a browser allows only to pages that are isolated from all others.
 */
export function loadRuntime(programs: DeepPrograms, bytesOf: BytesBeside): Promise<Runtime> {
  runtime ??= (async () => {
    const [program, loader, binary] = await Promise.all(
      [programs.program, programs.loader, programs.binary].map(bytesOf),
    );
    const loaded = (await import(moduleAddress(program))) as Runtime;
    const { wasm } = loaded.env;
    wasm.wasmPaths = { mjs: moduleAddress(loader) };
    wasm.wasmBinary = binary;
    wasm.numThreads = threadsHere();
    loaded.env.logLevel = 'fatal';
    return loaded;
  })();
  runtime.catch(() => {
    // A server that was away may be back at the next press of the button, a wrong file replaced.
    runtime = undefined;
  });
  return runtime;
}

export function threadsHere(): number {
  return self.crossOriginIsolated ? Math.min(mostThreads, navigator.hardwareConcurrency) : 1;
}

export interface SessionRequest {
  network: DeepNetwork;
  /** Of the inputs; undefined: any. */
  size: readonly [number, number, number] | undefined;
  bytesOf: BytesBeside;
}

/** A session of a network; the last one is kept. */
export async function sessionFor(
  { InferenceSession }: Runtime,
  { network, size, bytesOf }: SessionRequest,
): Promise<Onnxruntime.InferenceSession> {
  const { file } = network;
  const key = `${file} ${size?.join('x') ?? 'any'}`;
  if (open?.key === key) return open.session;
  await open?.session.release();
  open = undefined;
  if (plain?.file !== file) plain = { file, bytes: await bytesOf(network) };
  const graph = graphFor(plain.bytes, { file, size });
  const session = await InferenceSession.create(graph, {
    executionProviders: ['wasm'],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
  });
  open = { key, session };
  return session;
}

function moduleAddress(bytes: Uint8Array<ArrayBuffer>): string {
  return URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' }));
}
