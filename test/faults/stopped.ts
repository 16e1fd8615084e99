import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { doneWork, filesBelow, reportOf } from './done-work.ts';
import { copyOfWhole, done, type Fault, runAgain } from './fault.ts';
import { type Place, startStudy } from './subject.ts';

/** The stretches of a run, by the files they leave: scans and networks, extraction, evaluation, results and report. */
const stretches: ((place: Place) => string[])[] = [
  ({ cache }) => ['phantom', 'models'].flatMap((name) => filesBelow(join(cache, name))),
  ({ cache }) => filesBelow(join(cache, 'units')),
  ({ run }) => filesBelow(join(run, 'units')),
  ({ run }) => filesBelow(run).filter((path) => !path.startsWith(join(run, 'units'))),
];

/** Every stretch in turn, stopped when a random number of its files is finished. */
function stopped(signal: 'SIGKILL' | 'SIGTERM'): Fault['trial'] {
  return async (bench, place, stream, number) => {
    const stretch = number % stretches.length;
    const report = stretch === stretches.length - 1;
    if (stretch > 0) copyOfWhole(bench, place, { units: false });
    const finished = (of: Place) => stretches[stretch](of).length;
    const run = startStudy(bench.subject, place, { report });
    const over = run.ended;
    // By the files that are finished, not by the clock: on a busy machine, too, all stretches of the run are met.
    const target = stream.integer(1, finished(bench.whole) - 1);
    let running = true;
    void over.then(() => {
      running = false;
    });
    while (running && finished(place) < target) await sleep(5);
    await sleep(stream.next() * 100);
    const struck = running;
    run.kill(signal);
    const ended = await over;
    const before = doneWork(place);
    const problems = await runAgain(bench, place, before, { report });
    if (report && reportOf(place.run) !== reportOf(bench.whole.run)) {
      problems.push('another report than that of the undisturbed run');
    }
    const asked = signal === 'SIGTERM' && ended.code === 130;
    if (ended.code !== 0 && ended.signal !== signal && !asked) {
      problems.push(`ended by itself, exit ${ended.code}: ${ended.stderr.slice(-300)}`);
    }
    const said = asked ? ended.stderr.trim().split('\n').at(-1) : undefined;
    return { struck, problems, kept: done(before), said };
  };
}

export const killed: Fault = {
  name: 'kill -9',
  what: 'SIGKILL when a random number of files is finished: of scans and networks, of extraction, of evaluation, of results and report (in turn)',
  trial: stopped('SIGKILL'),
};

export const terminated: Fault = {
  name: 'SIGTERM',
  what: 'SIGTERM at such moments; a report that was begun is ended',
  trial: stopped('SIGTERM'),
};
