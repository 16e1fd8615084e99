import { describe, expect, it } from 'vitest';
import { Pipeline, type PipelineSettings } from '../../src/learning/pipeline.ts';
import type { Redraws } from '../../src/learning/redraws.ts';
import { splitRows, splitTraining } from '../../src/learning/rows.ts';
import { StabilityFilter } from '../../src/learning/stability-filter.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { featureTable } from '../../src/table/feature-table.ts';

const patients = 60;
const times = 4;
const rowsOf = (low: number, high: number) => Array.from({ length: high - low }, (_, i) => low + i);
const partition = { index: 0, seed: 0, train: rowsOf(0, 48), test: rowsOf(48, patients) };
const labels = Uint8Array.from({ length: patients }, (_, i) => i % 2);

/** `shape` hardly changes with the outline, `half` by as much as between patients, `noise` has nothing of the patient. */
function world() {
  const stream = RandomStream.of(8, 'stability-test');
  const spread = { shape: 0.1, half: 1, noise: 1 };
  const redraws: Redraws = { times, columns: new Map() };
  const columns = Object.entries(spread).map(([name, within]) => {
    const between = name === 'noise' ? 0 : 1;
    const own = Float64Array.from(labels, (label) => between * (label + stream.normal()));
    const again = new Float64Array(times * patients);
    own.forEach((value, row) => {
      for (let k = 0; k < times; k++) again[times * row + k] = value + within * stream.normal();
    });
    (redraws.columns as Map<string, Float64Array>).set(name, again);
    const values = own.map((value) => value + within * stream.normal());
    return { name, block: 'radiomics', values };
  });
  const age = Float64Array.from(labels, () => stream.normal());
  const table = featureTable(
    Array.from({ length: patients }, (_, i) => `P${i}`),
    [...columns, { name: 'clinical.age', block: 'clinical', values: age }],
  );
  return { table, redraws };
}

const settings: PipelineSettings = {
  stability: { icc: '1,1', atLeast: 0.75 },
  booster: { rounds: [10], maxDepth: [2] },
};
const fitted = async ({ table, redraws }: ReturnType<typeof world>, options = settings) => {
  const { train } = splitRows(table, labels, partition, { redraws });
  return new Pipeline(options).fit(train, RandomStream.of(1, 'fit'));
};

describe('StabilityFilter', () => {
  it('keeps a feature of shape, drops one of noise; what no outline changes stays', () => {
    const { table, redraws } = world();
    const { train } = splitRows(table, labels, partition, { redraws });
    expect(new StabilityFilter().fit(train).kept).toEqual(['shape', 'clinical.age']);
    // Half of the variance lies between patients, a little more with the labels.
    const loose = new StabilityFilter({ icc: '3,1', atLeast: 0.4 }).fit(train);
    expect(loose.kept).toEqual(['shape', 'half', 'clinical.age']);
  });

  it('is the first step of a pipeline, also within inner folds', async () => {
    const { selected, trail } = await fitted(world(), {
      ...settings,
      threshold: 'youden',
      innerSelection: 'each-fold',
    });
    expect(trail.steps.slice(0, 3)).toMatchObject([
      { name: 'candidates', columns: 4 },
      { name: 'stability', columns: 2 },
      { name: 'impute', columns: 2 },
    ]);
    expect(selected.map(({ feature }) => feature).sort()).toEqual(['clinical.age', 'shape']);
  });

  it('learns from training patients alone: redraws of the others change nothing', async () => {
    const plain = await fitted(world());
    const changed = world();
    for (const values of changed.redraws.columns.values()) {
      for (let at = times * 48; at < values.length; at++) values[at] = 1000 * (at % 7);
    }
    expect(JSON.stringify(await fitted(changed))).toBe(JSON.stringify(plain));
    // Those of training patients decide.
    const other = world();
    const shape = other.redraws.columns.get('shape') as Float64Array;
    for (let at = 0; at < times * 48; at++) shape[at] = at % times;
    const refitted = await fitted(other);
    expect(refitted.selected.map(({ feature }) => feature)).toEqual(['clinical.age']);
  });

  it('holds copies of the redraws of training patients, and none of the others', () => {
    const { table, redraws } = world();
    const { train, test } = splitRows(table, labels, partition, { redraws });
    const own = train.redraws?.columns.get('shape') as Float64Array;
    expect(own.buffer.byteLength).toBe(8 * times * 48);
    expect(Object.keys(test)).not.toContain('redraws');
    const inner = splitTraining(train, [0, 1]);
    const rest = inner.train.redraws?.columns.get('shape') as Float64Array;
    expect([...rest]).toEqual([...own.subarray(2 * times)]);
    const short: Redraws = { times, columns: new Map([['shape', new Float64Array(3)]]) };
    expect(() => splitRows(table, labels, partition, { redraws: short })).toThrow(
      /redraws do not fit/,
    );
  });

  it('refuses rows without redraws', async () => {
    const { table } = world();
    const { train } = splitRows(table, labels, partition);
    await expect(
      new Pipeline(settings).fit(train, RandomStream.of(1, 'fit')),
    ).rejects.toMatchObject({ code: 'no-redraws' });
  });
});
