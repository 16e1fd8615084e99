import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stratifiedPartitions } from '../../src/evaluation/partitions.ts';
import { type PipelineConfig, pipelineConfig } from '../../src/learning/pipeline-config.ts';
import type { Partition } from '../../src/learning/rows.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { type FeatureTable, featureTable } from '../../src/table/feature-table.ts';
import { root } from '../../test/faults/subject.ts';
import { earlierCommit, earlierNacre } from '../earlier.ts';
import { moduleOf } from '../module-of.ts';
import { peerPython } from '../peers/peer-environment.ts';

/**
 * Seconds for ten partitions of the whole pipeline beside scikit-learn + XGBoost and beside an earlier nacre: the same table,
 * partitions and settings, and the balanced accuracies are compared, so that all are known to do the same work.
 * Writes bench/evaluation.md.
 */
const sizes = [370, 2_000, 10_000];
const rows = 177;
const peers = fileURLToPath(new URL('../peers/', import.meta.url));
const python = peerPython('sklearn');
const settings = { mrmr: { method: 'fcq', features: 50 }, rfe: { features: 10, step: 1 } } as const;
/** The pipeline with ml-xgboost, the default, and with nacre's own trees. */
const config = pipelineConfig(settings);
const exact = pipelineConfig({ ...settings, booster: { implementation: 'exact' } });

/** What of a nacre is measured. */
interface Nacre {
  evaluatePartition: typeof import('../../src/evaluation/evaluate-partition.ts').evaluatePartition;
  mapInWorkers: typeof import('../../src/runtime/worker-pool.ts').mapInWorkers;
  config: PipelineConfig;
  /** Its folder of modules. */
  modules: string;
}

const now = await nacreOf(join(root, 'src'));
const nowExact: Nacre = { ...now, config: exact };
const before = await nacreOf(join(earlierNacre(), 'src'));

/** The nacre of a folder of modules. */
async function nacreOf(modules: string): Promise<Nacre> {
  const { evaluatePartition } = await moduleOf(modules, 'evaluation/evaluate-partition');
  const { pipelineConfig: configOf } = await moduleOf(modules, 'learning/pipeline-config');
  const { mapInWorkers } = await moduleOf(modules, 'runtime/worker-pool');
  return { evaluatePartition, mapInWorkers, config: configOf(settings), modules };
}

interface PeerResult {
  seconds: number;
  cpuSeconds: number;
  balancedAccuracy: number[];
  versions: Record<string, string>;
}

/** Synthetic: 177 patients, every tenth column a little apart between the classes. */
function makeTable(columns: number): { table: FeatureTable; labels: Uint8Array } {
  const stream = RandomStream.of(1, 'bench-evaluation', columns);
  const labels = Uint8Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const table = featureTable(
    Array.from({ length: rows }, (_, i) => `P${i}`),
    Array.from({ length: columns }, (_, c) => ({
      name: `f${c}`,
      block: 'synthetic',
      values: Float64Array.from(labels, (y) => stream.normal() + (c % 10 === 0 ? 0.3 * y : 0)),
    })),
  );
  return { table, labels };
}

async function onOneThread(
  nacre: Nacre,
  table: FeatureTable,
  labels: Uint8Array,
  partitions: Partition[],
) {
  const start = process.cpuUsage();
  const found: number[] = [];
  for (const partition of partitions) {
    const outcome = await nacre.evaluatePartition(table, labels, partition, {
      config: nacre.config,
      seed: 1,
      name: 'bench',
    });
    found.push(outcome.metrics.balancedAccuracy);
  }
  const { user, system } = process.cpuUsage(start);
  return { cpuSeconds: (user + system) / 1e6, balancedAccuracy: found };
}

/** Two worker threads, their start included: what a user waits for. */
async function onTwoWorkers(
  nacre: Nacre,
  table: FeatureTable,
  labels: Uint8Array,
  partitions: Partition[],
) {
  const start = performance.now();
  const { config, modules } = nacre;
  const found = await nacre.mapInWorkers<Partition, number>(
    new URL('./worker.ts', import.meta.url),
    partitions,
    { workers: 2, setup: { table, labels, config, modules } },
  );
  return { seconds: (performance.now() - start) / 1000, balancedAccuracy: found };
}

