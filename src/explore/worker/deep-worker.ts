import { deepInput } from '../../deep/deep-input.ts';
import { requireFiniteFeatures } from '../../deep/network-pass.ts';
import { inputName } from '../../deep/onnx/network-graph.ts';
import { isNacreError } from '../../runtime/errors.ts';
import type { DeepAnswer, DeepRequest } from '../deep-protocol.ts';
import { filesBeside } from '../files-beside.ts';
import type { WorkerAnswer } from '../protocol.ts';
import { regionOf } from './measure-in-steps.ts';
import { openScan } from './open-scan.ts';
import { loadRuntime, sessionFor, threadsHere } from './web-session.ts';

/** What a dedicated worker has; the page's own types would clash with it. */
interface WorkerScope {
  onmessage: ((event: { data: DeepRequest }) => void) | null;
  postMessage(message: DeepAnswer | Extract<WorkerAnswer, { kind: 'failed' }>): void;
}
const scope = self as unknown as WorkerScope;

/** One request after another: two at once would share one session. */
let before: Promise<void> = Promise.resolve();

scope.onmessage = ({ data: request }) => {
  before = before
    .then(() => answer(request))
    .catch((error: unknown) => {
      const code = isNacreError(error) ? error.code : 'internal';
      const message = error instanceof Error ? error.message : String(error);
      scope.postMessage({ kind: 'failed', id: request.id, code, message });
    });
};

/** Crop and standardisation are those of `nacre encode`, by the same code; so is the graph that is run. */
async function answer({
  id,
  network,
  programs,
  chosen,
  choice,
  ...request
}: DeepRequest): Promise<void> {
  const began = performance.now();
  const step = (sentence: string) => scope.postMessage({ kind: 'deep-step', id, sentence });
  step('Cutting the input …');
  const { scan } = await openScan({ ...request.scan, id });
  const { mask: region } = regionOf(scan, request);
  const input = deepInput(scan.image, region, choice);
  step('Loading runtime and network …');
  const bytesOf = filesBeside(chosen, self.location.href);
  const runtime = await loadRuntime(programs, bytesOf);
  const size = input.settings.size === null ? undefined : input.shape;
  const session = await sessionFor(runtime, { network, size, bytesOf });
  step(`Running ${network.block} …`);
  const passBegan = performance.now();
  const { layer4 } = await session.run(
    { [inputName]: new runtime.Tensor('float32', input.data, [1, 1, ...input.shape]) },
    ['layer4'],
  );
  const ended = performance.now();
  const values = layer4.data as Float32Array;
  requireFiniteFeatures(values, network.block);
  scope.postMessage({
    kind: 'deep',
    id,
    features: Array.from(values, (value, f) => ({ name: `${network.block}_${f}`, value })),
    warnings: input.warnings,
    shape: input.shape,
    spacing: input.geometry.spacing as [number, number, number],
    threads: threadsHere(),
    passMilliseconds: ended - passBegan,
    milliseconds: ended - began,
  });
}
