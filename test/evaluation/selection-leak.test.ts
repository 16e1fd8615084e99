import { expect, it } from 'vitest';
import { syntheticTable } from '../../src/cohort/synthetic-table.ts';
import { demonstrateSelectionLeak } from '../../src/evaluation/selection-leak.ts';
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