function peer(
  folder: string,
  table: FeatureTable,
  labels: Uint8Array,
  partitions: Partition[],
  how: { threads: number; processes: number },
): PeerResult {
  const values = join(folder, 'values.f64');
  writeFileSync(values, Buffer.concat(table.columns.map(({ values: v }) => Buffer.from(v.buffer))));
  const spec = join(folder, 'spec.json');
  writeFileSync(
    spec,
    JSON.stringify({
      values,
      rows,
      columns: table.columns.length,
      labels: Array.from(labels),
      partitions,
      config,
      ...how,
    }),
  );
  const out = execFileSync(python, ['-W', 'ignore', join(peers, 'bench_evaluation.py'), spec], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  return JSON.parse(out.trim().split('\n').at(-1) as string) as PeerResult;
}

const loadBefore = loadavg()[0];
const folder = mkdtempSync(join(tmpdir(), 'nacre-bench-'));
try {
  await run(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(folder: string): Promise<void> {
  const lines: string[] = [];
  let versions: Record<string, string> = {};
  for (const columns of sizes) {
    const { table, labels } = makeTable(columns);
    const partitions = stratifiedPartitions(labels, { partitions: 10, seed: 1 });
    for (const nacre of [before, now, nowExact]) {
      await onOneThread(nacre, makeTable(60).table, labels, partitions.slice(0, 1));
    }
    const beforeOne = await onOneThread(before, table, labels, partitions);
    const one = await onOneThread(now, table, labels, partitions);
    const exactOne = await onOneThread(nowExact, table, labels, partitions);
    const peerOne = peer(folder, table, labels, partitions, { threads: 1, processes: 1 });
    const beforeTwo = await onTwoWorkers(before, table, labels, partitions);
    const two = await onTwoWorkers(nowExact, table, labels, partitions);
    const peerTwo = peer(folder, table, labels, partitions, { threads: 1, processes: 2 });
    versions = peerOne.versions;
    const others = [beforeOne, exactOne, beforeTwo, two].map((run) => run.balancedAccuracy);
    const peers = [peerOne.balancedAccuracy, peerTwo.balancedAccuracy];
    const same = one.balancedAccuracy.filter(
      (value, i) =>
        others.every((other) => other[i] === value) &&
        peers.every((other) => Math.abs(other[i] - value) < 1e-12),
    ).length;
    const ratio = (theirs: number, ours: number) => `**${(theirs / ours).toFixed(2)}×**`;
    const cells = [
      columns,
      beforeOne.cpuSeconds.toFixed(2),
      one.cpuSeconds.toFixed(2),
      exactOne.cpuSeconds.toFixed(2),
      peerOne.cpuSeconds.toFixed(2),
      ratio(peerOne.cpuSeconds, one.cpuSeconds),
      ratio(peerOne.cpuSeconds, exactOne.cpuSeconds),
      beforeTwo.seconds.toFixed(2),
      two.seconds.toFixed(2),
      peerTwo.seconds.toFixed(2),
      ratio(peerTwo.seconds, two.seconds),
      `${same} of 10`,
    ];
    lines.push(`| ${cells.join(' | ')} |`);
    process.stdout.write(`${lines.at(-1)}\n`);
  }
  const text = `# Evaluation beside scikit-learn + XGBoost

Seconds for ten stratified 80/20 partitions of a synthetic table of ${rows} patients, the whole pipeline refitted in each:
median imputation, z-score, F-test mRMR (FCQ) to 50, RFE to 10 in steps of 1, 100 exact trees of depth 3. A ratio above 1
is how many times faster nacre is. CPU seconds are those of one thread doing all the work (other programs on the machine
do not count, but for the caches that they share); the last ones are the time on the clock (they do: load average ${loadBefore.toFixed(1)} before,
${loadavg()[0].toFixed(1)} at the end). *Before* is commit ${earlierCommit}, which had ml-xgboost alone. "Same" counts the partitions whose balanced accuracy is equal in all
seven columns. Written by \`npm run bench -- evaluation\`; all of them ran in this one call, one after the other.

| features | before, CPU s | nacre, ml-xgboost, CPU s | nacre, exact, CPU s | reference, CPU s | ratio, ml-xgboost | ratio, exact | before, 2 workers, s | nacre, exact, 2 workers, s | reference, 2 processes, s | ratio | same |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${lines.join('\n')}

Reference: our mRMR from the papers on numpy (vectorised, incremental), scikit-learn's RFE around XGBClassifier
(\`tree_method="exact"\`, \`n_jobs=1\`), partitions side by side through joblib. Start of the worker threads is counted for nacre,
start of the processes is not counted for the reference. Where the time goes with ml-xgboost and in the reference: the booster fits of RFE.
With either booster nacre skips a fit where a step drops only columns that no tree uses (without \`gamma\` the trees would grow the same again).

## The booster of nacre's own

\`implementation: exact\` grows the trees that ml-xgboost grows, to the last bit (\`npm run parity -- booster\`: 10,000 random tables with gaps,
ties, neighbouring float32 and all sizes, every setting drawn, up to four fits on each as columns are dropped). What made it faster:

- Rows of a node stay contiguous in the sorted order of each column: a split divides every order in two, without a branch. No look-up of
  a row's node, no row of another node read.
- The scan is f64x2 WebAssembly: gradient and hessian of a row lie side by side, the gains of both sides are one vector division, and
  what cannot beat the best split goes no further. 1.3 ns a visited entry and 1.1 ns a divided one, where the same loops in TypeScript took
  3 and 3 (load average about 10). A plain exact greedy in TypeScript, an earlier trial that was left out, took 14 a visited entry.
- Orders are sorted once an elimination. A step keeps all trees before the first in which a dropped column won a split: a third of the
  entries on one separate table of such a size; this bench does not count them.

One fit of 142 rows, 50 columns, 100 rounds: 31.4 ms of ml-xgboost against 8.1 of exact at depth 3, 38.4 against 9.9 at depth 4 (CPU, sorting
included, interleaved in one process at load 14). A trial of these loops in TypeScript, before
the WebAssembly, took 13.3 and 16.9 (another run; not that plain greedy).

What it hands to ml-xgboost: draws of rows or columns (the generator is the engine's), equal values whose sum a double would round
(XGBoost's sort is not stable, so that their order is the engine's), and no least hessian together with gaps or without a penalty.
Of the 37,512 fits on those 10,000 tables 12,022 were handed over, as the settings are drawn from their extremes.

## Work that feature sets share

Sets that share a block (ResNet50 with and without clinical variables, ten sets of handcrafted features) prepare the same columns of the same training
rows: in the default study 986,560 columns over the 400 units of the real labels, of which 458,480 are different ones. Such units of one partition
are now one task (\`study/unit-groups.ts\`): it splits the rows once and hands the prepared columns (fill, mean, sd, F, unit vectors, main directions;
\`learning/shared-columns.ts\`) to each pipeline. All outcomes are the same to the last bit. CPU seconds of the evaluation alone, one thread, twice
interleaved at load 10 to 15:

| default study | before | now | now over before |
|---|---:|---:|---:|
| 96 patients, 680 units, audit and learning curve among them | 32.6, 32.0 | 20.7, 21.6 | 0.66 |
| 177 patients, 480 units, no audit | 46.3, 47.7 | 27.6, 28.4 | 0.60 |

Without the groups, each unit by itself, the first took 29.4 (34.5 before, in one run at load 16), with groups whose filters shared no pairs 23.9: a
second filter on the same rows looks at no pair again that the first one kept.
What a unit by itself saves: test rows are transformed in the final columns alone, mRMR takes unit vectors and F from the
correlation filter, and columns in order are found without a table of names.
The whole evaluation of the default study with two workers took 25.9 CPU seconds where it took 36.9 (one run each).
Permutations share nothing with one another: they draw their partitions anew from the shuffled labels (100 permuted partitions, 100 sets of training rows), and the two
endpoints have rows of their own. Harmonised columns and the stability filter are not shared.

An earlier trial kept what is computed of a column in weak maps, by the column's values: 12,288 columns took 3.7 CPU seconds where 3.1 were taken
before, as the garbage collector walks a weak map of that size again and again.
What also paid: most pairs of the correlation filter are decided in float32 vectors (4.1 against 5.9 CPU seconds for 16
units of resnet18 and resnet50 with and without clinical variables, interleaved, twice).

Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.version}, ml-xgboost 1.1.2;
${Object.entries(versions)
  .map(([name, version]) => `${name} ${version}`)
  .join(', ')}.
`;
  writeWhole(fileURLToPath(new URL('../evaluation.md', import.meta.url)), text);
}
