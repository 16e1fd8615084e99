import { describe, expect, it } from 'vitest';
import { Pipeline, type PipelineSettings } from '../../src/learning/pipeline.ts';
import { pipelineConfig } from '../../src/learning/pipeline-config.ts';
import { prepareColumns } from '../../src/learning/prepare-columns.ts';
import { selectColumns, splitRows } from '../../src/learning/rows.ts';
import { SharedColumns } from '../../src/learning/shared-columns.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { featureTable } from '../../src/table/feature-table.ts';
import { everyFifth, lcgTable } from './lcg-table.ts';

const { table: plain, labels } = lcgTable();
/** With a column that has no value in any training row. */
const table = featureTable(plain.patients, [
  ...plain.columns,
  {
    name: 'held out alone',
    block: 'synthetic',
    values: Float64Array.from(plain.patients, (_, row) => (row % 5 === 0 ? 1 + row : Number.NaN)),
  },
]);
const { train, test } = splitRows(table, labels, everyFifth(120, 0));
const all = table.columns.map(({ name }) => name);
/** Overlapping sets in another order than the table's, each with something to drop. */
const sets = [
  all,
  all.filter((_, c) => c % 2 === 0),
  ['twin', 'constant', 'held out alone', 'c3', 'c0', 'c7', 'c14', 'c59'],
  all.slice(20).reverse(),
];
const settings: PipelineSettings = {
  correlationThreshold: 0.4,
  mrmr: { features: 12 },
  rfe: { features: 6, step: 2 },
  booster: { rounds: [15], maxDepth: [2] },
};

describe('columns that pipelines share', () => {
  it.each(['median', 'mean', 'most-frequent'] as const)(
    'are prepared as each set would be by itself: %s',
    (impute) => {
      const config = pipelineConfig({ ...settings, impute });
      const shared = new SharedColumns(train, config);
      for (const names of sets) {
        const { rows, prepared } = shared.part(names, config);
        expect(rows).toEqual(selectColumns(train, names));
        const alone = prepareColumns(selectColumns(train, names), config);
        expect(prepared).toEqual({ ...alone, stability: undefined });
      }
      expect(shared.part(all, config).prepared.impute.dropped).toEqual(['held out alone']);
    },
  );

  it.each<[string, PipelineSettings]>([
    ['filter, mRMR by F and RFE', settings],
    ['mutual information', { ...settings, mrmr: { method: 'mid', features: 12 } }],
    ['no filter, unscaled', { ...settings, correlationThreshold: 1, scale: 'none' }],
    [
      'features picked in each inner fold',
      { ...settings, innerSelection: 'each-fold', threshold: 'youden' },
    ],
    ['the filter alone', { correlationThreshold: 0.4, booster: { rounds: [10] } }],
  ])('give each pipeline what it learns by itself: %s', async (_, given) => {
    const config = pipelineConfig(given);
    const shared = new SharedColumns(train, config);
    for (const [number, names] of sets.entries()) {
      const together = await new Pipeline(config).fitShared(shared, names, RandomStream.of(number));
      const alone = await new Pipeline(config).fit(
        selectColumns(train, names),
        RandomStream.of(number),
      );
      expect(JSON.stringify(together)).toBe(JSON.stringify(alone));
      expect(together.trail).toEqual(alone.trail);
      const rows = selectColumns(test, names);
      expect(together.predictProbability(rows)).toEqual(alone.predictProbability(rows));
    }
  });

  it('serve pipelines that differ in the classifier', async () => {
    const shared = new SharedColumns(train, pipelineConfig(settings));
    const config = pipelineConfig({ ...settings, classifier: 'ridge' });
    const fit = await new Pipeline(config).fitShared(shared, all, RandomStream.of(1));
    const alone = await new Pipeline(config).fit(train, RandomStream.of(1));
    expect(JSON.stringify(fit)).toBe(JSON.stringify(alone));
  });

  it('refuse a pipeline that prepares otherwise, and steps that look at other columns or redraws', () => {
    const config = pipelineConfig(settings);
    const other = pipelineConfig({ ...settings, impute: 'mean' });
    expect(() => new SharedColumns(train, config).part(all, other)).toThrow('another pipeline');
    const harmonised = pipelineConfig({ ...settings, harmonise: 'combat' });
    expect(() => new SharedColumns(train, harmonised)).toThrow('harmonise');
    const stable = pipelineConfig({ ...settings, stability: {} });
    expect(() => new SharedColumns(train, stable)).toThrow('stability');
  });

  it('are made of training rows alone, by type', () => {
    const config = pipelineConfig(settings);
    const neverRun = () => {
      // @ts-expect-error held-out rows cannot be prepared
      new SharedColumns(test, config);
      // @ts-expect-error nor can a whole table
      new SharedColumns(table, config);
      // @ts-expect-error rows that were not prepared cannot be fitted in their place
      new Pipeline(config).fitShared(train, all, RandomStream.of(1));
    };
    expect(neverRun).toBeTypeOf('function');
  });
});
