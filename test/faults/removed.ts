import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bytesOf, doneWork, filesBelow, unfinished } from './done-work.ts';
import { copyOfWhole, done, type Fault, lastLine, refusedAs } from './fault.ts';
import { startStudy } from './subject.ts';

export const removed: Fault = {
  name: 'run folder deleted in mid-run',
  what: 'the run folder is deleted when a random number of its units is finished; the run must end with a sentence, not as done',
  trial: async (bench, place, stream) => {
    copyOfWhole(bench, place, { units: false });
    const all = filesBelow(join(bench.whole.run, 'units')).length;
    const target = stream.integer(1, all - 1);
    const run = startStudy(bench.subject, place);
    const over = run.ended;
    let running = true;
    void over.then(() => {
      running = false;
    });
    while (running && filesBelow(join(place.run, 'units')).length < target) await sleep(5);
    const struck = running;
    removeWhileWritten(place.run);
    const ended = await over;
    const before = doneWork(place);
    const problems = struck ? refusedAs(ended, /deleted or emptied|cannot write/) : [];
    if (struck && existsSync(join(place.run, 'results.json'))) {
      problems.push('results without the rest of the run');
    }
    const again = await startStudy(bench.subject, place).ended;
    if (again.code !== 0) problems.push(`the next run failed: ${lastLine(again)}`);
    else if (bytesOf(place.run) !== bench.bytes) {
      problems.push('other bytes than the undisturbed run');
    }
    problems.push(...unfinished(place).map((path) => `left behind: ${path}`));
    return { struck, problems, kept: done(before), said: struck ? lastLine(ended) : undefined };
  },
};

/** A study that writes into a folder while it is emptied makes the removal fail: whoever wants it gone asks again. */
function removeWhileWritten(folder: string): void {
  for (let attempts = 1000; ; attempts--) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      const again = (error as NodeJS.ErrnoException).code === 'ENOTEMPTY' && attempts > 1;
      if (!again) throw error;
    }
  }
}
