import { execFileSync } from 'node:child_process';
import { create } from '@bufbuild/protobuf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { modelBytes } from '../../src/deep/onnx/model-bytes.ts';
import { NodeProtoSchema } from '../../src/deep/onnx/schema/onnx_pb.ts';
import type { TorchWorker } from '../peers/torch-worker.ts';

/** Fastest rate of a 2,048 × 2,048 matrix product in GFLOP/s, by onnxruntime or torch, whichever is faster. */
export async function productPeak(threads: number, torch: TorchWorker): Promise<number> {
  const n = 2048;
  const square = [n, n];
  const bytes = modelBytes({
    producerVersion: 'bench',
    metadata: {},
    graph: {
      name: 'product',
      nodes: [create(NodeProtoSchema, { opType: 'MatMul', input: ['a', 'b'], output: ['c'] })],
      initializers: [],
      inputs: [
        { name: 'a', shape: square },
        { name: 'b', shape: square },
      ],
      outputs: [{ name: 'c', shape: square }],
    },
  });
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: threads });
  const a = new Tensor('float32', new Float32Array(n * n).fill(0.5), square);
  let best = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < 6; pass++) {
    const started = performance.now();
    await session.run({ a, b: a });
    best = Math.min(best, performance.now() - started);
    const { ms } = await torch.call<{ ms: number[] }>('product', { n, threads, passes: 1 });
    best = Math.min(best, ...ms);
  }
  await session.release();
  return (2 * n ** 3) / best / 1e6;
}

/** Runs a script of this bench in a process of its own and gives what it prints, memory in MB. */
export function inOwnProcess<T>(script: string, args: readonly string[]): T {
  const out = execFileSync(process.execPath, ['--import', 'tsx', script, ...args], {
    encoding: 'utf8',
  });
  return JSON.parse(out) as T;
}
