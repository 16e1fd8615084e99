import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import type { Stage } from './stages.ts';

/**
 * The whole study stage by stage, for 48 and 177 SYNTHETIC patients with one and two workers, each in a process of its own.
 * Writes bench/study.md.
 */
const stages = fileURLToPath(new URL('./stages.ts', import.meta.url));
const sizes = [48, 177];
/** What the ratio is taken of: the work of the pool. Phantom and report are made by one thread. */
const pooled = [
  'radiomics',
  'resnet10',
  'resnet18',
  'resnet34',
  'resnet50',
  'tables',
  'evaluation',
];

const folder = mkdtempSync(join(tmpdir(), 'nacre-bench-study-'));
try {
  const runs = new Map<string, Stage[]>();
  for (const patients of sizes) {
    for (const workers of [2, 1]) {
      const report = patients === 48 && workers === 2 ? ['report'] : [];
      const words = ['--import', 'tsx', stages, String(patients), String(workers), folder];
      const out = execFileSync(process.execPath, [...words, ...report], {
        encoding: 'utf8',
        maxBuffer: 1e8,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const measured = JSON.parse(out.trim().split('\n').at(-1) as string) as Stage[];
      runs.set(`${patients} ${workers}`, measured);
      for (const { stage, seconds, peakMB } of measured) {
        const told = `${seconds.toFixed(1)} s, peak ${peakMB.toFixed(0)} MB`;
        process.stdout.write(`${patients} patients, ${workers} workers, ${stage}: ${told}\n`);
      }
    }
  }
  writeWhole(fileURLToPath(new URL('../study.md', import.meta.url)), page(runs));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function page(runs: ReadonlyMap<string, readonly Stage[]>): string {
  const of = (patients: number, workers: number) => runs.get(`${patients} ${workers}`) ?? [];
  const names = [...new Set([...runs.values()].flat().map(({ stage }) => stage))];
  const order = ['phantom', 'networks', ...pooled, 'report'].filter((name) => names.includes(name));
  const rows = sizes.flatMap((patients) => {
    const whole = sum(of(patients, 1));
    return order.flatMap((name) => {
      const [one, two] = [1, 2].map((w) => of(patients, w).find(({ stage }) => stage === name));
      const any = two ?? one;
      if (any === undefined) return [];
      const share = one === undefined ? '' : `${((100 * one.seconds) / whole).toFixed(0)}%`;
      const cells = [seconds(one), seconds(two), ratio(one?.seconds, two?.seconds), share];
      const busy = two === undefined ? '' : two.mainSeconds.toFixed(1);
      return [`| ${[patients, name, any.units, ...cells, busy].join(' | ')} |`];
    });
  });
  const totals = sizes.map((patients) => {
    const [one, two] = [1, 2].map((w) => sum(of(patients, w)));
    const [small, large] = [1, 2].map((w) => Math.max(...of(patients, w).map((s) => s.peakMB)));
    return `| ${patients} | ${one.toFixed(1)} | ${two.toFixed(1)} | **${ratio(one, two)}** | ${small.toFixed(0)} | ${large.toFixed(0)} |`;
  });
  return `# The whole study, stage by stage

SYNTHETIC patients, one scan (T2), two regions, all five extractors (random weights, crops of 32³ at 2 mm; handcrafted
features of the image and of one LoG), one endpoint, six feature sets, ten partitions: \`bench/study/study.ts\`. Wall seconds,
each study in a process of its own, run from source; starting threads and loading networks is in the times.

| patients | 1 worker, s | 2 workers, s | ratio | peak memory, 1 worker, MB | 2 workers, MB |
|---:|---:|---:|---:|---:|---:|
${totals.join('\n')}

Extraction and evaluation: the stages below without phantom, networks (made once for all) and report (one thread each).
Peak memory is VmHWM of the process, all threads and networks of it, at the end of these stages.

| patients | stage | units | 1 worker, s | 2 workers, s | ratio | share of 1 worker | main thread at work (2 workers), s |
|---:|---|---:|---:|---:|---:|---:|---:|
${rows.join('\n')}

\`tables\`: all units taken from the cache again and put side by side, as a resumed run does.

Written by \`npm run bench -- study\`. Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}; load average at the
end ${loadavg()[0].toFixed(1)} (above ${cpus().length}: other programs ran, and ratios say little).
`;
}

function sum(all: readonly Stage[]): number {
  return all
    .filter(({ stage }) => pooled.includes(stage))
    .reduce((total, { seconds: spent }) => total + spent, 0);
}

function seconds(stage: Stage | undefined): string {
  return stage === undefined ? '' : stage.seconds.toFixed(1);
}

function ratio(one: number | undefined, two: number | undefined): string {
  return one === undefined || two === undefined ? '' : (one / two).toFixed(2);
}
