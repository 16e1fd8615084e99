import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { auditPermutedLabels, describeAudit } from '../../src/evaluation/audit.ts';
import { evaluatePartition } from '../../src/evaluation/evaluate-partition.ts';
import { stratifiedPartitions } from '../../src/evaluation/partitions.ts';
import { pipelineConfig } from '../../src/learning/pipeline-config.ts';
import { type FeatureTable, featureTable } from '../../src/table/feature-table.ts';
import { joinTables } from '../../src/table/join-tables.ts';
import { sharedFolder } from '../shared-folder.ts';

const shared = sharedFolder();
const partitionsEach = 5;

/** Radiomics and clinical variables of the 156 patients of I-SPY 1 whose pCR is known. */
async function labelledPatients() {
  const { patients, blocks, endpoints } = await loadCohort('ispy1', {
    mirror: join(shared ?? '', 'datasets/ispy1'),
  });
  const known = patients.map((_, row) => row).filter((row) => endpoints.pcr.labels[row] >= 0);
  return {
    table: joinTables(
      known.map((row) => patients[row]),
      [blocks.radiomics, blocks.clinical],
    ),
    labels: Uint8Array.from(known, (row) => endpoints.pcr.labels[row]),
  };
}

/** The sin, on purpose and here alone: the ten columns that differ most between the classes of ALL patients. */
function selectedBeforeSplitting(table: FeatureTable, labels: Uint8Array): FeatureTable {
  const difference = (values: Float64Array) => {
    const known = values.filter((value) => !Number.isNaN(value));
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    const sd = Math.sqrt(known.reduce((sum, v) => sum + (v - mean) ** 2, 0) / known.length);
    const of = (label: number) => {
      const some = values.filter((value, row) => labels[row] === label && !Number.isNaN(value));
      return some.reduce((sum, value) => sum + value, 0) / some.length;
    };
    return sd > 0 ? Math.abs(of(1) - of(0)) / sd : 0;
  };
  const scored = table.columns.map((column) => ({ column, score: difference(column.values) }));
  scored.sort((a, b) => b.score - a.score);
  return featureTable(
    table.patients,
    scored.slice(0, 10).map(({ column }) => column),
  );
}

async function meanBalancedAccuracy(
  table: FeatureTable,
  labels: Uint8Array,
  config: ReturnType<typeof pipelineConfig>,
): Promise<number> {
  let sum = 0;
  for (const partition of stratifiedPartitions(labels, { partitions: partitionsEach })) {
    const { metrics } = await evaluatePartition(table, labels, partition, {
      config,
      seed: 1,
      name: 'audit',
    });
    sum += metrics.balancedAccuracy;
  }
  return sum / partitionsEach;
}

it('over 20 label permutations of I-SPY 1: the honest pipeline is at chance, selection before splitting is caught', async (context) => {
  if (shared === undefined) {
    context.skip('I-SPY 1 is not here: set NACRE_SHARED or put ../shared beside the checkout');
    return;
  }
  const { table, labels } = await labelledPatients();
  const booster = { rounds: [40], maxDepth: [3], learningRate: [0.1] };
  const selecting = pipelineConfig({ booster, mrmr: { method: 'fcq', features: 10 } });
  const fitting = pipelineConfig({ booster });
  const honest = await auditPermutedLabels(labels, (shuffled) =>
    meanBalancedAccuracy(table, shuffled, selecting),
  );
  const leaky = await auditPermutedLabels(labels, (shuffled) =>
    meanBalancedAccuracy(selectedBeforeSplitting(table, shuffled), shuffled, fitting),
  );
  console.log(`honest: ${describeAudit(honest)}\nleaky:  ${describeAudit(leaky)}`);
  expect(honest.atChance).toBe(true);
  expect(leaky.atChance).toBe(false);
  expect(leaky.excess).toBeGreaterThan(Math.max(0, honest.excess));
  expect(describeAudit(leaky)).toMatch(/NOT at chance.*would have added \d+\.\d points/);
});
