import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { commandTable, type WholeCommand, wholeCommands } from './commands.ts';
import { compiledModules, measuredStages } from './measured-stages.ts';
import type { Stage } from './stages.ts';
import type { Extent } from './study.ts';

/**
 * The embedded default study stage by stage, with one and two workers, each from nothing in a process of its own, compiled as npm
 * installs it: whole for 48 SYNTHETIC patients, on one scan for 48 and 177; before them whole commands, beside an earlier nacre.
 * Writes bench/study.md.
 */
const cases: { patients: number; extent: Extent }[] = [
  { patients: 48, extent: 'whole' },
  { patients: 48, extent: 'one scan' },
  { patients: 177, extent: 'one scan' },
];
/** Work that grows with the cohort and is done by the workers. */
const pooled = ['extraction', 'evaluation'];
const wholeStudy = ['phantom', 'networks', 'extraction', 'tables', 'evaluation', 'report'];
/** Asked for: this many times as fast with two workers. */
const asked = 1.8;

const folder = mkdtempSync(join(tmpdir(), 'nacre-bench-study-'));
const loadBefore = loadavg();
try {
  const dist = compiledModules(folder);
  const commands = await wholeCommands(dist, folder);
  const runs = new Map<string, Stage[]>();
  for (const [number, { patients, extent }] of cases.entries()) {
    for (const workers of [2, 1]) {
      const place = join(folder, `${number}-${workers}`);
      runs.set(`${number} ${workers}`, measuredStages({ patients, extent, workers }, dist, place));
    }
  }
  writeWhole(fileURLToPath(new URL('../study.md', import.meta.url)), page(commands, runs));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function page(
  commands: readonly WholeCommand[],
  runs: ReadonlyMap<string, readonly Stage[]>,
): string {
  const find = (number: number, workers: number, name: string) =>
    runs.get(`${number} ${workers}`)?.find(({ stage }) => stage === name) as Stage;
  const sum = (number: number, workers: number, names: readonly string[]) => {
    const all = names.map((name) => find(number, workers, name));
    return {
      seconds: all.reduce((total, { seconds }) => total + seconds, 0),
      cpuSeconds: all.reduce((total, { cpuSeconds }) => total + cpuSeconds, 0),
      peakMB: Math.max(...all.map(({ peakMB }) => peakMB)),
    };
  };
  const ratio = (number: number, names: readonly string[]) =>
    sum(number, 1, names).seconds / sum(number, 2, names).seconds;
  const named = ({ patients, extent }: (typeof cases)[number]) => `${patients}, ${extent}`;
  const totals = cases.map((one, number) => {
    const [single, pair] = [1, 2].map((workers) => sum(number, workers, wholeStudy));
    const cells = [
      named(one),
      single.seconds.toFixed(1),
      pair.seconds.toFixed(1),
      `**${ratio(number, wholeStudy).toFixed(2)}**`,
      `**${ratio(number, pooled).toFixed(2)}**`,
      `${single.cpuSeconds.toFixed(0)} / ${pair.cpuSeconds.toFixed(0)}`,
      single.peakMB.toFixed(0),
      pair.peakMB.toFixed(0),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const verdict = (names: readonly string[]) => {
    const ratios = cases.map((_, number) => ratio(number, names));
    const met = ratios.every((r) => r >= asked) ? 'met' : '**missed**';
    return `${met} (${ratios.map((r) => r.toFixed(2)).join(', ')})`;
  };
  const growth = [1, 2].map((workers) => {
    const [small, large] = [1, 2].map((number) => sum(number, workers, wholeStudy).peakMB);
    const change = 100 * (large / small - 1);
    return `${change < 0 ? '−' : '+'}${Math.abs(change).toFixed(0)}% with ${workers} worker${workers > 1 ? 's' : ''}`;
  });
  const rows = cases.flatMap((one, number) =>
    wholeStudy.map((name) => {
      const [single, pair] = [1, 2].map((workers) => find(number, workers, name));
      const cells = [
        named(one),
        name,
        single.units,
        single.seconds.toFixed(1),
        pair.seconds.toFixed(1),
        (single.seconds / pair.seconds).toFixed(2),
        `${((100 * single.seconds) / sum(number, 1, wholeStudy).seconds).toFixed(0)}%`,
        `${single.cpuSeconds.toFixed(1)} / ${pair.cpuSeconds.toFixed(1)}`,
        pair.mainSeconds.toFixed(1),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  );
  const parts = (runs.get('0 1') ?? []).filter(({ stage }) => stage.startsWith('of '));
  const whole = parts.reduce((total, { cpuSeconds }) => total + cpuSeconds, 0);
  const shares = parts.map(({ stage, units, cpuSeconds }) => {
    const name = stage.replace(/^of extraction: /, '');
    const each = ((1000 * cpuSeconds) / units).toFixed(0);
    return `| ${name} | ${units} | ${each} | ${((100 * cpuSeconds) / whole).toFixed(0)}% |`;
  });
  return `# The whole study

SYNTHETIC patients and RANDOM weights throughout.

## From the command to the report

${commandTable(commands)}

## Stage by stage

SYNTHETIC patients; the embedded default study (studies/phantom.yaml: three scans, two regions, five extractors of which four are
networks of RANDOM weights, both endpoints, 19 feature sets, ten partitions) with every scan there and without the audit and the learning curve; "one scan"
is the same with T2 alone and the 11 sets of the paper's table. Each study from nothing, in a process of its own, compiled as npm
installs it; starting threads and loading networks is in the times.

| patients | 1 worker, s | 2 workers, s | times as fast, all stages | extraction and evaluation | CPU s, 1 / 2 workers | peak memory, 1 worker, MB | 2 workers, MB |
|---|---:|---:|---:|---:|---:|---:|---:|
${totals.join('\n')}

- Asked for: ${asked} times with two workers. Extraction and evaluation, which grow with the cohort: ${verdict(pooled)}. All stages,
  pictures by Chromium and networks made once among them: ${verdict(wholeStudy)}.
- Asked for: peak memory flat from 48 to 177 patients: ${growth.join(', ')} (one scan; VmHWM of the process with all its threads and networks).

## Where the time goes

| patients | stage | units | 1 worker, s | 2 workers, s | times as fast | share of 1 worker | CPU s, 1 / 2 workers | main thread at work (2 workers), s |
|---|---|---:|---:|---:|---:|---:|---:|---:|
${rows.join('\n')}

\`tables\`: all units taken from the cache again and put side by side, as a resumed run does. \`report\`: page, and PNG and SVG of
every figure by Chromium, whose own CPU time is not counted.

Of the extraction, each extractor alone on 12 patients, three scans, with one worker (reading the scans and drawing the ring is in each):

| extractor | units | CPU ms a unit | share |
|---|---:|---:|---:|
${shares.join('\n')}

Tried and left out: both regions of a scan in one pass of a network. A crop of 32³ takes 10% (ResNet10) to 32% (ResNet50) less time then, and ends in other
last bits, as onnxruntime divides its sums by the number of columns.

Written by \`npm run bench -- study\`, one pass each: on this virtual machine the same work took up to half as long again from one
minute to the next, so read a ratio to its first digit after the point. Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}; load average before ${loadBefore[0].toFixed(1)},
at the end ${loadavg()[0].toFixed(1)}.
`;
}
