import type { InferenceSession } from 'onnxruntime-node';
import { NacreError } from '../runtime/errors.ts';
import { loadOnnxruntime } from './onnxruntime.ts';
import type { Device, SessionOptions } from './session-options.ts';

/** External data of a network, already read. */
export type ExternalData = readonly { path: string; data: Uint8Array }[];

const needs: Record<Exclude<Device, 'cpu' | 'auto'>, string> = {
  cuda: 'the CUDA libraries of onnxruntime-node and an NVIDIA driver',
  dml: 'Windows with DirectX 12',
  coreml: 'macOS',
};

const accelerators: Partial<Record<NodeJS.Platform, Exclude<Device, 'cpu' | 'auto'>>> = {
  linux: 'cuda',
  win32: 'dml',
  darwin: 'coreml',
};

/**
 * The device that networks run on: `auto` is the platform's accelerator where a network of one node opens on it, else the
 * CPU, so that features are then those of `cpu` to the last bit. Who opens several networks asks once.
 */
export async function chosenDevice(options: SessionOptions = {}): Promise<Exclude<Device, 'auto'>> {
  const { device = 'cpu', note } = options;
  if (device !== 'auto') return device;
  const accelerator = accelerators[process.platform];
  if (accelerator === undefined) return 'cpu';
  try {
    // Where the CPU is taken, as by default, nothing of this is loaded.
    const { probeNetwork } = await import('./onnx/probe-network.ts');
    const session = await open(probeNetwork(), accelerator, options, []);
    await session.release();
    return accelerator;
  } catch (cause) {
    note?.({
      kind: 'device',
      found: `${accelerator} cannot be used: ${firstLine(cause)}`,
      taken: 'the CPU',
      why: `device auto; ${accelerator} needs ${needs[accelerator]}`,
    });
    return 'cpu';
  }
}

/**
 * Loads a network into onnxruntime.
 *
 * @param network bytes of an `.onnx` file, or the path of one
 * @param file named in errors
 * @throws NacreError `bad-model` where the runtime refuses the network; `device-unavailable`; `package-missing`
 */
export async function createSession(
  network: Uint8Array | string,
  file: string,
  options: SessionOptions = {},
  external: ExternalData = [],
): Promise<InferenceSession> {
  const provider = await chosenDevice(options);
  try {
    return await open(network, provider, options, external);
  } catch (cause) {
    if (provider === 'cpu') {
      throw new NacreError('bad-model', 'onnxruntime cannot load the network', {
        file,
        found: firstLine(cause),
        expected: 'operators and shapes that onnxruntime knows',
        todo: 'convert the checkpoint again, or export the network with another opset',
        cause,
      });
    }
    throw new NacreError('device-unavailable', `onnxruntime cannot use ${provider}`, {
      found: firstLine(cause),
      expected: needs[provider],
      todo: 'run with --device cpu or --device auto, or install what is missing (npm install onnxruntime-node without ONNXRUNTIME_NODE_INSTALL=skip)',
      cause,
    });
  }
}

async function open(
  network: Uint8Array | string,
  provider: string,
  { threads, verbose }: SessionOptions,
  external: ExternalData,
): Promise<InferenceSession> {
  const { InferenceSession, env } = await loadOnnxruntime();
  // The log level of the whole process: a missing accelerator is logged there, not by the session.
  env.logLevel = verbose ? 'warning' : 'fatal';
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(external.length === 0 ? {} : { externalData: external.map((one) => ({ ...one })) }),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // From the second pass on the runtime would hold a second block for all activations beside that of the first.
    enableMemPattern: false,
    // 4: fatal alone. What fails is said once, in nacre's own words.
    logSeverityLevel: verbose ? 2 : 4,
  };
  return typeof network === 'string'
    ? InferenceSession.create(network, options)
    : InferenceSession.create(network, options);
}

/** The runtime's message without the lines behind it. */
export function firstLine(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.split('\n')[0].slice(0, 400);
}
