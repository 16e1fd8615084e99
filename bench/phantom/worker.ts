import { type OutcomeName, outcomes } from '../../src/cohort/phantom/latent-response.ts';
import { evaluatePartition } from '../../src/evaluation/evaluate-partition.ts';
import { stratifiedPartitions } from '../../src/evaluation/partitions.ts';
import { type ResampledInterval, resampledInterval } from '../../src/evaluation/resampled-t.ts';
import { joinTables } from '../../src/table/join-tables.ts';
import { drawTables, type Simulation } from './drawn-tables.ts';
import { knobs, study } from './settings.ts';

/** One cohort without scans, and the blocks side by side that are tried on it. */
export interface Task {
  patients: number;
  seed: number;
  signal: number;
  sets: Readonly<Record<string, readonly string[]>>;
  /** Adds the block `simulated`. */
  simulation?: Simulation;
}

/** Balanced accuracies of one cohort, shares. */
export interface Tried extends Task {
  endpoint: OutcomeName;
  reachable: Readonly<Record<string, number>>;
  /** By set, over the partitions. */
  reached: Record<string, ResampledInterval>;
  /** Mean over the same test rows of the rule that knows the true subtype: yes unless HR+/HER2-. */
  bayes: number;
}

/** Draws a cohort and takes it through partitions and pipeline of the study, as `runStudy` does for its units. */
export default async function work(task: Task): Promise<Tried[]> {
  const { cohort, truth } = await drawTables(
    knobs(task.patients, task.seed, task.signal),
    task.simulation,
  );
  const tried: Tried[] = [];
  for (const endpoint of Object.keys(outcomes) as OutcomeName[]) {
    const known = cohort.endpoints[endpoint].labels;
    const rows = cohort.patients.flatMap((_, row) => (known[row] < 0 ? [] : [row]));
    const labels = Uint8Array.from(rows, (row) => known[row]);
    const ids = rows.map((row) => cohort.patients[row]);
    const partitions = stratifiedPartitions(labels, study);
    const testToTrain = partitions[0].test.length / partitions[0].train.length;
    const reached: Tried['reached'] = {};
    for (const [set, blocks] of Object.entries(task.sets)) {
      const tables = blocks.map((block) => cohort.blocks[block]);
      const table = joinTables(ids, tables);
      const values: number[] = [];
      for (const partition of partitions) {
        const name = `${endpoint}~${set}~${partition.index}`;
        const { pipeline, seed } = study;
        const { metrics } = await evaluatePartition(table, labels, partition, {
          config: pipeline,
          seed,
          name,
        });
        values.push(metrics.balancedAccuracy);
      }
      const positives = labels.reduce((sum, label) => sum + label, 0);
      reached[set] = resampledInterval(values, testToTrain, {
        metric: 'balancedAccuracy',
        patients: { positives, negatives: labels.length - positives },
      });
    }
    const says = rows.map((row) => (truth[row].subtype === 'HR+/HER2-' ? 0 : 1));
    const bayes = partitions.map(({ test }) => balanced(test, labels, says));
    const reachable = cohort.reachable?.[endpoint] ?? {};
    tried.push({ ...task, endpoint, reachable, reached, bayes: mean(bayes) });
  }
  return tried;
}

function balanced(rows: readonly number[], labels: Uint8Array, says: readonly number[]): number {
  const shareRight = (label: number) => {
    const members = rows.filter((row) => labels[row] === label);
    return members.filter((row) => says[row] === label).length / members.length;
  };
  return (shareRight(0) + shareRight(1)) / 2;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
