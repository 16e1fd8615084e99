import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { mapInWorkers } from '../../src/runtime/worker-pool.ts';
import { startEarly, workerModule } from '../../src/runtime/worker-thread.ts';

const early = workerModule(import.meta.url, './workers/early');

/** The number of a thread that is started now: threads of a process are numbered in the order of their start. */
async function numberNow(): Promise<number> {
  const thread = new Worker('', { eval: true });
  const { threadId } = thread;
  await once(thread, 'exit');
  return threadId;
}

describe('startEarly', () => {
  it('gives its threads to the next pool of that module, and to no later one', async () => {
    const before = await numberNow();
    startEarly(early, 2);
    const after = await numberNow();
    const inputs = Array.from({ length: 8 }, (_, i) => i);
    const one = await mapInWorkers<number, number>(early, inputs, { workers: 2 });
    const other = await mapInWorkers<number, number>(early, inputs, { workers: 1 });
    expect(one.filter((number) => number <= before || number >= after)).toEqual([]);
    expect(other.filter((number) => number <= after)).toEqual([]);
  });

  it('leaves a thread that could not load to the pool, which hears why', async () => {
    const broken = new URL(`${early.href}?broken`);
    startEarly(broken, 1);
    await expect(mapInWorkers(broken, [1], { workers: 1 })).rejects.toThrow('broken');
    startEarly(broken, 1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await expect(mapInWorkers(broken, [1], { workers: 1 })).rejects.toThrow('broken');
  });

  it('keeps no process alive', () => {
    const address = new URL('../../src/runtime/worker-thread.ts', import.meta.url).href;
    const script = `import { startEarly } from ${JSON.stringify(address)};
startEarly(new URL(${JSON.stringify(early.href)}), 2);
console.log('ended');`;
    const node = ['--import', 'tsx', '--input-type=module', '-e', script];
    const run = spawnSync(process.execPath, node, { encoding: 'utf8', timeout: 240_000 });
    expect(run).toMatchObject({ status: 0, stdout: 'ended\n', stderr: '' });
  });
});
