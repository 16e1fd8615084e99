import { loadavg } from 'node:os';
import type { RegionSize } from './bytes-touched.ts';
import { bytesTouched } from './bytes-touched.ts';

/** Milliseconds a run, medians over the passes: on the clock, and of CPU. */
export interface Pair {
  ours: { ms: number; cpu: number };
  peer: { ms: number; cpu: number };
}

/** Runs of the batch: seconds on the clock and of CPU. */
export interface BatchRun {
  seconds: number;
  cpu: number;
}

export interface Measured {
  passes: number;
  cases: readonly string[];
  classes: readonly string[];
  filters: Readonly<Record<string, string>>;
  /** By case, then by class, filter or `total`. */
  times: Readonly<Record<string, Readonly<Record<string, Pair>>>>;
  sizes: Readonly<Record<string, RegionSize>>;
  peaks: { ours: number; peer: number };
  /** GB/s of one thread. */
  bandwidth: number;
  batch: { cases: number; rounds: number; one: BatchRun; two: BatchRun; apart: BatchRun };
  machine: string;
  loadBefore: readonly number[];
  seconds: number;
}

const ratio = ({ ours, peer }: Pair) => peer.ms / ours.ms;
const cpuRatio = ({ ours, peer }: Pair) => peer.cpu / ours.cpu;
const figure = (ms: number) => ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0);

/** The whole of bench/radiomics.md but for the notes of notes.md. */
export function report(m: Measured): string {
  return `# Radiomics beside PyRadiomics (C extension), one thread

Milliseconds, median of ${m.passes} interleaved passes (who goes first alternates): PyRadiomics / nacre / **how many times faster nacre is**,
and in brackets the same ratio of CPU time, which other programs on the machine lengthen less. binWidth 25, original
image. A class is timed with its own discretisation; total is the whole extractor on a scan in memory, without
diagnostics. nacre runs compiled, as it is installed.

${timesTable(m, [...m.classes, 'total'], (name) => name)}

${verdict(m)}

## Filters and resampling

The same pairs. PyRadiomics filters the whole scan; nacre, as its extractor does, no more than the region's box needs.

${timesTable(m, Object.keys(m.filters), (name) => m.filters[name])}

## Two workers beside one

${workers(m)}

## Memory

Peak resident memory of a process over all of the above (VmHWM): PyRadiomics ${m.peaks.peer.toFixed(0)} MB, nacre ${m.peaks.ours.toFixed(0)} MB:
${m.peaks.ours < m.peaks.peer ? 'below PyRadiomics, as asked.' : '**not below PyRadiomics.**'}

## What is bound by memory

${memoryBound(m)}

Machine: ${m.machine}.
Load average (1, 5, 15 minutes) before: ${loads(m.loadBefore)}; after: ${loads(loadavg())}. ${quiet(m)}
The run took ${m.seconds.toFixed(0)} s.
`;
}

function timesTable(m: Measured, rows: readonly string[], title: (name: string) => string): string {
  const lines = rows.map((name) => {
    const cells = m.cases.map((one) => {
      const pair = m.times[one][name];
      const [peer, ours] = [figure(pair.peer.ms), figure(pair.ours.ms)];
      return `${peer} / ${ours} / **${ratio(pair).toFixed(1)}** (${cpuRatio(pair).toFixed(1)})`;
    });
    return `| ${title(name)} | ${cells.join(' | ')} |`;
  });
  const head = m.cases.map((one) => `${one} (${m.sizes[one].voxels} voxels)`);
  return [`| | ${head.join(' | ')} |`, `|---|${m.cases.map(() => '---|').join('')}`, ...lines].join(
    '\n',
  );
}

