import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { compiled } from '../../test/faults/subject.ts';
import type { Stage } from './stages.ts';

/**
 * The embedded default study stage by stage, for 48 and 177 SYNTHETIC patients with one and two workers, each from nothing in a
 * process of its own, compiled as npm installs it. Writes bench/study.md.
 */
const stages = fileURLToPath(new URL('./stages.ts', import.meta.url));
const sizes = [48, 177];
const wholeStudy = ['phantom', 'networks', 'extraction', 'tables', 'evaluation', 'report'];
/** Asked for: this many times as fast with two workers. */
const asked = 1.8;

const folder = mkdtempSync(join(tmpdir(), 'nacre-bench-study-'));
const loadBefore = loadavg();
try {
  const { face } = compiled(join(folder, 'nacre'));
  const runs = new Map<string, Stage[]>();
  for (const patients of sizes) {
    for (const workers of [2, 1]) {
      const own = join(folder, `${patients}-${workers}`);
      mkdirSync(own);
      const words = ['--import', 'tsx', stages, String(patients), String(workers), own];
      const out = execFileSync(process.execPath, [...words, dirname(face as string)], {
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
      rmSync(own, { recursive: true, force: true });
    }
  }
  writeWhole(fileURLToPath(new URL('../study.md', import.meta.url)), page(runs));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function page(runs: ReadonlyMap<string, readonly Stage[]>): string {
  const find = (patients: number, workers: number, name: string) =>
    runs.get(`${patients} ${workers}`)?.find(({ stage }) => stage === name) as Stage;
  const whole = (patients: number, workers: number) => {
    const all = wholeStudy.map((name) => find(patients, workers, name));
    return {
      seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
      cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      peakMB: Math.max(...all.map(({ peakMB }) => peakMB)),
    };
  };
  const totals = sizes.map((patients) => {
    const [one, two] = [whole(patients, 1), whole(patients, 2)];
    const cells = [
      patients,
      one.seconds.toFixed(1),
      two.seconds.toFixed(1),
      `**${(one.seconds / two.seconds).toFixed(2)}**`,
      `${one.cpuSeconds.toFixed(0)} / ${two.cpuSeconds.toFixed(0)}`,
      one.peakMB.toFixed(0),
      two.peakMB.toFixed(0),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const ratios = sizes.map((patients) => whole(patients, 1).seconds / whole(patients, 2).seconds);
  const growth = [1, 2].map((workers) => {
    const [small, large] = sizes.map((patients) => whole(patients, workers).peakMB);
    return `${large >= small ? '+' : '−'}${Math.abs(100 * (large / small - 1)).toFixed(0)}% with ${workers} worker${workers > 1 ? 's' : ''}`;
  });
  const rows = sizes.flatMap((patients) =>
    wholeStudy.map((name) => {
      const [one, two] = [1, 2].map((workers) => find(patients, workers, name));
      const cells = [
        patients,
        name,
        one.units,
        one.seconds.toFixed(1),
        two.seconds.toFixed(1),
        (one.seconds / two.seconds).toFixed(2),
        `${((100 * one.seconds) / whole(patients, 1).seconds).toFixed(0)}%`,
        `${one.cpuSeconds.toFixed(1)} / ${two.cpuSeconds.toFixed(1)}`,
        two.mainSeconds.toFixed(1),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  );
  const parts = (runs.get(`${sizes[1]} 1`) ?? []).filter(({ stage }) => stage.startsWith('of '));
  const sum = parts.reduce((total, { cpuSeconds }) => total + cpuSeconds, 0);
  const shares = parts.map(({ stage, units, cpuSeconds }) => {
    const name = stage.replace(/^of extraction: /, '');
    const each = `${((1000 * cpuSeconds) / units).toFixed(0)}`;
    return `| ${name} | ${units} | ${each} | ${((100 * cpuSeconds) / sum).toFixed(0)}% |`;
  });
  return `# The whole study, stage by stage

SYNTHETIC patients; the embedded default study (studies/phantom.yaml: three scans, two regions, five extractors of which four are
networks of RANDOM weights, both endpoints, 19 feature sets, ten partitions) with every scan there and without the audit. Each
study from nothing, in a process of its own, compiled as npm installs it; starting threads and loading networks is in the times.

| patients | 1 worker, s | 2 workers, s | times as fast | CPU s, 1 / 2 workers | peak memory, 1 worker, MB | 2 workers, MB |
|---:|---:|---:|---:|---:|---:|---:|
${totals.join('\n')}

- Asked for: ${asked} times with two workers: ${ratios.every((r) => r >= asked) ? 'met' : ratios.some((r) => r >= asked) ? `met for ${sizes.filter((_, i) => ratios[i] >= asked).join(' and ')} patients alone` : '**missed**'}, ${sizes.map((patients, i) => `${ratios[i].toFixed(2)} for ${patients}`).join(', ')}.
- Asked for: peak memory flat from ${sizes[0]} to ${sizes[1]} patients: ${growth.join(', ')} (VmHWM of the process with all its threads and networks).

## Where the time goes

| patients | stage | units | 1 worker, s | 2 workers, s | times as fast | share of 1 worker | CPU s, 1 / 2 workers | main thread at work (2 workers), s |
|---:|---|---:|---:|---:|---:|---:|---:|---:|
${rows.join('\n')}

\`tables\`: all units taken from the cache again and put side by side, as a resumed run does. \`report\`: page, and PNG and SVG of
every figure by Chromium, whose own CPU time is not counted.

Of the extraction, each extractor alone on a few patients with one worker (reading the scans and drawing the ring is in each):

| extractor | units | CPU ms a unit | share |
|---|---:|---:|---:|
${shares.join('\n')}

Written by \`npm run bench -- study\`. Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}; load average before
${loadBefore[0].toFixed(1)}, at the end ${loadavg()[0].toFixed(1)} (well above ${cpus().length}: other programs ran, and ratios say little).
`;
}
