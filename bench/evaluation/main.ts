import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evaluatePartition } from '../../src/evaluation/evaluate-partition.ts';
import { stratifiedPartitions } from '../../src/evaluation/partitions.ts';
import { pipelineConfig } from '../../src/learning/pipeline-config.ts';
import type { Partition } from '../../src/learning/rows.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { mapInWorkers } from '../../src/runtime/worker-pool.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { type FeatureTable, featureTable } from '../../src/table/feature-table.ts';
import { peerPython } from '../peers/peer-environment.ts';

/**
 * Seconds for ten partitions of the whole pipeline beside scikit-learn + XGBoost: the same table, partitions and
 * settings, and the balanced accuracies are compared, so that both are known to do the same work.
 * Writes bench/evaluation.md.
 */
const sizes = [370, 2_000, 10_000];
const rows = 177;
const peers = fileURLToPath(new URL('../peers/', import.meta.url));
const python = peerPython('sklearn');
const config = pipelineConfig({
  mrmr: { method: 'fcq', features: 50 },
  rfe: { features: 10, step: 1 },
});

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

async function oursOneThread(table: FeatureTable, labels: Uint8Array, partitions: Partition[]) {
  const start = process.cpuUsage();
  const found: number[] = [];
  for (const partition of partitions) {
    const outcome = await evaluatePartition(table, labels, partition, {
      config,
      seed: 1,
      name: 'bench',
    });
    found.push(outcome.metrics.balancedAccuracy);
  }
  const { user, system } = process.cpuUsage(start);
  return { cpuSeconds: (user + system) / 1e6, balancedAccuracy: found };
}

/** Two worker threads, their start included: what a user waits for. */
async function oursTwoWorkers(table: FeatureTable, labels: Uint8Array, partitions: Partition[]) {
  const start = performance.now();
  const found = await mapInWorkers<Partition, number>(
    new URL('./worker.ts', import.meta.url),
    partitions,
    { workers: 2, setup: { table, labels, config } },
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
    await oursOneThread(makeTable(60).table, labels, partitions.slice(0, 1));
    const one = await oursOneThread(table, labels, partitions);
    const two = await oursTwoWorkers(table, labels, partitions);
    const peerOne = peer(folder, table, labels, partitions, { threads: 1, processes: 1 });
    const peerTwo = peer(folder, table, labels, partitions, { threads: 1, processes: 2 });
    versions = peerOne.versions;
    const same = one.balancedAccuracy.filter(
      (value, i) =>
        value === two.balancedAccuracy[i] &&
        Math.abs(value - peerOne.balancedAccuracy[i]) < 1e-12 &&
        Math.abs(value - peerTwo.balancedAccuracy[i]) < 1e-12,
    ).length;
    const cell = (seconds: number) => seconds.toFixed(2);
    const ratio = (theirs: number, ours: number) => `**${(theirs / ours).toFixed(2)}×**`;
    lines.push(
      `| ${columns} | ${cell(one.cpuSeconds)} | ${cell(peerOne.cpuSeconds)} | ${ratio(peerOne.cpuSeconds, one.cpuSeconds)} | ${cell(two.seconds)} | ${cell(peerTwo.seconds)} | ${ratio(peerTwo.seconds, two.seconds)} | ${same} of 10 |`,
    );
    process.stdout.write(`${lines.at(-1)}\n`);
  }
  const text = `# Evaluation beside scikit-learn + XGBoost

Seconds for ten stratified 80/20 partitions of a synthetic table of ${rows} patients, the whole pipeline refitted in each:
median imputation, z-score, F-test mRMR (FCQ) to 50, RFE to 10 in steps of 1, 100 exact trees of depth 3. A ratio above 1
is how many times faster nacre is. CPU seconds are those of one thread doing all the work (other programs on the machine
do not count); the other pair is the time on the clock (they do: load average ${loadavg()[0].toFixed(1)} at the end). "Same" counts the partitions whose balanced accuracy is equal in all four columns.
Written by \`npm run bench -- evaluation\`; both sides ran in this one call, one after the other.

| features | nacre, CPU s | reference, CPU s | ratio | nacre, 2 workers, s | reference, 2 processes, s | ratio | same |
|---:|---:|---:|---:|---:|---:|---:|---:|
${lines.join('\n')}

Reference: our mRMR from the papers on numpy (vectorised, incremental), scikit-learn's RFE around XGBClassifier
(\`tree_method="exact"\`, \`n_jobs=1\`), partitions side by side through joblib. Start of the worker threads is counted for nacre,
start of the processes is not counted for the reference. Where the time goes on both sides: the booster fits of RFE.
nacre skips a fit where a step drops only columns that no tree uses (the trees would grow the same again).

Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB; Node ${process.version}, ml-xgboost 1.1.2;
${Object.entries(versions)
  .map(([name, version]) => `${name} ${version}`)
  .join(', ')}.
`;
  writeWhole(fileURLToPath(new URL('../evaluation.md', import.meta.url)), text);
}
