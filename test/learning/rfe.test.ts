import { describe, expect, it } from 'vitest';
import { eliminate } from '../../src/learning/rfe.ts';
import type { Booster } from '../../src/learning/xgboost/booster.ts';
import { type BoosterMatrix, matrixColumns } from '../../src/learning/xgboost/booster-matrix.ts';
import { loadBooster } from '../../src/learning/xgboost/load-booster.ts';
import { TreeEnsemble } from '../../src/learning/xgboost/trees.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import fc from '../property-runs.ts';

/** A booster whose importance of a column is the number in its name. */
const byName: Booster = {
  name: 'by name',
  fit: ({ columns, names }) =>
    new TreeEnsemble({
      baseMargin: 0,
      features: columns,
      roots: new Int32Array(1),
      left: new Int32Array(columns).fill(-1),
      right: new Int32Array(columns).fill(-1),
      feature: Int32Array.from(names, (_, c) => c),
      missingLeft: new Uint8Array(columns),
      value: new Float32Array(columns),
      gain: Float32Array.from(names, (name) => Number(name.slice(1))),
      cover: new Float32Array(columns),
    }),
};

function matrixNamed(names: readonly string[]): BoosterMatrix {
  const columns = names.length;
  return { rows: 2, columns, values: new Float32Array(2 * columns), names };
}
const y = Uint8Array.of(0, 1);

function random(seed: number, rows: number, columns: number) {
  const stream = RandomStream.of(seed);
  const values = Float32Array.from({ length: rows * columns }, () => stream.normal());
  const names = Array.from({ length: columns }, (_, c) => `f${c}`);
  const labels = Uint8Array.from({ length: rows }, (_, i) =>
    values[i * columns] + values[i * columns + 2] + stream.normal() > 0 ? 1 : 0,
  );
  return { matrix: { rows, columns, values, names } satisfies BoosterMatrix, labels };
}

describe('eliminate', () => {
  it('drops the least important first; kept columns rank 1', () => {
    const { kept, ranking } = eliminate(
      byName,
      matrixNamed(['g3', 'g1', 'g5', 'g2', 'g4']),
      y,
      {},
      {
        features: 2,
      },
    );
    expect(kept).toEqual([2, 4]);
    expect([...ranking]).toEqual([2, 4, 1, 3, 1]);
  });
  it('a share is one of the count at the start, the last step drops only what is too many', () => {
    const names = Array.from({ length: 10 }, (_, c) => `g${c + 1}`);
    const { ranking } = eliminate(byName, matrixNamed(names), y, {}, { features: 3, step: 0.3 });
    // 3 columns a step, thrice, the third one cut to 1.
    expect([...ranking]).toEqual([4, 4, 4, 3, 3, 3, 2, 1, 1, 1]);
    const tiny = eliminate(byName, matrixNamed(names), y, {}, { features: 9, step: 0.01 });
    expect([...tiny.ranking]).toEqual([2, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });
  it('among equals the later column goes first', () => {
    const { kept, ranking } = eliminate(
      byName,
      matrixNamed(['g1', 'g1', 'g1', 'g1']),
      y,
      {},
      {
        features: 1,
      },
    );
    expect(kept).toEqual([0]);
    expect([...ranking]).toEqual([1, 2, 3, 4]);
  });
  it('keeps all where there are no more than asked', () => {
    const { kept, ranking, fits } = eliminate(byName, matrixNamed(['g1', 'g2']), y, {}, {});
    expect([kept, [...ranking], fits]).toEqual([[0, 1], [1, 1], 1]);
  });
  it.each([0, -1, 1.5, Number.NaN])('refuses a step of %s', (step) => {
    expect(() => eliminate(byName, matrixNamed(['g1']), y, {}, { step })).toThrow(/rfe\.step/);
  });
  it('refuses to keep none', () => {
    expect(() => eliminate(byName, matrixNamed(['g1']), y, {}, { features: 0 })).toThrow(
      /rfe\.features.*found 0/,
    );
  });

  it('each rank beyond 1 has `step` columns, the highest maybe fewer, and they add up', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.oneof(fc.integer({ min: 1, max: 20 }), fc.double({ min: 0.01, max: 0.99, noNaN: true })),
        (columns, features, step) => {
          const names = Array.from({ length: columns }, (_, c) => `g${(c * 7) % 13}`);
          const { ranking, kept } = eliminate(
            byName,
            matrixNamed(names),
            y,
            {},
            { features, step },
          );
          const size = step < 1 ? Math.max(1, Math.floor(step * columns)) : step;
          const counts = new Map<number, number>();
          for (const rank of ranking) counts.set(rank, (counts.get(rank) ?? 0) + 1);
          expect(kept.length).toBe(Math.min(features, columns));
          expect(counts.get(1)).toBe(kept.length);
          const steps = Math.ceil((columns - kept.length) / size);
          expect(Math.max(...ranking)).toBe(steps + 1);
          for (let rank = 3; rank <= steps + 1; rank++) expect(counts.get(rank)).toBe(size);
        },
      ),
      { numRuns: 300 },
    );
  });

  // The long way: a fit after every step, as scikit-learn does.
  const withEveryFit = (
    booster: Booster,
    { matrix, labels }: ReturnType<typeof random>,
    params: object,
  ) => {
    let kept = Array.from({ length: matrix.columns }, (_, c) => c);
    const dropped: number[] = [];
    let trees = booster.fit(matrix, labels, params);
    while (kept.length > 5) {
      const gains = trees.importances();
      let least = 0;
      gains.forEach((gain, c) => {
        if (gain <= gains[least]) least = c;
      });
      dropped.push(kept[least]);
      kept = kept.filter((_, c) => c !== least);
      trees = booster.fit(matrixColumns(matrix, kept), labels, params);
    }
    return { kept, dropped, trees };
  };

  it.each(['ml-xgboost', 'exact'] as const)(
    'steps that drop unused columns alone need no fit, and nothing comes out otherwise: %s',
    async (implementation) => {
      const booster = await loadBooster(implementation);
      for (let seed = 0; seed < 6; seed++) {
        const table = random(seed, 50, 60);
        const params = { rounds: 12, maxDepth: 2 };
        const quick = eliminate(booster, table.matrix, table.labels, params, { features: 5 });
        const { kept, dropped, trees } = withEveryFit(booster, table, params);
        expect(quick.kept).toEqual(kept);
        expect(dropped.map((c) => quick.ranking[c])).toEqual(dropped.map((_, i) => 56 - i));
        expect(quick.trees.toJSON()).toEqual(trees.toJSON());
        expect(quick.fits).toBeLessThan(50);
      }
    },
  );

  it.each(['ml-xgboost', 'exact'] as const)(
    'a column in no tree may still have won a split that was pruned: %s',
    async (implementation) => {
      const booster = await loadBooster(implementation);
      for (const seed of [3, 15, 17, 27]) {
        const table = random(seed, 60, 30);
        const params = {
          rounds: 8,
          maxDepth: 5,
          gamma: 2.5,
          learningRate: 0.3,
          minChildWeight: 0.1,
        };
        const quick = eliminate(booster, table.matrix, table.labels, params, { features: 5 });
        const { kept, trees } = withEveryFit(booster, table, params);
        expect(quick.kept, `seed ${seed}`).toEqual(kept);
        expect(quick.trees.toJSON(), `seed ${seed}`).toEqual(trees.toJSON());
      }
    },
  );
});
