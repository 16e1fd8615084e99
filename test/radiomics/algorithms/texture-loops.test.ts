import { describe, expect, it } from 'vitest';
import { type Angle, angles } from '../../../src/radiomics/algorithms/angles.ts';
import {
  gridSteps,
  type LevelGrid,
  levelGrid,
} from '../../../src/radiomics/algorithms/level-grid.ts';
import { loopMemory } from '../../../src/radiomics/algorithms/loop-memory.ts';
import {
  countDependences,
  countPairs,
  countRuns,
  findZones,
  sumToneDifferences,
} from '../../../src/radiomics/algorithms/texture-loops.ts';
import { withLevels } from '../../../src/radiomics/discretisation.ts';
import fc from '../../property-runs.ts';
import { madeRegion } from '../made-region.ts';
import {
  plainDependences,
  plainPairs,
  plainRuns,
  plainToneDifferences,
  plainZones,
  type Tally,
} from './counted-plainly.ts';

/** Regions of all forms, some flat, some of one row, with gaps among the levels. */
const made = fc
  .record({
    size: fc.tuple(...[9, 6, 4].map((max) => fc.integer({ min: 1, max }))),
    levels: fc.array(fc.constantFrom(0, 1, 2, 2, 5, 900000), { minLength: 216, maxLength: 216 }),
    options: fc.record({
      distances: fc.constantFrom([1], [2], [1, 2]),
      force2D: fc.boolean(),
      force2Ddimension: fc.integer({ min: 0, max: 2 }),
    }),
  })
  .map(({ size, levels, options }) => {
    const value = (i: number, j: number, k: number) =>
      i + j + k === 0 ? 2 : levels[i + 9 * (j + 6 * k)];
    const region = withLevels(madeRegion(size as unknown as Angle, value));
    const grid = levelGrid(region, Math.max(...options.distances));
    const rank = (level: number) => (level === 0 ? 0 : 1 + region.presentLevels.indexOf(level));
    const ranks = Array.from(region.levels, rank);
    const directions = angles(region.size, options);
    const near = angles(region.size, { ...options, distances: [1] });
    const box = { size: region.size, ranks, grey: [...grid.grey] };
    return { region, grid, box, directions, near };
  });

/** The cells of a table, without those of row 0: `first` is 1 where the table has no row 0, and no column 0 either. */
function tallied(counts: ArrayLike<number>, columns: number, first: 0 | 1): Tally {
  const tally: Tally = {};
  for (let at = first === 1 ? 0 : columns; at < counts.length; at++) {
    if (counts[at] === 0) continue;
    tally[`${first + Math.floor(at / columns)} ${first + (at % columns)}`] = counts[at];
  }
  return tally;
}

/** Pairs by direction; none where a direction is left out. */
function pairsOf(grid: LevelGrid, directions: readonly Angle[], symmetrical: boolean): Tally[] {
  const taken = directions.map((): Tally => ({}));
  countPairs(grid, gridSteps(grid, directions), symmetrical, (direction, counts) => {
    expect(counts.some((n) => n > 0)).toBe(true);
    taken[direction] = tallied(counts, grid.grey.length - 1, 1);
  });
  return taken;
}

describe('the loops in WebAssembly count what plain loops count', () => {
  it('dependences', () => {
    fc.assert(
      fc.property(made, fc.constantFrom(0, 1, 3.5), ({ grid, box, directions }, cutoff) => {
        const { counts, columns } = countDependences(grid, gridSteps(grid, directions), cutoff);
        expect(tallied(counts, columns, 0)).toEqual(plainDependences(box, directions, cutoff));
      }),
    );
  });

  it('tone differences, to the last bit', () => {
    fc.assert(
      fc.property(made, ({ grid, box, directions }) => {
        const { counts, differences } = sumToneDifferences(grid, gridSteps(grid, directions));
        const plain = plainToneDifferences(box, directions);
        expect([...counts]).toEqual(plain.counts);
        expect([...differences]).toEqual(plain.differences);
      }),
    );
  });

  it('pairs, in one order and in both', () => {
    fc.assert(
      fc.property(made, fc.boolean(), ({ grid, box, directions }, symmetrical) => {
        expect(pairsOf(grid, directions, symmetrical)).toEqual(
          directions.map((angle) => plainPairs(box, angle, symmetrical)),
        );
      }),
    );
  });

  it('runs, and the longest', () => {
    fc.assert(
      fc.property(made, ({ grid, box, near }) => {
        const columns = Math.max(...box.size);
        const taken: Tally[] = [];
        const most: number[] = [];
        countRuns(grid, gridSteps(grid, near), columns, (direction, counts, longest) => {
          taken[direction] = tallied(counts, columns, 1);
          most[direction] = longest;
        });
        const plain = near.map((angle) => plainRuns(box, angle));
        expect(taken).toEqual(plain);
        expect(most).toEqual(
          plain.map((runs) =>
            Math.max(...Object.keys(runs).map((cell) => Number(cell.split(' ')[1]))),
          ),
        );
      }),
    );
  });

  it('zones, in the order of their first voxels', () => {
    fc.assert(
      fc.property(made, ({ region, grid, box, near }) => {
        let zoneOf = new Int32Array();
        const found = findZones(grid, gridSteps(grid, near), region.voxels, (placed) => {
          zoneOf = placed.slice();
        });
        const plain = plainZones(box, near);
        expect(Array.from(found.ranks, (rank, z) => ({ rank, size: found.sizes[z] }))).toEqual(
          plain,
        );
        const sizes = plain.map(() => 0);
        for (const zone of zoneOf) if (zone > 0) sizes[zone - 1]++;
        expect(sizes).toEqual(plain.map(({ size }) => size));
      }),
    );
  });

  it('after another region has left its numbers in the memory', () => {
    loopMemory([2 ** 16], ({ words }) => words.fill(-7));
    const region = withLevels(madeRegion([3, 2, 2], (i, j, k) => 1 + ((i + j + k) % 2)));
    const grid = levelGrid(region);
    const directions = angles(region.size);
    const box = { size: region.size, ranks: [...region.levels], grey: [0, 1, 2] };
    expect(pairsOf(grid, directions, false)).toEqual(
      directions.map((angle) => plainPairs(box, angle, false)),
    );
  });
});

describe('the memory of the loops', () => {
  it('is given up where it grew large', () => {
    const sizeAfter = (words: number) =>
      loopMemory([words], ({ words: { buffer } }) => buffer.byteLength);
    const small = sizeAfter(1000);
    expect(sizeAfter(2 ** 26)).toBeGreaterThan(2 ** 28);
    expect(sizeAfter(1000)).toBeLessThan(Math.max(small, 2 ** 20) + 1);
  });
});
