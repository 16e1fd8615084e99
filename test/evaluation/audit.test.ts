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

describe('permutedLabels by group', () => {
  /** Four pairs, two of them of class 1, a pair of both classes, three single rows, a family of three. */
  const groups = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd', 'e', 'e', undefined, 's', undefined];
  const family = ['f', 'f', 'f'];
  const rows = [1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1];
  const labelings = (
    of: readonly number[],
    by: readonly (string | undefined)[],
    strata?: number[][],
  ) =>
    new Set(
      Array.from({ length: 3000 }, (_, permutation) =>
        permutedLabels(Uint8Array.from(of), 9, permutation, strata, by).join(''),
      ),
    );

  it('reaches every labeling of whole groups of equal size, and no other', () => {
    // Pure pairs alone: 4! / (2! 2!) = 6 where rows by themselves would have 8! / (4! 4!) = 70.
    expect(labelings(rows.slice(0, 8), groups.slice(0, 8)).size).toBe(6);
    // With the mixed pair 5! / (2! 2! 1!) = 30; three single rows, one of class 1: 3; the family has no other of its size: 1.
    const all = labelings(rows, [...groups, ...family]);
    expect(all.size).toBe(30 * 3);
    for (const labeling of all) {
      expect(labeling.slice(13)).toBe('101');
      const pairs = [0, 2, 4, 6, 8].map((at) => labeling.slice(at, at + 2)).sort();
      expect(pairs).toEqual(['00', '00', '01', '11', '11']);
    }
  });

  it('stays within the sides', () => {
    // {11, 00} on one side and {11, 00, 01} on the other: 2 · 3!.
    const sides = [
      [0, 1, 4, 5],
      [2, 3, 6, 7, 8, 9],
    ];
    expect(labelings(rows.slice(0, 10), groups.slice(0, 10), sides).size).toBe(2 * 6);
  });

  it('draws as before where there are no groups', () => {
    const stream = RandomStream.of(1, 'audit', 4);
    expect([...permutedLabels(labels, 1, 4)]).toEqual(stream.shuffled(labels));
  });
});

describe('a leak through groups', () => {
  /** 60 persons with two tumours each, which look alike and share their outcome; the outcome has nothing to do with the looks. */
  const persons = Array.from({ length: 120 }, (_, row) => `q${row >> 1}`);
  const outcome = Uint8Array.from(persons, (_, row) => ((row >> 1) % 3 === 0 ? 1 : 0));
  const draw = RandomStream.of(8, 'looks');
  const looks = persons.map(() => 0);
  for (let row = 0; row < 120; row += 2) {
    looks[row] = draw.normal();
    looks[row + 1] = looks[row] + 1e-6 * draw.normal();
  }

  /** Parts the persons, which is the leak: a test tumour is given the label of the training tumour that looks most like it. */
  function partingPersons(shuffled: Uint8Array): number {
    const accuracies = stratifiedPartitions(shuffled, { partitions: 5, testShare: 0.5 }).map(
      ({ train, test }) => {
        const right = [0, 1].map((label) => {
          const of = test.filter((row) => shuffled[row] === label);
          const hits = of.filter((row) => {
            const off = (other: number) => Math.abs(looks[other] - looks[row]);
            const nearest = train.reduce((best, other) => (off(other) < off(best) ? other : best));
            return shuffled[nearest] === label;
          });
          return hits.length / of.length;
        });
        return (right[0] + right[1]) / 2;
      },
    );
    return accuracies.reduce((sum, one) => sum + one, 0) / accuracies.length;
  }

  it('is seen where labels move with their groups, and only there', async () => {
    const blind = await auditPermutedLabels(outcome, partingPersons);
    expect(blind.atChance, describeAudit(blind)).toBe(true);
    const seeing = await auditPermutedLabels(outcome, partingPersons, { groups: persons });
    expect(seeing.atChance).toBe(false);
    expect(seeing.excess).toBeGreaterThan(0.1);
  });

  it('no longer makes the real labels look like a finding', async () => {
    const observed = partingPersons(outcome);
    const blind = await auditPermutedLabels(outcome, partingPersons, { observed });
    const seeing = await auditPermutedLabels(outcome, partingPersons, {
      observed,
      groups: persons,
    });
    expect(blind.p).toBeCloseTo(1 / 21, 12);
    expect(seeing.p).toBeGreaterThan(0.05);
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
