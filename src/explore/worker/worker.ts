import { peritumoralRing } from '../../imaging/peritumoral-ring.ts';
import { parseParameterText } from '../../radiomics/parameter-file.ts';
import { isNacreError } from '../../runtime/errors.ts';
import type { MeasureRequest, RingSetup, WorkerAnswer, WorkerRequest } from '../protocol.ts';
import { writtenParameters } from '../written-parameters.ts';
import { bodyNear, measureInSteps, type OpenScan } from './measure-in-steps.ts';
import { openScan } from './open-scan.ts';
import { runLab } from './run-lab.ts';

/** What a dedicated worker has; the page's own types would clash with it. */
interface WorkerScope {
  onmessage: ((event: { data: WorkerRequest }) => void) | null;
  postMessage(message: WorkerAnswer, transfer?: ArrayBufferLike[]): void;
}
const scope = self as unknown as WorkerScope;

let scan: OpenScan | undefined;
let rings: RingSetup | undefined;
/** The newest request of each kind: an older one that is still in work gives way. */
const newest = new Map<WorkerRequest['kind'], number>();

scope.onmessage = ({ data: request }) => {
  newest.set(request.kind, request.id);
  answer(request).catch((error: unknown) => {
    const code = isNacreError(error) ? error.code : 'internal';
    const message = error instanceof Error ? error.message : String(error);
    scope.postMessage({ kind: 'failed', id: request.id, code, message });
  });
};

async function answer(request: WorkerRequest): Promise<void> {
  const { id } = request;
  switch (request.kind) {
    case 'open': {
      scan = undefined;
      const { scan: read, opened } = await openScan(request);
      scan = read;
      const transfer =
        opened.voxels.buffer !== read.image.data.buffer ? [opened.voxels.buffer] : [];
      scope.postMessage({ kind: 'opened', id, scan: opened }, transfer);
      await nextTurn();
      if (isStale(request)) return;
      scope.postMessage({ kind: 'body', id, body: bodyNear(read) });
      return;
    }
    case 'measure':
      return measure(request);
    case 'ring-setup':
      rings = request;
      return;
    case 'ring': {
      // Requests that arrived meanwhile are read first, so that only the last position of a slider is drawn.
      await nextTurn();
      if (rings === undefined || isStale(request)) return;
      const { tumour, body } = rings;
      const ring = peritumoralRing(tumour, {
        outer: request.ringMm,
        body: request.ringWithin === 'body' ? body : undefined,
      }).data;
      let voxels = 0;
      for (const inside of ring) voxels += inside;
      scope.postMessage({ kind: 'ring', id, ring, voxels }, [ring.buffer]);
      return;
    }
    case 'parameters': {
      const settings = parseParameterText(request.text, { file: request.file });
      scope.postMessage({ kind: 'parameters', id, parameters: writtenParameters(settings) });
      return;
    }
    case 'lab':
      for await (const step of runLab(request)) {
        await nextTurn();
        if (isStale(request)) return;
        scope.postMessage(step);
      }
  }
}

async function measure(request: MeasureRequest): Promise<void> {
  await nextTurn();
  if (scan === undefined || isStale(request)) return;
  const { id } = request;
  const began = performance.now();
  for (const step of measureInSteps(scan, request)) {
    const milliseconds = performance.now() - began;
    scope.postMessage({ kind: 'measured', id, ...step, milliseconds });
    await nextTurn();
    if (isStale(request)) return;
  }
}

const isStale = ({ kind, id }: WorkerRequest) => newest.get(kind) !== id;

/** Lets messages in that wait. A timer of 0 ms comes after them; a resolved promise would not. */
const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 0));
