import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { textTable } from '../../src/runtime/terminal/text-table.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { gitState } from '../../src/study/provenance.ts';
import { changed } from './changed.ts';
import { clockJump } from './clock.ts';
import { damaged } from './damage.ts';
import { fullDisk, readOnly } from './disks.ts';
import { type Bench, type Fault, placeOf, type Trial } from './fault.ts';
import { outOfMemory, threadLost } from './memory.ts';
import { networkCut } from './network.ts';
import { removed } from './removed.ts';
import { stale } from './stale.ts';
import { killed, terminated } from './stopped.ts';
import { compiled, root } from './subject.ts';
import { cellsOf, header, linesOf, page, type Tally, talliesFrom, tallyOf } from './tally.ts';
import { together } from './together.ts';
import { undisturbed } from './undisturbed.ts';

/**
 * `npm run faults`: what goes wrong on machines, twenty times each, done to the whole study on a small phantom
 * (study.yaml), compiled as npm installs it. `npm run faults -- killed,stale` measures two rows anew;
 * `npm run faults -- killed 5` tries one fault (or `all`) five times and writes nothing.
 */
const faults: Record<string, Fault> = {
  killed,
  terminated,
  fullDisk,
  readOnly,
  outOfMemory,
  threadLost,
  clockJump,
  together,
  networkCut,
  damaged,
  stale,
  changed,
  removed,
};
const [asked = 'all', count] = process.argv.slice(2);
const trials = Number(count ?? 20);
const names = asked === 'all' ? Object.keys(faults) : asked.split(',');
/** A line a fault. */
const record = join(root, 'bench/faults.jsonl');
const folder = mkdtempSync(join(tmpdir(), 'nacre-faults-'));
const began = performance.now();

try {
  const stranger = names.find((id) => !Object.hasOwn(faults, id));
  if (stranger !== undefined) {
    throw new Error(`no fault ${stranger}: ${Object.keys(faults).join(', ')}`);
  }
  const commit = gitState().gitCommit?.slice(0, 7) ?? 'unknown';
  const bench = await undisturbed(compiled(join(folder, 'nacre')), folder, { report: true });
  const rows: string[][] = [];
  for (const id of names) {
    const tally = await tryFault(id, bench, commit);
    rows.push([faults[id].name, ...cellsOf(tally)]);
    if (tally.failed > 0) process.exitCode = 1;
    // After every fault: measurements that are stopped keep the rows they have.
    if (count === undefined) keep(id, tally);
  }
  process.stdout.write(`\n${textTable(['fault', ...header], rows)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function tryFault(id: string, bench: Bench, commit: string): Promise<Tally> {
  const fault = faults[id];
  const skipped = fault.skip?.();
  const done: Trial[] = [];
  let next = 0;
  const lane = async () => {
    for (let number = next++; number < trials; number = next++) {
      const own = join(folder, `${id}-${number}`);
      mkdirSync(own);
      const stream = RandomStream.of(2026, 'faults', id, number);
      const trial = await fault.trial(bench, placeOf(own), stream, number);
      done[number] = trial;
      for (const problem of trial.problems) {
        process.stdout.write(`${fault.name}, trial ${number}: ${problem}\n`);
      }
      rmSync(own, { recursive: true, force: true });
    }
  };
  // Side by side: a busy machine is part of what a run must bear.
  if (skipped === undefined) await Promise.all(Array.from({ length: 3 }, lane));
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  process.stdout.write(
    `${fault.name}: ${skipped ?? `${done.length} trials`}, ${seconds} s since the start\n`,
  );
  return tallyOf(done, { skipped, commit, folder });
}

function keep(id: string, tally: Tally): void {
  const before = existsSync(record) ? talliesFrom(readFileSync(record, 'utf8')) : {};
  const tallies = { ...before, [id]: tally };
  writeWhole(record, linesOf(Object.keys(faults), tallies));
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}`;
  writeWhole(join(root, 'bench/faults.md'), page(faults, tallies, machine));
}
