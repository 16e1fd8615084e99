import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { transformSync } from 'esbuild';
import { expect, it } from 'vitest';

const source = new URL('../../src/runtime/collect-garbage.ts', import.meta.url);
/** The module without its types, so that no thread needs a compiler. */
const module = transformSync(readFileSync(source, 'utf8'), { loader: 'ts' }).code;
const address = JSON.stringify(`data:text/javascript,${encodeURIComponent(module)}`);

/** A thread that drops an array fifteen times, and counts how often the array is gone after a collection. */
const program = `
const { parentPort } = require('node:worker_threads');
const turn = () => new Promise((resolve) => setImmediate(resolve));
const weak = () => new WeakRef(new Uint8Array(1e6).fill(1));
(async () => {
  const { collectGarbage } = await import(${address});
  let gone = 0;
  for (let trial = 0; trial < 15; trial++) {
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
  expect(gone).toEqual(Array.from({ length: 8 }, () => 15));
});
