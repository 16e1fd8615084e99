import { openSync, writeSync } from 'node:fs';
import { runTarget } from './run-target.ts';
import { targets } from './targets.ts';

/** One target in a process of its own: `worker.ts <target> <seed> <from> <to> <file>`, which tells of the input at hand. */
const [name, seed, from, to, progress] = process.argv.slice(2);
const target = targets.find((one) => one.name === name);
if (target === undefined) throw new Error(`no target ${name}`);
const file = openSync(progress, 'w');
const outcome = await runTarget(target, {
  seed: Number(seed),
  from: Number(from),
  to: Number(to),
  // Written before the input is read: whoever finds this process hanging or gone knows which input it was.
  onInput: (index) => writeSync(file, String(index).padEnd(12), 0),
});
const peak = process.resourceUsage().maxRSS / 1024;
process.send?.({ outcome, peak }, () => process.exit(0));
