import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { doneWork } from './done-work.ts';
import {
  type Bench,
  copyOfWhole,
  done,
  type Fault,
  lastLine,
  refusedAs,
  runAgain,
  type Trial,
} from './fault.ts';
import { type Ended, type Place, startStudy } from './subject.ts';

/** Heap of every thread in these trials, MiB: the small study needs a fifth of it. */
const heapMiB = 256;

/** What happens to a thread, as JavaScript that runs in it. */
const heapFills = 'const heap = []; for (;;) heap.push(new Array(10_000).fill(heap.length));';
const threadEnds = 'process.exit(9);';

export const outOfMemory: Fault = {
  name: 'worker out of memory',
  what: `the heap of a worker thread (${heapMiB} MiB, --max-old-space-size) fills up when a random number of units is finished`,
  trial: async (bench, place, stream) => {
    const moment = stream.integer(0, units(bench) - 1);
    return strike(bench, place, preload('!isMainThread', moment, heapFills, place), (ended) =>
      refusedAs(ended, /a worker needs more memory than it may have/),
    );
  },
};

export const threadLost: Fault = {
  name: 'worker ended, main thread out of memory',
  what: 'a worker thread ends itself (process.exit) or the heap of the main thread fills up (in turn) when a random number of units is finished',
  trial: async (bench, place, stream, number) => {
    const moment = stream.integer(0, units(bench) - 1);
    if (number % 2 === 0) {
      return strike(bench, place, preload('!isMainThread', moment, threadEnds, place), (ended) =>
        refusedAs(ended, /a worker thread ended in the middle of its work/),
      );
    }
    // V8 says it and ends the process: nothing of nacre runs any more.
    return strike(bench, place, preload('isMainThread', moment, heapFills, place), (ended) =>
      /FATAL ERROR: .*heap out of memory/.test(ended.stderr) ? [] : [`unclear: ${lastLine(ended)}`],
    );
  },
};

function units({ whole }: Bench): number {
  return done(doneWork(whole));
}

async function strike(
  bench: Bench,
  place: Place,
  module: string,
  judge: (ended: Ended) => string[],
): Promise<Trial> {
  copyOfWhole(bench, place, { units: false });
  const path = join(place.cache, 'strike.mjs');
  writeFileSync(path, module);
  const node = `--max-old-space-size=${heapMiB} --import ${path}`;
  const ended = await startStudy(bench.subject, place, { node }).ended;
  const before = doneWork(place);
  const problems = ended.code === 0 ? [] : judge(ended);
  problems.push(...(await runAgain(bench, place, before)));
  const said = ended.stderr.split('\n').find((line) => /^nacre: |^FATAL/.test(line));
  return { struck: ended.code !== 0, problems, kept: done(before), said };
}

/** A module that every thread imports first; in those it is meant for it looks on, and strikes at its moment. */
function preload(where: string, moment: number, what: string, { cache, run }: Place): string {
  return `import { readdirSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
const finished = (folder) => {
  try {
    return readdirSync(folder, { recursive: true }).filter((name) => /[.](row|json)$/.test(name)).length;
  } catch {
    return 0;
  }
};
const folders = ${JSON.stringify([join(cache, 'units'), join(run, 'units')])};
if (${where}) {
  setInterval(() => {
    if (folders.reduce((sum, folder) => sum + finished(folder), 0) < ${moment}) return;
    ${what}
  }, 2).unref();
}
`;
}
