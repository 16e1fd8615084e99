import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluatePartition } from '../../src/evaluation/evaluate-partition.ts';
import { type PipelineSettings, pipelineConfig } from '../../src/learning/pipeline-config.ts';
import { joinTrainingColumns } from '../../src/learning/rows.ts';
import { evaluateParquet } from '../../src/machine/evaluate-parquet.ts';
import { writeParquet } from '../../src/machine/parquet.ts';
import { featureTable } from '../../src/table/feature-table.ts';
import { allTraining, everyFifth, lcgTable, trainingRows } from '../learning/lcg-table.ts';

const lcg = lcgTable();
const { labels } = lcg;
// Beside gaps, a constant and a twin: a column without any value.
const table = featureTable(lcg.table.patients, [
  ...lcg.table.columns.slice(0, 30),
  { name: 'empty', block: 'synthetic', values: new Float64Array(labels.length).fill(Number.NaN) },
  ...lcg.table.columns.slice(30),
]);
const path = join(mkdtempSync(join(tmpdir(), 'nacre-stored-')), 'table.parquet');
writeParquet(path, table);
const partitions = [0, 1].map((k) => everyFifth(labels.length, k));
const rounds = { rounds: [20] };

describe('evaluation of a table in its file', () => {
  it.each<[string, PipelineSettings]>([
    ['mRMR and RFE', { mrmr: { features: 15 }, rfe: { features: 6 }, booster: rounds }],
    [
      'twins dropped, a grid, a threshold of its own',
      {
        correlationThreshold: 0.9,
        mrmr: { method: 'mid', features: 8 },
        booster: { ...rounds, maxDepth: [2, 3] },
        threshold: 'youden',
        innerFolds: 2,
      },
    ],
    ['gaps left to the trees, no scaling', { impute: 'none', scale: 'none', booster: rounds }],
  ])('is that of the table in memory, to the last bit: %s', async (_, settings) => {
    const pipeline = pipelineConfig(settings);
    const whole = [];
    for (const partition of partitions) {
      whole.push(
        await evaluatePartition(table, labels, partition, {
          config: pipeline,
          seed: 3,
          name: 'unit',
        }),
      );
    }
    const stored = await evaluateParquet(path, labels, partitions, {
      pipeline,
      seed: 3,
      name: 'unit',
      columnsAtOnce: 7,
      workers: 2,
    });
    expect(stored).toEqual(whole);
  });

  it('says what it cannot do', async () => {
    const pipeline = pipelineConfig({ innerSelection: 'each-fold', threshold: 'youden' });
    await expect(
      evaluateParquet(path, labels, partitions, { pipeline, seed: 3, name: 'unit' }),
    ).rejects.toThrow(/in each inner fold.*innerSelection: once/);
  });

  it('joins no columns of other patients', () => {
    const rows = allTraining(lcg.table, labels);
    expect(joinTrainingColumns([rows, rows]).columns).toHaveLength(2 * rows.columns.length);
    const others = trainingRows({ x: [1, 2, 3, 4] }, [0, 1, 0, 1]);
    expect(() => joinTrainingColumns([rows, others])).toThrow(
      /found 4 rows, expected the same 120/,
    );
  });
});
