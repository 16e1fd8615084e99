import { setTimeout as sleep } from 'node:timers/promises';
import { doneWork } from './done-work.ts';
import { done, type Fault, runAgain } from './fault.ts';
import { startStudy } from './subject.ts';

/** A cold start, stopped at any moment from the first to the last. */
function stopped(signal: 'SIGKILL' | 'SIGTERM'): Fault['trial'] {
  return async (bench, place, stream) => {
    const run = startStudy(bench.subject, place);
    const over = run.ended;
    await Promise.race([over, sleep(stream.next() * bench.seconds * 1000)]);
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
  what: 'SIGKILL at a random moment of a run that starts from nothing',
  trial: stopped('SIGKILL'),
};

export const terminated: Fault = {
  name: 'SIGTERM',
  what: 'SIGTERM at a random moment of a run that starts from nothing',
  trial: stopped('SIGTERM'),
};
