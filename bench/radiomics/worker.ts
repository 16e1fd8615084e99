import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Libraries of either side are held to one thread. */
export const oneThread = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

/** A process that answers a line of JSON with a line of JSON. */
export interface Worker {
  ask<T>(question: object): Promise<T>;
  end(): void;
}

/** Starts one, on one thread as far as its libraries listen. */
export function worker(command: string, args: readonly string[]): Worker {
  const child = spawn(command, args, {
    env: { ...process.env, ...oneThread },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask<T>(question: object): Promise<T> {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${command} ended without an answer`);
      return JSON.parse(value) as T;
    },
    end: () => {
      child.stdin.end();
    },
  };
}
