import { describe, expect, it } from 'vitest';
import { Pipeline, type PipelineSettings } from '../../src/learning/pipeline.ts';
import { pipelineConfig } from '../../src/learning/pipeline-config.ts';
import { rowsToPredict, splitRows } from '../../src/learning/rows.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { mapInWorkers } from '../../src/runtime/worker-pool.ts';
import { featureTable } from '../../src/table/feature-table.ts';
import { everyFifth, lcgTable, trainingRows } from './lcg-table.ts';

const { table, labels } = lcgTable();
const settings: PipelineSettings = {
  correlationThreshold: 0.95,
  mrmr: { method: 'fcq', features: 20 },
  rfe: { features: 5, step: 2 },
  booster: { rounds: [20, 40], maxDepth: [2, 3] },
  threshold: 'youden',
};
const stream = () => RandomStream.of(3, 'pipeline');

describe('Pipeline', () => {
  const { train, test, testLabels } = splitRows(table, labels, everyFifth(120, 0));

  it('learns the planted columns and says what it picked', async () => {
    const fitted = await new Pipeline(settings).fit(train, stream());
    expect(fitted.selected).toHaveLength(5);
    expect(fitted.selected.map(({ feature }) => feature)).toEqual(
      expect.arrayContaining(['c0', 'c3', 'c6']),
    );
    expect(fitted.selected.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
    const gains = fitted.selected.map(({ gain }) => gain);
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    expect(fitted.mrmrRanking).toHaveLength(20);
    expect(fitted.mrmrRanking).not.toContain('constant');
    expect(fitted.mrmrRanking).not.toContain('twin');
    const p = fitted.predictProbability(test);
    const meanOf = (label: number) => {
      const own = [...p].filter((_, i) => testLabels[i] === label);
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    };
    expect(meanOf(1)).toBeGreaterThan(meanOf(0) + 0.2);
    expect(p.every((value) => value > 0 && value < 1)).toBe(true);
    const saved = JSON.parse(JSON.stringify(fitted));
    expect(saved.steps.map(({ name }: { name: string }) => name)).toEqual([
      'impute',
      'variance',
      'scale',
      'correlation',
      'mrmr',
      'rfe',
    ]);
    expect(saved.engine).toBe('ml-xgboost 1.1.2');
  });

  it('learns nothing from rows that are held out', async () => {
    const fitted = await new Pipeline(settings).fit(train, stream());
    const held = new Set(everyFifth(120, 0).test);
    const spoilt = featureTable(
      table.patients,
      table.columns.map((column) => ({
        ...column,
        values: column.values.map((value, row) => (held.has(row) ? 1e6 - row : value)),
      })),
    );
    const flipped = labels.map((label, row) => (held.has(row) ? 1 - label : label));
    const other = splitRows(spoilt, flipped, everyFifth(120, 0));
    const again = await new Pipeline(settings).fit(other.train, stream());
    expect(JSON.stringify(again)).toBe(JSON.stringify(fitted));
  });

  it('predicts each row by itself, and new patients', async () => {
    const fitted = await new Pipeline(settings).fit(train, stream());
    const whole = fitted.predictProbability(rowsToPredict(table));
    const test0 = fitted.predictProbability(test);
    everyFifth(120, 0).test.forEach((row, i) => {
      expect(whole[row]).toBe(test0[i]);
    });
  });

  it('is the same again, on the main thread and in a worker', async () => {
    const first = JSON.stringify(await new Pipeline(settings).fit(train, stream()));
    expect(JSON.stringify(await new Pipeline(settings).fit(train, stream()))).toBe(first);
    const module = new URL('./pipeline-worker.ts', import.meta.url);
    const there = await mapInWorkers<PipelineSettings, string>(module, [settings, settings], {
      workers: 2,
    });
    expect(there).toEqual([first, first]);
  });

  it('leaves gaps to the booster when asked, and refuses mRMR then', async () => {
    const raw = await new Pipeline({ impute: 'none' }).fit(train, stream());
    expect(raw.predictProbability(test).every((p) => p > 0 && p < 1)).toBe(true);
    await expect(new Pipeline({ impute: 'none', mrmr: {} }).fit(train, stream())).rejects.toThrow(
      /mRMR needs complete columns/,
    );
  });

  it('copes with fewer columns than asked for', async () => {
    const few = trainingRows({ x: [1, 2, 3, 4, 5, 6, 7, 8] }, [0, 0, 1, 0, 1, 1, 0, 1]);
    const fitted = await new Pipeline({ mrmr: { features: 50 }, rfe: { features: 10 } }).fit(
      few,
      stream(),
    );
    expect(fitted.selected.map(({ feature }) => feature)).toEqual(['x']);
  });

  it('says so when nothing is left', async () => {
    const constant = trainingRows({ x: [1, 1, 1, 1], y: Array(4).fill(Number.NaN) }, [0, 0, 1, 1]);
    for (const own of [{}, { mrmr: {} }, { mrmr: {}, rfe: {} }]) {
      await expect(new Pipeline(own).fit(constant, stream())).rejects.toThrow(
        /nothing is left to fit the booster on: found 4 rows, 0 columns/,
      );
    }
  });

  it('refuses to predict rows that lack a fitted column', async () => {
    const fitted = await new Pipeline({}).fit(train, stream());
    const lacking = featureTable(table.patients, table.columns.slice(1));
    expect(() => fitted.predictProbability(rowsToPredict(lacking))).toThrow(
      /column c0: the rows lack/,
    );
  });

  it.each([
    [{ imput: 'mean' }, /column imput.*did you mean impute\?/],
    [{ mrmr: { feature: 10 } }, /column mrmr\.feature.*did you mean features\?/],
    [{ booster: { max_depth: [3] } }, /column booster\.max_depth.*did you mean maxDepth\?/],
    [{ rfe: { step: 0 } }, /column rfe\.step/],
    [{ booster: { rounds: [] } }, /column booster\.rounds/],
    [{ threshold: 0.4 }, /column threshold/],
  ])('refuses %j', (bad, message) => {
    expect(() => new Pipeline(bad as PipelineSettings)).toThrow(message);
    expect(() => pipelineConfig(bad as PipelineSettings)).toThrow(message);
  });
});
