import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

const here = JSON.stringify(`${import.meta.dirname}/../../`);

/** A thread that drops an array fifty times, and counts how often the array is gone after a collection. */
const program = `
const { parentPort } = require('node:worker_threads');
const turn = () => new Promise((resolve) => setImmediate(resolve));
const weak = () => new WeakRef(new Uint8Array(1e6).fill(1));
(async () => {
  const { tsImport } = await import('tsx/esm/api');
  const { collectGarbage } = await tsImport('./src/runtime/collect-garbage.ts', ${here});
  let gone = 0;
  for (let trial = 0; trial < 50; trial++) {
    const dropped = weak();
    await turn();
    await collectGarbage();
    if (dropped.deref() === undefined) gone++;
  }
  parentPort.postMessage(gone);
})();
`;

it('frees what was dropped, from eight threads at once', async () => {
  const gone = await Promise.all(
    Array.from(
      { length: 8 },
      () =>
        new Promise<number>((resolve, reject) => {
          const thread = new Worker(program, { eval: true });
          thread.on('message', resolve);
          thread.on('error', reject);
        }),
    ),
  );
  expect(gone).toEqual(Array.from({ length: 8 }, () => 50));
});
