import { describe, expect, it } from 'vitest';
import { CorrelationFilter } from '../../src/learning/correlation-filter.ts';
import { fStatistic } from '../../src/learning/f-statistic.ts';
import { Imputer } from '../../src/learning/imputer.ts';
import { moments } from '../../src/learning/moments.ts';
import { Mrmr } from '../../src/learning/mrmr.ts';
import { byRelevance, relevanceOf } from '../../src/learning/relevance.ts';
import { Scaler } from '../../src/learning/scaler.ts';
import { VarianceFilter } from '../../src/learning/variance-filter.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import fc from '../property-runs.ts';
import { trainingRows } from './lcg-table.ts';

const NaN_ = Number.NaN;
const y = [0, 1, 0, 1, 1];

describe('Imputer', () => {
  const rows = trainingRows(
    {
      a: [1, NaN_, 3, 8, NaN_],
      b: [2, 2, 1, 1, NaN_],
      empty: Array(5).fill(NaN_),
      c: [1, 2, 3, 4, 5],
    },
    y,
  );
  it.each([
    ['median', 3, 1.5],
    ['mean', 4, 1.5],
    ['most-frequent', 1, 1],
  ] as const)('%s', (strategy, a, b) => {
    const fitted = new Imputer(strategy).fit(rows);
    const [first, second] = fitted.transform(rows).columns;
    expect([...first.values]).toEqual([1, a, 3, 8, a]);
    expect([...second.values]).toEqual([2, 2, 1, 1, b]);
    expect(fitted.dropped).toEqual(['empty']);
    expect(rows.columns[0].values[1]).toBeNaN();
  });
  it('fills other rows with what the training rows said', () => {
    const other = trainingRows(
      { a: [NaN_, 100], b: [NaN_, NaN_], empty: [1, 2], c: [7, 8] },
      [0, 1],
    );
    const { columns } = new Imputer('median').fit(rows).transform(other);
    expect(columns.map(({ name, values }) => [name, ...values])).toEqual([
      ['a', 3, 100],
      ['b', 1.5, 1.5],
      ['c', 7, 8],
    ]);
  });
  it('none: only all-missing columns go', () => {
    const { columns } = new Imputer('none').fit(rows).transform(rows);
    expect(columns.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(columns[0].values[1]).toBeNaN();
  });
});

describe('Scaler', () => {
  it('gives mean 0 and sd 1 over N, keeps gaps, centres constants', () => {
    const rows = trainingRows({ a: [1, 2, 3, NaN_, 6], k: [4, 4, 4, 4, 4] }, y);
    const fitted = new Scaler().fit(rows);
    expect(fitted.scales).toEqual([
      { name: 'a', mean: 3, sd: Math.sqrt(3.5) },
      { name: 'k', mean: 4, sd: 1 },
    ]);
    const { columns } = fitted.transform(rows);
    expect(columns[0].values[3]).toBeNaN();
    expect(columns[0].values[4]).toBeCloseTo(3 / Math.sqrt(3.5), 14);
    expect([...columns[1].values]).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('VarianceFilter', () => {
  const rows = trainingRows(
    {
      // A mean that rounds: the naive variance is 1e-33, not 0.
      constant: Array(5).fill(0.1),
      empty: Array(5).fill(NaN_),
      gap: [NaN_, 2, 2, NaN_, 2],
      small: [0, 0, 0, 0, 0.1],
      large: [0, 10, 0, 10, 0],
    },
    y,
  );
  it('drops constants and empty columns at 0', () => {
    expect(new VarianceFilter().fit(rows).kept).toEqual(['small', 'large']);
  });
  it('drops what is not above the threshold', () => {
    expect(new VarianceFilter(1).fit(rows).kept).toEqual(['large']);
    expect(new VarianceFilter(24).fit(rows).kept).toEqual([]);
  });
});

describe('CorrelationFilter', () => {
  it('keeps the first of two twins that say the same, whatever their sign and scale', () => {
    const a = [1, 5, 2, 8, 3];
    const rows = trainingRows(
      { a, twin: a.map((v) => 3 * v + 1), mirror: a.map((v) => -v), other: [1, 2, 3, 5, 4] },
      y,
    );
    expect(new CorrelationFilter(0.99).fit(rows).kept).toEqual(['a', 'other']);
    expect(new CorrelationFilter(1).fit(rows).kept).toEqual(['a', 'twin', 'mirror', 'other']);
  });
  const labels = [0, 0, 0, 0, 1, 1, 1, 1];
  it.each(['fcq', 'mid'] as const)('keeps the more relevant of two twins (%s)', (method) => {
    const rows = trainingRows(
      { weak: [1, 2, 3, 5, 5, 6, 7, 8], strong: [1, 2, 3, 3, 6, 6, 7, 8] },
      labels,
    );
    expect(new CorrelationFilter(0.9, { method }).fit(rows).kept).toEqual(['strong']);
  });
  it('keeps a perfect separator before all else', () => {
    const rows = trainingRows(
      { strong: [1, 2, 3, 3, 6, 6, 7, 8], separator: labels, copy: labels.map((v) => 0.3 * v) },
      labels,
    );
    expect(new CorrelationFilter(0.5).fit(rows).kept).toEqual(['separator']);
  });
  it('asks the relevance of the training labels, by the measure of mRMR', () => {
    const far = trainingRows(
      { plain: [1, 2, 3, 4, 6, 7, 8, 9], far: [1, 2, 3, 4.1, 6, 7, 8, 9] },
      labels,
    );
    const [f, g] = far.columns.map(({ values }) => relevanceOf(values, far.labels));
    expect(f).toBeGreaterThan(g);
    expect(new CorrelationFilter(0.9).fit(far).kept).toEqual(['plain']);
    const turned = trainingRows(
      { plain: [1, 2, 3, 4, 6, 7, 8, 9], far: [1, 2, 3, 4.1, 6, 7, 8, 9] },
      [0, 0, 0, 1, 0, 1, 1, 1],
    );
    expect(new CorrelationFilter(0.9).fit(turned).kept).toEqual(['far']);
  });
  it('names a gap', () => {
    const rows = trainingRows({ a: [1, 2, NaN_, 4, 5] }, y);
    expect(() => new CorrelationFilter(0.9).fit(rows)).toThrow(
      /patient P2, row 3, column a: the correlation filter needs complete columns/,
    );
  });
  it('settles pairs early with the answer of the whole product', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 40 }),
        fc.double({ min: 0.05, max: 0.99, noNaN: true }),
        fc.integer({ min: 0, max: 1000 }),
        (n, threshold, seed) => {
          const stream = RandomStream.of(seed);
          const shared = Array.from({ length: n }, () => stream.normal());
          const columns = Array.from({ length: 12 }, (_, c) =>
            shared.map((v) => v * (c % 3) + stream.normal()),
          );
          const rows = trainingRows(
            Object.fromEntries(columns.map((values, c) => [`c${c}`, values])),
            shared.map((_, i) => i % 2),
          );
          const f = rows.columns.map(({ values }) => fStatistic(values, rows.labels));
          const order = columns.map((_, c) => c).sort((a, b) => f[b] - f[a]);
          const kept = new Set<number>();
          for (const c of order) {
            const twin = [...kept].some(
              (k) => Math.abs(pearson(columns[c], columns[k])) > threshold,
            );
            if (!twin) kept.add(c);
          }
          const names = columns.flatMap((_, c) => (kept.has(c) ? [`c${c}`] : []));
          expect(new CorrelationFilter(threshold).fit(rows).kept).toEqual(names);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('byRelevance', () => {
  it('sorts, infinite first, and takes what differs by rounding as equal', () => {
    expect(byRelevance(Float64Array.of(1, Infinity, 2, Infinity, 2 + 4e-16, 0))).toEqual([
      1, 3, 2, 4, 0, 5,
    ]);
  });
});

describe('columns of any scale', () => {
  const stream = RandomStream.of(4, 'scale');
  const labels = Array.from({ length: 30 }, (_, i) => i % 2);
  const shared = labels.map((label) => label + stream.normal());
  const table = Object.fromEntries(
    Array.from({ length: 8 }, (_, c) => [
      `c${c}`,
      shared.map((v) => 10 + v * (c % 3) + stream.normal()),
    ]),
  );
  const chosen = (columns: Record<string, number[]>, method: 'mid' | 'fcq') => {
    const rows = trainingRows(columns, labels);
    const varied = new VarianceFilter().fit(rows).transform(rows);
    const scaled = new Scaler().fit(varied).transform(varied);
    const filtered = new CorrelationFilter(0.7, { method }).fit(scaled).transform(scaled);
    const raw = new CorrelationFilter(0.7, { method }).fit(varied);
    expect(raw.kept).toEqual(filtered.columns.map(({ name }) => name));
    return [
      new Mrmr({ method, features: 5 }).fit(filtered).kept,
      new Mrmr({ method, features: 5 }).fit(varied).kept,
    ];
  };
  it('are selected as before when one is multiplied by 10^k, k from -300 to 300', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -300, max: 300 }),
        fc.integer({ min: 0, max: 7 }),
        fc.constantFrom('mid' as const, 'fcq' as const),
        (k, column, method) => {
          const name = `c${column}`;
          const other = { ...table, [name]: table[name].map((v) => v * 10 ** k) };
          expect(chosen(other, method)).toEqual(chosen(table, method));
        },
      ),
      { numRuns: 200 },
    );
  });
  it('have their moments and F at both ends of the range', () => {
    const plain = Float64Array.of(1, 2, 4, 5, 7, 8);
    const { mean, sd } = moments(plain);
    const f = fStatistic(plain, Uint8Array.of(0, 0, 1, 0, 1, 1));
    for (const scale of [2 ** 1000, 2 ** -1000, 2 ** 1020, 2 ** -1060]) {
      const scaled = plain.map((v) => v * scale);
      expect(moments(scaled).mean / scale).toBeCloseTo(mean, 12);
      expect(moments(scaled).sd / scale).toBeCloseTo(sd, scale < 1e-310 ? 3 : 12);
      expect(fStatistic(scaled, Uint8Array.of(0, 0, 1, 0, 1, 1))).toBeCloseTo(f, 10);
    }
    const ends = Float64Array.of(-1.7e308, 1.7e308, 1.7e308, -1.7e308, 1.6e308, 0);
    expect(moments(ends).sd).toBeGreaterThan(1e308);
    const { columns } = new Scaler()
      .fit(trainingRows({ ends: [...ends] }, [0, 1, 0, 1, 1, 0]))
      .transform(trainingRows({ ends: [...ends] }, [0, 1, 0, 1, 1, 0]));
    expect([...columns[0].values].every(Number.isFinite)).toBe(true);
    expect([
      ...new Imputer('median')
        .fit(trainingRows({ a: [1.7e308, NaN_, 1.5e308] }, [0, 1, 1]))
        .fills.values(),
    ]).toEqual([1.6e308]);
  });
});

function pearson(a: number[], b: number[]): number {
  const mean = (v: number[]) => v.reduce((s, x) => s + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  a.forEach((x, i) => {
    ab += (x - ma) * (b[i] - mb);
    aa += (x - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  });
  return ab / Math.sqrt(aa * bb);
}
