import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { textTable } from '../../src/runtime/text-table.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { clockJump } from './clock.ts';
import { damaged } from './damage.ts';
import { fullDisk, readOnly } from './disks.ts';
import { type Bench, type Fault, placeOf, type Trial } from './fault.ts';
import { outOfMemory, threadLost } from './memory.ts';
import { networkCut } from './network.ts';
import { stale } from './stale.ts';
import { killed, terminated } from './stopped.ts';
import { compiled, root } from './subject.ts';
import { together } from './together.ts';
import { undisturbed } from './undisturbed.ts';

/**
 * `npm run faults`: what goes wrong on machines, twenty times each, done to the whole study on a small phantom
 * (study.yaml), compiled as npm installs it. `npm run faults -- killed 5` tries one fault (or `all`) five times and writes nothing.
 */
const faults: Record<string, Fault> = {
  killed,
  terminated,
  fullDisk,
  outOfMemory,
  threadLost,
  damaged,
  stale,
  networkCut,
  readOnly,
  together,
  clockJump,
};
const [asked, count] = process.argv.slice(2);
const header = [
  'fault',
  'trials',
  'struck work',
  'units done before',
  'lost, broken or made again',
];
const trials = Number(count ?? 20);
const chosen = Object.entries(faults).filter(
  ([id]) => asked === undefined || asked === 'all' || asked === id,
);
const folder = mkdtempSync(join(tmpdir(), 'nacre-faults-'));
const began = performance.now();

interface Tried {
  fault: Fault;
  trials: Trial[];
  skipped?: string | undefined;
}

try {
  if (chosen.length === 0) throw new Error(`no fault ${asked}: ${Object.keys(faults).join(', ')}`);
  const bench = await undisturbed(compiled(join(folder, 'nacre')), folder);
  const tried: Tried[] = [];
  for (const [id, fault] of chosen) {
    tried.push(await tryFault(id, fault, bench));
    // After every fault: a table that was stopped is shorter, and true.
    if (asked === undefined) writeWhole(join(root, 'bench/faults.md'), page(tried, bench));
  }
  const rows = tried.map(rowOf);
  process.stdout.write(`\n${textTable(header, rows)}\n`);
  if (tried.some(({ trials: all }) => all.some(({ problems }) => problems.length > 0))) {
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function tryFault(id: string, fault: Fault, bench: Bench): Promise<Tried> {
  const skipped = fault.skip?.();
  if (skipped !== undefined) {
    process.stdout.write(`${fault.name}: skipped, ${skipped}\n`);
    return { fault, trials: [], skipped };
  }
  const done: Trial[] = new Array(trials);
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
  await Promise.all(Array.from({ length: 3 }, lane));
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  process.stdout.write(`${fault.name}: ${done.length} trials, ${seconds} s since the start\n`);
  return { fault, trials: done };
}

function rowOf({ fault, trials: all, skipped }: Tried): string[] {
  if (skipped !== undefined) return [fault.name, '0', '', '', `skipped: ${skipped}`];
  const kept = all.map((trial) => trial.kept);
  const failed = all.filter(({ problems }) => problems.length > 0).length;
  return [
    fault.name,
    String(all.length),
    String(all.filter(({ struck }) => struck).length),
    Math.max(...kept) === 0 ? '–' : `${Math.min(...kept)} to ${Math.max(...kept)}`,
    failed === 0 ? '0' : `${failed} trials`,
  ];
}

function page(tried: readonly Tried[], bench: Bench): string {
  const table = tried.map((one) => {
    const [name, ...rest] = rowOf(one);
    return `| ${[name, one.fault.what, ...rest].join(' | ')} |`;
  });
  const said = tried.flatMap(({ fault, trials: all }) => {
    // One of each kind: sentences that differ in files and numbers only are one.
    const kinds = new Map<string, string>();
    for (const { said: words } of all) {
      const kind = words?.replace(/\S*[/\d]\S*/g, '');
      if (words !== undefined && kind !== undefined && !kinds.has(kind)) kinds.set(kind, words);
    }
    return [...kinds.values()].map(
      (words) => `- ${fault.name}: \`${words.replaceAll(folder, '…').replaceAll('`', "'")}\``,
    );
  });
  return `# Faults

What goes wrong on machines, done to a whole study (\`test/faults/study.yaml\`: 12 SYNTHETIC patients, two scans, two regions,
handcrafted features and ResNet10 of random weights, three partitions; ${bench.seconds.toFixed(1)} s undisturbed, with its
report) at seeded random moments. After each trial the same command runs again. Nothing is lost where that run ends well,
leaves the same bytes as the undisturbed run (configuration, feature tables, partitions, predictions, results, and the report
where one was asked for), takes every unit that was done as it is (same inode and time on disk, same count in the provenance),
and leaves neither a broken nor an unfinished file.

| fault | what was done | trials | struck work | units done before | lost, broken or made again |
|---|---|---:|---:|---:|---:|
${table.join('\n')}

"Struck work" counts the trials in which the run had begun and not ended when the fault came. What the user reads:

${said.join('\n')}

Written by \`npm run faults\` in ${((performance.now() - began) / 60_000).toFixed(0)} minutes; ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}.
`;
}
