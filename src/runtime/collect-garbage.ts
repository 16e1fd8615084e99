import { Session } from 'node:inspector/promises';

/**
 * Frees what this thread no longer refers to, now. For arrays of hundreds of megabytes that were dropped just before memory
 * is needed elsewhere: V8 itself waits for further allocations, which may never come. Asked of the thread's own inspector,
 * since the flag that shows V8's `gc` is one for all threads, and a second thread may take it back in between.
 */
export async function collectGarbage(): Promise<void> {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}
