import { describe, expect, it } from 'vitest';
import { isNacreError, NacreError } from '../../src/runtime/errors.ts';
import { sharedCounter, waitUntil } from '../../src/runtime/shared-counter.ts';
import { mapInWorkers } from '../../src/runtime/worker-pool.ts';
import { workerModule } from '../../src/runtime/worker-thread.ts';

const square = workerModule(import.meta.url, './workers/square');
const setup = { plus: 0.5 };

describe('mapInWorkers', () => {
  it('gives results in the order of the inputs, whatever the number of workers', async () => {
    const inputs = Array.from({ length: 20 }, (_, i) => i);
    const expected = inputs.map((n) => n * n + 0.5);
    for (const workers of [1, 2, 3]) {
      const done: number[] = [];
      const outputs = await mapInWorkers<number, number>(square, inputs, {
        workers,
        setup,
        onDone: (_, __, index) => done.push(index),
      });
      expect(outputs).toEqual(expected);
      expect(done.sort((a, b) => a - b)).toEqual(inputs);
    }
  });

  it('takes this thread for one of the workers where it is given the work', async () => {
    const inputs = Array.from({ length: 40 }, (_, i) => i);
    const here: number[] = [];
    const work = (n: number) => {
      here.push(n);
      return n * n + 0.5;
    };
    const options = { setup, here: work };
    const expected = inputs.map((n) => n * n + 0.5);
    expect(await mapInWorkers(square, inputs, { ...options, workers: 1 })).toEqual(expected);
    expect(here).toEqual(inputs);
    expect(await mapInWorkers(square, inputs, { ...options, workers: 3 })).toEqual(expected);
    // What this thread throws ends the pool, as what a worker thread throws.
    const failing = { setup, workers: 2, here: () => Promise.reject(new Error('here')) };
    await expect(mapInWorkers(square, inputs, failing)).rejects.toThrow('here');
  });

  it('gives each input to one thread, and lets the others go on where one has nothing left', async () => {
    const seen = new Map<number, number>();
    const count = (_: number, input: number) => seen.set(input, (seen.get(input) ?? 0) + 1);
    // More workers than a machine has cores, most of which find no input.
    const inputs = [1, 2, 3];
    for (let round = 0; round < 3; round++) {
      await mapInWorkers<number, number>(square, inputs, { workers: 9, setup, onDone: count });
    }
    expect([...seen]).toEqual(
      expect.arrayContaining([
        [1, 3],
        [2, 3],
        [3, 3],
      ]),
    );
  });

  it('hands on what a task throws, and ends', async () => {
    await expect(mapInWorkers(square, [1, -2, 3], { workers: 1, setup })).rejects.toThrow('no -2');
    const refused = mapInWorkers(square, [-3], { workers: 1, setup });
    await expect(refused).rejects.toBeInstanceOf(NacreError);
    await expect(refused).rejects.toThrow('patient P3: refused: found -3');
  });

  it('keeps code and facts of what a worker refuses', async () => {
    const error = await mapInWorkers(square, [-3], { workers: 1, setup }).catch((e: unknown) => e);
    if (!isNacreError(error, 'bad-option')) throw error;
    expect(error.facts).toMatchObject({ found: '-3', patient: 'P3' });
    expect(String(error.cause)).toMatch(/^Error: deep/);
    expect(error.stack).toMatch(/square/);
  });

  it('tells a thread that ended, and one that had no memory left, for people', async () => {
    const lost = workerModule(import.meta.url, './workers/lost');
    await expect(mapInWorkers(lost, ['ends'], { workers: 1 })).rejects.toThrow(
      /^a worker thread ended.*code: 9.*finished work is kept/,
    );
    await expect(
      mapInWorkers(lost, ['fills its heap'], { workers: 1, heapMiB: 32 }),
    ).rejects.toMatchObject({ code: 'out-of-memory' });
  });

  it('hears of a stop between results, however long it takes to keep them', async () => {
    const inputs = Array.from({ length: 400 }, (_, i) => i);
    for (const here of [undefined, (n: number) => n * n + 0.5]) {
      const abort = new AbortController();
      let kept = 0;
      // Slower than the threads, which have made them all long before. The stop comes as a signal does: in the next turn.
      const onDone = () => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
        if (++kept === 10) setImmediate(() => abort.abort(new Error('told to')));
      };
      const options = { workers: 3, setup, here, onDone, signal: abort.signal };
      await expect(mapInWorkers(square, inputs, options)).rejects.toThrow('told to');
      expect(kept).toBeLessThan(100);
    }
  });

  it('does not wait for this thread while it is at a task of its own', async () => {
    const count = workerModule(import.meta.url, './workers/count');
    const inputs = Array.from({ length: 60 }, (_, i) => i);
    const counter = sharedCounter();
    const here: number[] = [];
    const work = (n: number) => {
      here.push(n);
      waitUntil(counter, inputs.length - 1);
      return n;
    };
    const options = { workers: 2, setup: { counter }, here: work };
    expect(await mapInWorkers<number, number>(count, inputs, options)).toEqual(inputs);
    expect(here).toHaveLength(1);
  });

  it('stops when told to', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(
      mapInWorkers(square, [1, 2], { workers: 1, setup, signal: abort.signal }),
    ).rejects.toThrow(/abort/i);
  });
});
