import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { doneWork, filesBelow } from './done-work.ts';
import { done, type Fault, runAgain } from './fault.ts';
import { type Place, startStudy } from './subject.ts';

/** Scans, networks, rows and partitions on disk. */
function finished({ cache, run }: Place): number {
  return filesBelow(cache).length + filesBelow(join(run, 'units')).length;
}

/** A cold start, stopped at any moment from the first to the last. */
function stopped(signal: 'SIGKILL' | 'SIGTERM'): Fault['trial'] {
  return async (bench, place, stream) => {
    const run = startStudy(bench.subject, place);
    const over = run.ended;
    // By the files that are finished, not by the clock: on a busy machine, too, all stretches of the run are met.
    const target = stream.integer(0, finished(bench.whole));
    let running = true;
    void over.then(() => {
      running = false;
    });
    while (running && finished(place) < target) await sleep(5);
    await sleep(stream.next() * 300);
    run.kill(signal);
    const ended = await over;
    const before = doneWork(place);
    const problems = await runAgain(bench, place, before);
    const asked = signal === 'SIGTERM' && ended.code === 130;
    if (ended.code !== 0 && ended.signal !== signal && !asked) {
      problems.push(`ended by itself, exit ${ended.code}: ${ended.stderr.slice(-300)}`);
    }
    const said = asked ? ended.stderr.trim().split('\n').at(-1) : undefined;
    return { struck: ended.code !== 0, problems, kept: done(before), said };
  };
}

export const killed: Fault = {
  name: 'kill -9',
  what: 'SIGKILL when a random number of files is finished, of a run that starts from nothing',
  trial: stopped('SIGKILL'),
};

export const terminated: Fault = {
  name: 'SIGTERM',
  what: 'SIGTERM when a random number of files is finished, of a run that starts from nothing',
  trial: stopped('SIGTERM'),
};
