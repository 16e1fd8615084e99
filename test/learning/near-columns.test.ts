import { expect, it } from 'vitest';
import { ColumnMeasures } from '../../src/learning/column-measures.ts';
import { CorrelationFilter } from '../../src/learning/correlation-filter.ts';
import { nearColumns } from '../../src/learning/near-columns.ts';
import { byRelevance, relevanceOf } from '../../src/learning/relevance.ts';
import { withColumns } from '../../src/learning/rows.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { featureTable } from '../../src/table/feature-table.ts';
import { allTraining } from './lcg-table.ts';

/** SYNTHETIC: groups of columns that correlate more or less with a factor of their own. */
function table(rows: number, columns: number) {
  const stream = RandomStream.of(rows, columns);
  const factors = Array.from({ length: 5 }, () =>
    Float64Array.from({ length: rows }, () => stream.normal()),
  );
  return featureTable(
    Array.from({ length: rows }, (_, i) => `P${i}`),
    Array.from({ length: columns }, (_, c) => {
      const share = (c % 11) / 10;
      const values = factors[c % 5].map((value) => share * value + 0.15 * stream.normal());
      return { name: `f${c}`, block: 'synthetic', values };
    }),
  );
}

function correlation(a: Float64Array, b: Float64Array): number {
  const centred = (x: Float64Array) => {
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    return x.map((value) => value - mean);
  };
  const [x, y] = [centred(a), centred(b)];
  const product = (u: Float64Array, v: Float64Array) =>
    u.reduce((sum, one, i) => sum + one * v[i], 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}

it.each([
  [12, 60],
  [40, 300],
  [90, 200],
])('the filter keeps what all pairs in full would keep: %i rows, %i columns', (rows, columns) => {
  const train = allTraining(
    table(rows, columns),
    Uint8Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 1 : 0)),
  );
  for (const threshold of [0.5, 0.8, 0.9, 0.97]) {
    const kept: number[] = [];
    for (const c of byRelevance(
      Float64Array.from(train.columns, ({ values }) => relevanceOf(values, train.labels)),
    )) {
      const twin = kept.some(
        (k) => Math.abs(correlation(train.columns[k].values, train.columns[c].values)) > threshold,
      );
      if (!twin) kept.push(c);
    }
    expect(new CorrelationFilter(threshold).fit(train).kept).toEqual(
      kept.sort((a, b) => a - b).map((c) => train.columns[c].name),
    );
    expect(kept.length).toBeLessThan(columns);
  }
});

it.each([
  [12, 60],
  [40, 300],
])(
  'filters on the same rows use what others found of pairs, and keep what each would alone: %i rows, %i columns',
  (rows, columns) => {
    const train = allTraining(
      table(rows, columns),
      Uint8Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 1 : 0)),
    );
    const part = (from: number, step: number) =>
      withColumns(
        train,
        train.columns.filter((_, c) => c >= from && (c - from) % step === 0),
      );
    const parts = [part(7, 2), train, part(0, 3), part(1, 2), part(20, 1)];
    for (const order of [parts, [...parts].reverse()]) {
      const measures = new ColumnMeasures(train);
      for (const threshold of [0.6, 0.6, 0.9, 0.6]) {
        for (const one of order) {
          const alone = new CorrelationFilter(threshold).fit(one).kept;
          expect(new CorrelationFilter(threshold).fit(one, measures).kept).toEqual(alone);
          expect(alone.length).toBeLessThan(one.columns.length);
        }
      }
    }
  },
);

it('leaves out pairs that are certainly below the threshold, and no pair at it', () => {
  // Two coordinates each: the products are 1, 0.8 and 0.
  const heads = Float64Array.from([1, 0, 1, 0, 0.8, 0.6, 0, 1]);
  const near = nearColumns(heads, 2, new Float64Array(4), 0.8);
  near.keep(3);
  near.keep(2);
  near.keep(1);
  expect(near.next(0, 0)).toBe(1);
  expect(near.next(0, 2)).toBe(2);
  expect(near.next(0, 3)).toBe(-1);
  // The length of what is left may make up for the coordinates.
  const rests = Float64Array.from([0.9, 0, 0, 0.9]);
  const wide = nearColumns(heads, 2, rests, 0.8);
  wide.keep(3);
  expect(wide.next(0, 0)).toBe(0);
});
