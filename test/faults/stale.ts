import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { thisHost } from '../../src/runtime/running-process.ts';
import { doneWork } from './done-work.ts';
import { copyOfWhole, done, type Fault, runAgain } from './fault.ts';

export const stale: Fault = {
  name: 'stale .part files',
  what: 'one to nine unfinished files of a process that is gone lie in run folder and unit cache; the next run sweeps them',
  trial: async (bench, place, stream) => {
    copyOfWhole(bench, place, { units: true });
    const before = doneWork(place);
    const beside = [...before.rows.keys(), ...before.units.keys(), join(place.run, 'results.json')];
    // The number of a process that was there and is no more.
    const { pid } = spawnSync(process.execPath, ['--version']);
    for (let n = stream.integer(1, 9); n > 0; n--) {
      const path = beside[stream.integer(0, beside.length - 1)];
      const part = `.${basename(path)}.${thisHost()}~${pid}~0000000${n}.part`;
      writeFileSync(join(dirname(path), part), 'half');
    }
    const problems = await runAgain(bench, place, before);
    return { struck: true, problems, kept: done(before) };
  },
};
