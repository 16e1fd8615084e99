import { setTimeout as sleep } from 'node:timers/promises';
import { doneWork } from './done-work.ts';
import { copyOfWhole, done, type Fault, refusedAs, runAgain } from './fault.ts';
import { startStudy } from './subject.ts';

export const together: Fault = {
  name: 'two runs on one folder',
  what: 'three at once on a folder whose lock is stale (its run was killed -9)',
  trial: async (bench, place, stream) => {
    copyOfWhole(bench, place, { units: false });
    const first = startStudy(bench.subject, place);
    await sleep((0.3 + 0.5 * stream.next()) * bench.seconds * 1000);
    first.kill('SIGKILL');
    await first.ended;
    const before = doneWork(place);
    const runs = [];
    for (let n = 0; n < 3; n++) {
      runs.push(startStudy(bench.subject, place));
      await sleep(100 * stream.next());
    }
    const ended = await Promise.all(runs.map((run) => run.ended));
    const won = ended.filter(({ code }) => code === 0);
    const others = ended.filter(({ code }) => code !== 0);
    const problems = others.flatMap((one) => refusedAs(one, /another run is writing/));
    if (won.length === 0) problems.push('the stale lock let nobody in');
    // Whoever came when the first had ended is a run like any other: all of them leave these bytes.
    const between = doneWork(place);
    for (const kind of ['rows', 'units'] as const) {
      for (const [path, id] of before[kind]) {
        if (between[kind].get(path) !== id) problems.push(`made again: ${path}`);
      }
    }
    problems.push(...(await runAgain(bench, place, between)));
    const said = others[0]?.stderr.split('\n').find((line) => line.startsWith('nacre: '));
    return { struck: others.length > 0, problems, kept: done(before), said };
  },
};
