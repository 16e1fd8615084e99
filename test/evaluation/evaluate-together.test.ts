import { describe, expect, it } from 'vitest';
import { evaluatePartition } from '../../src/evaluation/evaluate-partition.ts';
import { evaluateTogether } from '../../src/evaluation/evaluate-together.ts';
import { pipelineConfig } from '../../src/learning/pipeline-config.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { featureTable } from '../../src/table/feature-table.ts';
import { everyFifth, lcgTable } from '../learning/lcg-table.ts';

const { table, labels } = lcgTable();
const partition = everyFifth(120, 2);
const config = pipelineConfig({
  correlationThreshold: 0.5,
  mrmr: { features: 10 },
  rfe: { features: 5 },
  booster: { rounds: [15], maxDepth: [2] },
});
const all = table.columns.map(({ name }) => name);
const sets = [all, all.slice(30), all.slice(0, 40).reverse()].map((columns, number) => ({
  config,
  columns,
  name: `set ${number}`,
  explained: number !== 1,
}));
const together = (from = table, given = labels) =>
  evaluateTogether(from, given, partition, { seed: 5, sets });

describe('feature sets evaluated together', () => {
  it('have the outcome of each by itself', async () => {
    const outcomes = await together();
    for (const [number, { columns, name, explained }] of sets.entries()) {
      const own = featureTable(
        table.patients,
        columns.map((column) => table.columns.find((one) => one.name === column)!),
      );
      const alone = await evaluatePartition(own, labels, partition, {
        ...{ config, seed: 5, name, explained },
      });
      expect(outcomes[number]).toEqual(alone);
    }
  });

  it('learn nothing of the test rows', async () => {
    const outcomes = await together();
    const moved = featureTable(
      table.patients,
      table.columns.map((column) => {
        const values = column.values.slice();
        for (const row of partition.test) values[row] = 1e6 * (1 + row);
        return { ...column, values };
      }),
    );
    const flipped = labels.slice();
    for (const row of partition.test) flipped[row] = 1 - flipped[row];
    for (const [number, outcome] of (await together(moved, flipped)).entries()) {
      expect(outcome.selected).toEqual(outcomes[number].selected);
      expect(outcome.threshold).toBe(outcomes[number].threshold);
      expect(outcome.probabilities).not.toEqual(outcomes[number].probabilities);
    }
  });

  it('end at chance where labels are shuffled', async () => {
    const balanced: number[] = [];
    for (let shuffle = 0; shuffle < 20; shuffle++) {
      const shuffled = Uint8Array.from(RandomStream.of(shuffle, 'shuffled').shuffled(labels));
      for (const { metrics } of await together(table, shuffled)) {
        balanced.push(metrics.balancedAccuracy);
      }
    }
    const mean = balanced.reduce((sum, one) => sum + one, 0) / balanced.length;
    // 20 shuffles of three sets that share columns: a standard error of some two points.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.06);
  });
});
