import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiled, root } from '../../test/faults/subject.ts';
import { sharedFolder } from '../../test/shared-folder.ts';
import { earlierCommit, earlierNacre } from '../earlier.ts';
import { median, type Timed, timed, timedTogether } from './timed.ts';

/**
 * The first second, and two workers: commands from start to end, and batches of few and of many cases beside what two processes
 * that share nothing give; this nacre and an earlier one in turn. Writes bench/start.md; what was measured by hand is in notes.md.
 */
const rounds = 3;
/** Rounds of the batches; no new one begins after so many seconds. */
const batchRounds = 5;
const batchBudget = 240;
const shared = sharedFolder();
if (shared === undefined) throw new Error('bench start needs ../shared (or NACRE_SHARED)');
const reference = join(shared, 'reference/pyradiomics');
const breast = ['image', 'label'].map((what) => join(reference, `breast1_${what}.nrrd`));
const folder = mkdtempSync(join(tmpdir(), 'nacre-bench-start-'));
const loadBefore = loadavg();

type Side = 'earlier' | 'now';
type Way = 'one' | 'two' | 'apart' | 'halves';
const sides: Side[] = ['earlier', 'now'];

try {
  const earlier = earlierNacre();
  const main: Record<Side, string> = {
    earlier: join(earlier, 'dist/cli/main.js'),
    now: compiled(join(folder, 'nacre')).command.at(-1) as string,
  };
  const source: Record<Side, string> = { earlier, now: root };
  const node = process.execPath;
  const commands: Record<string, (side: Side) => string[]> = {
    'nacre --help': (side) => [node, main[side], '--help'],
    'nacre radiomics, one scan (breast1)': (side) => [node, main[side], 'radiomics', ...breast],
    'nacre study --schema': (side) => [node, main[side], 'study', '--schema'],
    'from source: nacre --help': () => [node, '--import', 'tsx', 'src/cli/main.ts', '--help'],
  };
  const note = (what: string) => process.stderr.write(`bench start: ${what}\n`);
  const starts = new Map<string, Record<Side, Timed[]>>();
  const floor: Timed[] = [];
  for (let round = 0; round < rounds; round++) {
    note(`round ${round + 1} of ${rounds}`);
    floor.push(await timed([node, '-e', '0']));
    for (const [name, command] of Object.entries(commands)) {
      const runs = starts.get(name) ?? { earlier: [], now: [] };
      starts.set(name, runs);
      // In turn, so that no side always follows the other.
      for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
        runs[side].push(await timed(command(side), { cwd: source[side] }));
      }
    }
  }

  const scans = sarcomaScans(join(shared, 'datasets/sts'));
  const batches = new Map<string, Record<Way, Timed[]>>();
  for (const cases of [12, 72]) {
    const batch = batchFile(scans, 0, cases);
    const halves = [batchFile(scans, 0, cases / 2), batchFile(scans, cases / 2, cases)];
    const begun = performance.now();
    const late = () => (performance.now() - begun) / 1000 > batchBudget;
    for (let round = 0; round < batchRounds && (round === 0 || !late()); round++) {
      for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
        const runs = batches.get(`${cases} ${side}`) ?? { one: [], two: [], apart: [], halves: [] };
        batches.set(`${cases} ${side}`, runs);
        note(`batch of ${cases}, round ${round + 1}, ${side}`);
        let number = 0;
        const command = (workers: number, file = batch) => {
          const out = join(folder, `${cases}-${side}-${round}-${number++}.csv`);
          const words = ['radiomics', file, '--out', out, '--workers', String(workers)];
          return [node, main[side], ...words];
        };
        runs.one.push(await timed(command(1)));
        runs.two.push(await timed(command(2)));
        runs.apart.push(await timedTogether([command(1), command(1)]));
        runs.halves.push(await timedTogether(halves.map((half) => command(1, half))));
      }
    }
  }
  const notes = readFileSync(new URL('./notes.md', import.meta.url), 'utf8');
  writeFileSync(fileURLToPath(new URL('../start.md', import.meta.url)), `${page()}\n${notes}`);

  function page(): string {
    const cost = (runs: readonly Timed[]) =>
      `${median(runs.map(({ seconds }) => seconds)).toFixed(2)} / ${median(runs.map(({ cpu }) => cpu)).toFixed(2)}`;
    const cpu = (runs: readonly Timed[]) => median(runs.map((run) => run.cpu));
    const seconds = (runs: readonly Timed[]) => median(runs.map((run) => run.seconds));
    const startRows = [...starts].map(([name, { earlier: before, now }]) => {
      const ratio = `**${(cpu(before) / cpu(now)).toFixed(1)}**`;
      return `| ${name} | ${cost(before)} | ${cost(now)} | ${ratio} |`;
    });
    const batchRows = [12, 72].flatMap((cases) =>
      sides.map((side) => {
        const { one, two, apart, halves } = batches.get(`${cases} ${side}`) as Record<Way, Timed[]>;
        // Two processes do the batch twice.
        const [byThreads, byProcesses] = [
          seconds(one) / seconds(two),
          (2 * seconds(one)) / seconds(apart),
        ];
        const cells = [
          cases,
          side,
          cost(one),
          cost(two),
          cost(halves),
          cost(apart),
          byThreads.toFixed(2),
          byProcesses.toFixed(2),
          `**${(seconds(halves) / seconds(two)).toFixed(2)}**`,
          `**${(byThreads / byProcesses).toFixed(2)}**`,
          ((2 * cpu(two)) / cpu(apart)).toFixed(2),
        ];
        return `| ${cells.join(' | ')} |`;
      }),
    );
    return `# The first second, and two workers

This nacre and the one of commit ${earlierCommit} (its own packages, its own build) in turn, in one run. Seconds on the clock / CPU seconds (user and
system, all threads): medians of ${rounds} runs of a command, of ${batches.get('72 now')?.one.length} of the larger batch and ${batches.get('12 now')?.one.length} of the smaller. The clock counts what else this machine does; CPU seconds do so less.

| command, from start to end | earlier | now | CPU, times as little |
|---|---|---|---|
| node -e 0 (what no program can do without) | | ${cost(floor)} | |
${startRows.join('\n')}

A batch: the ${scans.length} scans of 12 sarcoma patients in turn, settings as they come, the whole command from start to end. Both ways with *two processes* share
nothing: *half each* is the same work as two workers do, *the whole each* is twice the work, so that starting and compiling weigh half.

| cases | nacre | --workers 1 | --workers 2 | two processes, half each | two processes, the whole each | 2 workers, times as fast | 2 processes, times as much work | workers to halves | workers to wholes | CPU, 2 workers to a process |
|---:|---|---|---|---|---|---:|---:|---:|---:|---:|
${batchRows.join('\n')}

Asked for: \`nacre --help\` below 0.25 s and one small scan below 0.5 s on a quiet machine; of what two processes with the
same cases give (workers to halves), 0.97 for 12 cases as for 72.

Written by \`npm run bench -- start\`. Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}; load average before ${loadBefore[0].toFixed(1)}, at the end ${loadavg()[0].toFixed(1)}.
`;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** A batch file of the scans in turn, from one number to before another. */
function batchFile(scans: readonly string[], from: number, to: number): string {
  const rows = Array.from({ length: to - from }, (_, i) => scans[(from + i) % scans.length]);
  const file = join(folder, `batch-${from}-${to}.csv`);
  writeFileSync(file, `Image,Mask\n${rows.join('\n')}\n`);
  return file;
}

/** CT and MRI of the sarcoma patients, each with its mask. */
function sarcomaScans(sts: string): string[] {
  return readdirSync(sts)
    .sort()
    .flatMap((patient) => ['CT', 'MR_T1'].map((scan) => join(sts, patient, scan)))
    .map((scan) => ['image', 'mask'].map((what) => `${scan}_${what}.nii.gz`))
    .filter((pair) => pair.every((file) => existsSync(file)))
    .map((pair) => pair.join(','));
}