/** What was asked and whether it was met, counted from the table. */
function verdict(m: Measured): string {
  const all = m.cases.flatMap((one) =>
    m.classes.map((name) => ({ name: `${name} of ${one}`, ratio: ratio(m.times[one][name]) })),
  );
  const missed = all.filter((cell) => cell.ratio < 2);
  const least = all.reduce((a, b) => (b.ratio < a.ratio ? b : a));
  const totals = m.cases.map((one) => ratio(m.times[one].total));
  const words = missed.map((cell) => `${cell.name} (${cell.ratio.toFixed(1)})`).join(', ');
  return `Asked for: 2 times in every class: ${
    missed.length === 0
      ? `met, the least is ${least.name} with ${least.ratio.toFixed(1)}`
      : `**missed by ${words}**`
  }.
5 times in total: ${Math.min(...totals) >= 5 ? 'met' : '**missed**'}, the least is ${Math.min(...totals).toFixed(1)}.
Total is more than the classes together: it includes checks, cropping and, in both programs, passes over the whole scan.`;
}

function workers({ batch }: Measured): string {
  const { one, two, apart } = batch;
  const gain = one.seconds / two.seconds;
  const ceiling = (2 * one.seconds) / apart.seconds;
  const row = (name: string, run: BatchRun, times: string) =>
    `| ${name} | ${run.seconds.toFixed(2)} | ${run.cpu.toFixed(2)} | ${times} |`;
  return `A batch of ${batch.cases} cases (the STS patients, CT and MRI, three times over; original, wavelet, LoG 1, 3 and 5 mm), read from disk, each time in
a new process, its start not counted, that of the worker threads counted. Medians of ${batch.rounds} interleaved rounds.

| | s | CPU s | work a second, one = 1 |
|---|---|---|---|
${row('--workers 1', one, '1')}
${row('--workers 2', two, `**${gain.toFixed(2)}**`)}
${row('two processes at once, the whole batch each, --workers 1', apart, ceiling.toFixed(2))}

Asked for: 1.8: ${gain >= 1.8 ? 'met' : '**missed**'}. The last row is what this machine gives two processes that share nothing (${(apart.cpu / apart.seconds).toFixed(2)} cores in CPU seconds a second, of two), the ceiling of any
division of work (CPU seconds are of both). --workers 1 keeps ${(one.cpu / one.seconds).toFixed(2)} cores busy, as V8 compiles and collects on threads of its own;
two workers took ${two.cpu.toFixed(2)} CPU s, one ${one.cpu.toFixed(2)}: each loads the modules, and each compiles the hot loops anew.`;
}

function memoryBound(m: Measured): string {
  const largest = m.cases.reduce((a, b) => (m.sizes[b].voxels > m.sizes[a].voxels ? b : a));
  const bytes = bytesTouched(m.sizes[largest]);
  const rows = m.classes.map((name) => {
    const atBandwidth = bytes[name] / m.bandwidth / 1e6;
    const { cpu, ms } = m.times[largest][name].ours;
    const measured = Math.min(cpu, ms);
    return { name, mega: bytes[name] / 1e6, atBandwidth, measured };
  });
  const sum = (pick: (row: (typeof rows)[0]) => number) =>
    rows.reduce((s, row) => s + pick(row), 0);
  const share = sum((row) => row.atBandwidth) / sum((row) => row.measured);
  const lines = rows.map(
    ({ name, mega, atBandwidth, measured }) =>
      `| ${name} | ${mega.toFixed(1)} | ${atBandwidth.toFixed(2)} | ${figure(measured)} | ${((100 * atBandwidth) / measured).toFixed(0)}% |`,
  );
  return `One thread moves ${m.bandwidth.toFixed(1)} GB/s between arrays too large for the caches (triad, best of 8). Beside it, the bytes that each
class reads and writes on ${largest} with no reuse between passes (bench/radiomics/bytes-touched.ts): what they would
take at that speed is at most this share of the class's time; the region's arrays fit in the last cache, so less is.

| | MB | ms at that speed | ms measured | at most |
|---|---|---|---|---|
${lines.join('\n')}

All classes together: at most ${(100 * share).toFixed(0)}% of the time is bound by memory; the rest is instructions.`;
}

const loads = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(', ');

function quiet({ loadBefore }: Measured): string {
  return loadBefore[0] < 0.7
    ? 'The machine was quiet.'
    : 'Other programs had been running shortly before or ran beside it: times on the clock are longer than on a quiet machine.';
}
