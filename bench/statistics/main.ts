import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { cells, type ScoreKind } from './cell.ts';
import { coverageOf } from './coverage.ts';
import { page, type Simulated } from './report.ts';

/**
 * How often the 95% intervals of a study cover the truth, by simulation. Writes bench/statistics.md; the same numbers on every
 * machine. `NACRE_BENCH_COHORTS=200` is a quick look that writes nothing.
 */
const seed = 3;
const asked = process.env.NACRE_BENCH_COHORTS;
const cohorts = Number(asked ?? 2000);

function simulate(score: ScoreKind, count: number): Simulated {
  const coverages = cells.map((cell) => {
    const coverage = coverageOf(cell, score, count, seed);
    const { auc, balancedAccuracy } = coverage.covered;
    process.stderr.write(
      `${score}: ${cell.patients}, 1:${cell.imbalance}, ${cell.auc}: AUC ${auc.wald.toFixed(3)} before, ${auc.ours.toFixed(3)} now; balanced accuracy ${balancedAccuracy.wald.toFixed(3)}, ${balancedAccuracy.ours.toFixed(3)}\n`,
    );
    return coverage;
  });
  return { score, cohorts: count, coverages };
}

const main = simulate(5, cohorts);
const others = (['known', 1, 2, 20] as const).map((score) =>
  simulate(score, Math.ceil(cohorts / 4)),
);
const text = page(main, others, seed);
if (asked !== undefined) process.stdout.write(text);
else writeWhole(fileURLToPath(new URL('../statistics.md', import.meta.url)), text);
