import type { Worker } from './worker.ts';

/** CPU milliseconds of the first calls in a process. */
export interface ColdCalls {
  first: number;
  ten: number;
}

/** Ten calls of the whole extractor in a new process; starting it and reading the scan are not counted. */
export async function coldCalls(
  start: () => Worker,
  files: { image: string; mask: string },
): Promise<ColdCalls> {
  const process = start();
  const cpu: number[] = [];
  for (let call = 0; call < 10; call++) {
    cpu.push((await process.ask<{ cpu: number }>({ ...files, what: 'total', repeat: 1 })).cpu);
  }
  process.end();
  return { first: cpu[0], ten: cpu.reduce((a, b) => a + b) };
}
