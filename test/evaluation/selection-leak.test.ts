import { expect, it } from 'vitest';
import { syntheticTable } from '../../src/cohort/synthetic-table.ts';
import { permutedLabels } from '../../src/evaluation/audit.ts';
import { designPartitions } from '../../src/evaluation/design-partitions.ts';
import { evaluatePartition } from '../../src/evaluation/evaluate-partition.ts';
import { demonstrateSelectionLeak, untuned } from '../../src/evaluation/selection-leak.ts';
import { pipelineConfig } from '../../src/learning/pipeline-config.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { featureTable } from '../../src/table/feature-table.ts';

it('features picked before the split find what is not there; inside it they do not', async () => {
  const { patients } = syntheticTable({ patients: 60 });
  const stream = RandomStream.of(5, 'noise');
  const table = featureTable(
    patients,
    Array.from({ length: 300 }, (_, c) => ({
      name: `noise.${c}`,
      block: 'noise',
      values: Float64Array.from(patients, () => stream.normal()),
    })),
  );
  const labels = Uint8Array.from(patients, (_, row) => (row % 3 === 0 ? 1 : 0));
  const leak = await demonstrateSelectionLeak(table, labels, {
    pipeline: pipelineConfig({ mrmr: { features: 10 }, booster: { rounds: [30], maxDepth: [2] } }),
    seed: 3,
    partitions: 5,
    testShare: 0.2,
    permutations: 2,
  });
  const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  // Seeded: these are fixed numbers, not chances. 300 columns of noise look like knowledge once chosen on all patients.
  expect(mean(leak.before)).toBeGreaterThan(0.7);
  expect(mean(leak.inside)).toBeLessThan(0.6);
});

it('rows that belong together stay on one side, and their labels move together', async () => {
  const { patients } = syntheticTable({ patients: 60 });
  const stream = RandomStream.of(6, 'pairs');
  const groups = patients.map((_, row) => `person ${row >> 1}`);
  const looks = Array.from({ length: 50 }, () => Array.from({ length: 30 }, () => stream.normal()));
  const table = featureTable(
    patients,
    looks.map((of, c) => ({
      name: `looks.${c}`,
      block: 'looks',
      values: Float64Array.from(patients, (_, row) => of[row >> 1]),
    })),
  );
  const labels = Uint8Array.from(patients, (_, row) => (row >> 1) % 2);
  const pipeline = untuned(
    pipelineConfig({ mrmr: { features: 5 }, booster: { rounds: [20], maxDepth: [2] } }),
  );
  const options = { pipeline, seed: 4, partitions: 3, testShare: 0.2, permutations: 1 };
  const leak = await demonstrateSelectionLeak(table, labels, { ...options, groups });
  // The audit of a study: its labels, its partitions.
  const shuffled = permutedLabels(labels, 4, 0, undefined, groups);
  const { partitions } = designPartitions(shuffled, () => groups, {
    ...options,
    design: { kind: 'hold-out', keepTogether: 'person' },
  });
  const audited = [];
  for (const partition of partitions) {
    const name = `leak~0~${partition.index}`;
    const asked = { config: pipeline, seed: 4, name };
    const { metrics } = await evaluatePartition(table, shuffled, partition, asked);
    audited.push(metrics.balancedAccuracy);
  }
  expect(leak.inside[0]).toBeCloseTo(audited.reduce((sum, v) => sum + v, 0) / 3, 12);
  const alone = await demonstrateSelectionLeak(table, labels, options);
  expect(alone.inside[0]).toBeGreaterThan(leak.inside[0]);
});
