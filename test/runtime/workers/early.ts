import { threadId, workerData } from 'node:worker_threads';

// Told apart by the address that the thread was started with.
if ((workerData as { module: string }).module.endsWith('?broken')) throw new Error('broken');

export default function number(): number {
  return threadId;
}
