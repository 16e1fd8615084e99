import { extname } from 'node:path';
import { defaultWorkers } from '../runtime/worker-pool.ts';
import { startEarly, workerModule } from '../runtime/worker-thread.ts';

/** Whether an input of `radiomics` names a batch. */
export function isBatch(input: string): boolean {
  return extname(input).toLowerCase() === '.csv';
}

/** Starts the threads of a batch before its command is loaded: they need as long as it does. The command itself is one worker. */
export function startBatchEarly(input: string, workers: number): void {
  if (!isBatch(input)) return;
  const module = workerModule(import.meta.url, '../features/radiomics-worker');
  startEarly(module, Math.min(workers, defaultWorkers()) - 1);
}
