import { describe, expect, it } from 'vitest';
import {
  auditPermutedLabels,
  describeAudit,
  permutedLabels,
  summariseAudit,
} from '../../src/evaluation/audit.ts';
import { evaluatePartition } from '../../src/evaluation/evaluate-partition.ts';
import { stratifiedPartitions } from '../../src/evaluation/partitions.ts';
import { pipelineConfig } from '../../src/learning/pipeline-config.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { type FeatureTable, featureTable } from '../../src/table/feature-table.ts';

const labels = Uint8Array.from({ length: 90 }, (_, i) => (i % 3 === 0 ? 1 : 0));

describe('permutedLabels', () => {
  it('moves labels about and makes none', () => {
    const shuffled = permutedLabels(labels, 1, 0);
    expect([...shuffled].sort()).toEqual([...labels].sort());
    expect(shuffled).not.toEqual(labels);
    expect(permutedLabels(labels, 1, 0)).toEqual(shuffled);
    expect(permutedLabels(labels, 1, 1)).not.toEqual(shuffled);
  });
});

describe('summariseAudit', () => {
  it('is the mean, its standard error and a p-value that counts the observed run', () => {
    const audit = summariseAudit([0.4, 0.5, 0.6, 0.5], 0.6);
    expect(audit).toMatchObject({ permutations: 4, mean: 0.5, excess: 0, atChance: true });
    // sd of (.4, .5, .6, .5) is √(.02/3); one permutation reaches .6, and the real run counts: 2 of 5.
    expect(audit.standardError).toBeCloseTo(Math.sqrt(0.02 / 3) / 2, 12);
    expect(audit.p).toBeCloseTo(2 / 5, 12);
  });
});

/** 90 patients, 300 columns of noise: nothing to find. */
function noiseTable(): FeatureTable {
  const stream = RandomStream.of(4, 'noise');
  const patients = Array.from(labels, (_, i) => `N${i}`);
  const columns = Array.from({ length: 300 }, (_, c) => ({
    name: `noise.${c}`,
    block: 'noise',
    values: Float64Array.from(patients, () => stream.normal()),
  }));
  return featureTable(patients, columns);
}

describe('auditPermutedLabels', () => {
  const table = noiseTable();
  const quick = { booster: { rounds: [20], maxDepth: [2], learningRate: [0.3] } };
  const selecting = pipelineConfig({ ...quick, mrmr: { method: 'fcq', features: 10 } });

  async function honest(shuffled: Uint8Array, candidates: FeatureTable, config = selecting) {
    const partitions = stratifiedPartitions(shuffled, { partitions: 5 });
    const outcomes = await Promise.all(
      partitions.map((p) =>
        evaluatePartition(candidates, shuffled, p, { config, seed: 1, name: 'audit' }),
      ),
    );
    return outcomes.reduce((sum, { metrics }) => sum + metrics.balancedAccuracy, 0) / 5;
  }

  /** The sin, on purpose and here alone: the columns that differ most between the classes of ALL patients. */
  function selectedBeforeSplitting(shuffled: Uint8Array): FeatureTable {
    const score = (values: Float64Array) => {
      const mean = (label: number) => {
        const of = values.filter((_, row) => shuffled[row] === label);
        return of.reduce((sum, value) => sum + value, 0) / of.length;
      };
      return Math.abs(mean(1) - mean(0));
    };
    const best = [...table.columns].sort((a, b) => score(b.values) - score(a.values));
    return featureTable(table.patients, best.slice(0, 10));
  }

  it('finds the honest pipeline at chance', async () => {
    const audit = await auditPermutedLabels(labels, (shuffled) => honest(shuffled, table));
    expect(audit.atChance, describeAudit(audit)).toBe(true);
    expect(describeAudit(audit)).toMatch(/^at chance: mean balanced accuracy/);
  });

  it('catches selection before splitting and says how much it would have added', async () => {
    const audit = await auditPermutedLabels(labels, (shuffled) =>
      honest(shuffled, selectedBeforeSplitting(shuffled), pipelineConfig(quick)),
    );
    expect(audit.atChance).toBe(false);
    expect(audit.excess).toBeGreaterThan(0.1);
    expect(describeAudit(audit)).toMatch(/NOT at chance.*would have added \d+\.\d points/);
  });
});
