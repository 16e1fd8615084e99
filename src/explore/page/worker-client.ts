import type { WorkerAnswer, WorkerRequest } from '../protocol.ts';
import { byId } from './dom.ts';

type Unnumbered<R> = R extends { id: number } ? Omit<R, 'id'> : never;
export type Request = Unnumbered<WorkerRequest>;

let program: string | undefined;

/**
 * A worker made from the text that the page carries: from disk a browser loads no script file into a worker, but it takes a blob.
 */
export class WorkerClient {
  private readonly worker: Worker;
  private readonly listeners = new Map<number, (answer: WorkerAnswer) => void>();
  private last = 0;

  constructor() {
    program ??= URL.createObjectURL(
      new Blob([byId('worker-text', HTMLScriptElement).textContent], { type: 'text/javascript' }),
    );
    this.worker = new Worker(program);
    this.worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) =>
      this.listeners.get(data.id)?.(data);
    this.worker.onerror = ({ message }) => {
      for (const [id, listen] of this.listeners) {
        listen({ kind: 'failed', id, code: 'internal', message: `the worker stopped: ${message}` });
      }
    };
  }

  /**
   * Sends a request. Its answers come to `listen` until a newer request of the same kind is sent through the same `replaces`.
   *
   * @returns its number
   */
  send(request: Request, listen: (answer: WorkerAnswer) => void, replaces?: number): number {
    const id = ++this.last;
    if (replaces !== undefined) this.listeners.delete(replaces);
    this.listeners.set(id, listen);
    this.worker.postMessage({ ...request, id });
    return id;
  }

  /** Answers to this request are no longer heard. */
  ignore(id: number | undefined): void {
    if (id !== undefined) this.listeners.delete(id);
  }

  /** Ends the worker in the middle of its work. */
  end(): void {
    this.worker.terminate();
    this.listeners.clear();
  }
}
