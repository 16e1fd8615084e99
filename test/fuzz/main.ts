import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { textTable } from '../../src/runtime/terminal/text-table.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import type { FuzzOutcome } from './run-target.ts';
import { type FuzzTarget, targets } from './targets.ts';

/** `npm run fuzz`: every reader on damaged files, a process a reader, watched from outside; writes bench/fuzz.md. */
const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '7' },
    /** Share of the inputs of the full run. */
    share: { type: 'string', default: '1' },
    /** Part of the names of the readers that are tried. Then no table is written. */
    only: { type: 'string', default: '' },
    /** Where the table goes; `-` for nowhere. */
    out: { type: 'string', default: new URL('../../bench/fuzz.md', import.meta.url).pathname },
  },
});

/** No input may take longer, milliseconds. */
const longest = 5000;
/** The whole process (Node, the readers, the seeds and an input), MiB. */
const largest = 768;
/** The JS heap within it, MiB. */
const heap = 384;

interface TargetReport extends FuzzOutcome {
  target: FuzzTarget;
  inputs: number;
  peak: number;
  seconds: number;
}

const folder = mkdtempSync(join(tmpdir(), 'nacre-fuzz-watch-'));

async function fuzz(target: FuzzTarget): Promise<TargetReport> {
  const inputs = Math.max(1, Math.round(target.inputs * Number(options.share)));
  const began = performance.now();
  const report: TargetReport = {
    ...{ target, inputs, peak: 0, seconds: 0, read: 0, refused: {}, faults: [] },
    slowest: { index: 0, milliseconds: 0 },
  };
  for (let from = 0; from < inputs; ) {
    const part = await watched(target, from, inputs);
    if ('stopped' in part) {
      report.faults.push({ index: part.stopped, what: part.why });
      // What this process had done before is done again up to there, in a process that ends well.
      if (part.stopped > from) add(report, await watched(target, from, part.stopped));
      from = part.stopped + 1;
      continue;
    }
    add(report, part);
    from = inputs;
  }
  report.seconds = (performance.now() - began) / 1000;
  return report;
}

type Part = { outcome: FuzzOutcome; peak: number } | { stopped: number; why: string };

function add(report: TargetReport, part: Part): void {
  if ('stopped' in part) {
    report.faults.push({ index: part.stopped, what: part.why });
    return;
  }
  const { outcome, peak } = part;
  report.peak = Math.max(report.peak, peak);
  report.read += outcome.read;
  report.faults.push(...outcome.faults);
  for (const [code, count] of Object.entries(outcome.refused)) {
    report.refused[code] = (report.refused[code] ?? 0) + count;
  }
  if (outcome.slowest.milliseconds > report.slowest.milliseconds) report.slowest = outcome.slowest;
}

/** Runs a share of the inputs in a process of its own; kills it where one input goes on for longer than allowed. */
function watched(target: FuzzTarget, from: number, to: number): Promise<Part> {
  const progress = join(folder, 'input');
  rmSync(progress, { force: true });
  const worker = new URL('worker.ts', import.meta.url).pathname;
  const child = fork(
    worker,
    [target.name, String(options.seed), String(from), String(to), progress],
    { execArgv: ['--import', 'tsx', `--max-old-space-size=${heap}`] },
  );
  return new Promise((resolve) => {
    let at = -1;
    let since = performance.now();
    let hung = false;
    const watch = setInterval(() => {
      const now = inputAt(progress);
      if (now !== at) {
        at = now;
        since = performance.now();
      } else if (at >= 0 && performance.now() - since > longest) {
        hung = true;
        child.kill('SIGKILL');
      }
    }, 100);
    let done: Part | undefined;
    child.on('message', (message) => {
      done = message as Part;
    });
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      const stopped = Math.max(from, inputAt(progress));
      const why = hung ? `hang: more than ${longest} ms` : `crash: exit ${code ?? signal}`;
      resolve(done ?? { stopped, why });
    });
  });
}

function inputAt(progress: string): number {
  try {
    const text = readFileSync(progress, 'utf8').trim();
    return text === '' ? -1 : Number(text);
  } catch {
    return -1;
  }
}

const reports: TargetReport[] = [];
for (const target of targets.filter(({ name }) => name.includes(options.only))) {
  const report = await fuzz(target);
  reports.push(report);
  process.stderr.write(
    `fuzz: ${target.name}: ${report.inputs} inputs, ${report.faults.length} faults\n`,
  );
  for (const { index, what } of report.faults.slice(0, 5)) {
    process.stderr.write(`  input ${index} of seed ${options.seed}: ${what}\n`);
  }
}
rmSync(folder, { recursive: true, force: true });

const header = [
  'reader',
  'inputs',
  'read',
  'refused',
  'crash, hang, other',
  'slowest, ms',
  'peak, MiB',
  's',
];
const refusals = (report: TargetReport) => Object.values(report.refused).reduce((a, b) => a + b, 0);
const cells = reports.map((report) => [
  report.target.name,
  String(report.inputs),
  String(report.read),
  String(refusals(report)),
  String(report.faults.length),
  report.slowest.milliseconds.toFixed(0),
  report.peak.toFixed(0),
  report.seconds.toFixed(1),
]);
const sum = (of: (report: TargetReport) => number) => reports.reduce((a, b) => a + of(b), 0);
const highest = Math.max(...reports.map(({ peak }) => peak));
const slowest = Math.max(...reports.map((report) => report.slowest.milliseconds));
const faults = sum((report) => report.faults.length);
const inputs = sum((report) => report.inputs);
cells.push([
  'all',
  String(inputs),
  String(sum(({ read }) => read)),
  String(sum(refusals)),
  String(faults),
  slowest.toFixed(0),
  highest.toFixed(0),
  sum(({ seconds }) => seconds).toFixed(1),
]);
process.stdout.write(`${textTable(header, cells)}\n`);
const within = faults === 0 && highest <= largest && slowest <= longest;
if (options.out !== '-' && options.only === '') writeWhole(options.out, page());
process.stdout.write(
  within ? 'every input read, or refused by an error that names the file\n' : 'NOT within bounds\n',
);
if (!within) process.exitCode = 1;

function page(): string {
  const row = (items: readonly string[]) => `| ${items.join(' | ')} |`;
  const codes = reports.map(({ target, refused }) => {
    const counts = Object.entries(refused).sort(([, a], [, b]) => b - a);
    return `- ${target.name}: ${counts.map(([code, count]) => `${code} ${count}`).join(', ')}`;
  });
  return `# Fuzz table

${inputs} files made worse from whole ones (bytes flipped, overwritten, copied, cut out, put in, cut off; in text also pieces
that parsers trip over and brackets ${'`'}[${'`'} up to 30,000 deep), seed ${options.seed}; input i of a reader depends on seed, reader and i
alone. Each reader runs in a process of its own with a JS heap of ${heap} MiB, watched from outside. Allowed: a whole value, or
a NacreError whose message names the file. Not allowed: another error, an error without the file's name, a crash, one input
of more than ${longest / 1000} s, a process of more than ${largest} MiB (Node, the readers and their seeds included).

${row(header)}
|---|${'---:|'.repeat(header.length - 1)}
${cells.map(row).join('\n')}

Result: ${faults} crashes, hangs or wrong errors; slowest input ${slowest.toFixed(0)} ms on the clock (garbage collection and other programs included);
largest process ${highest.toFixed(0)} MiB of ${largest} allowed.

Refusals by code:

${codes.join('\n')}

Written by ${'`'}npm run fuzz${'`'} on ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}. A share of it runs in ${'`'}npm test${'`'} (test/fuzz/fuzz.test.ts).
`;
}
