import type { ScoreKind } from './cell.ts';
import { type Coverage, type Measured, type Rule, rules } from './coverage.ts';

const titles: Record<Rule, string> = { wald: 'rule before', logit: 'logit scale', ours: 'now' };

/** The tables of one kind of score. */
export interface Simulated {
  score: ScoreKind;
  cohorts: number;
  coverages: readonly Coverage[];
}

/** The page `bench/statistics.md`. */
export function page(main: Simulated, others: readonly Simulated[], seed: number): string {
  const ours = main.coverages.map(({ covered }) => covered.auc.ours);
  const balanced = main.coverages.map(({ covered }) => covered.balancedAccuracy.ours);
  const before = main.coverages.map(({ covered }) => covered.auc.wald);
  const outside = main.coverages.reduce((sum, one) => sum + one.outside, 0) / main.coverages.length;
  return `# Coverage of the 95% intervals

\`npm run bench -- statistics\` (seed ${seed}, ${main.cohorts.toLocaleString('en')} cohorts per cell; standard error of a coverage ${(100 * Math.sqrt((0.95 * 0.05) / main.cohorts)).toFixed(1)} points).

**AUC: ${range(ours)} covered in all ${ours.length} cells; the rule before: ${range(before)}. Balanced accuracy: ${range(balanced)}.** Of the intervals of
the rule before, ${percent(outside)} left [0, 100]; of those now, none can.

What is simulated: cohorts of patients with five normal features, one of them shifted between the classes; in each of ten stratified
80/20 partitions a linear discriminant is learned from the training rows and tested on the others, as in a study. What an interval has to
cover is the AUC (or balanced accuracy) that this **procedure** reaches on new patients, averaged over training samples of that
size, which is known exactly here. The shift is chosen so that this AUC is .55, .71 or .92. Partitions are correlated as in a study: they share
test patients, and what they learn.

- *Rule before*: mean ± t(9) · SE by Nadeau and Bengio (2003), not bounded.
- *Logit scale*: the same SE, by the delta method on the logit scale. It stays in (0, 1) and covers at high AUC, and still misses where
  the signal is weak: near chance partitions agree more than their shared test patients explain, since what they learn comes from the same
  patients. No scale cures that.
- *Now*: the same SE on the angular scale; information bounded by the patients; variance up to 1.7 times (AUC) and 1.1 times (balanced accuracy) as large where
  the true value is at chance (\`src/evaluation/resampled-t.ts\`). These numbers, and the bounds of 1.1 and 1.3 patients' worth of information per
  patient, were chosen on 2,000 cohorts of another seed, so that the AUC is covered in 93.5% to 97%.

## AUC
${table(main.coverages, 'auc')}

## Balanced accuracy
${table(main.coverages, 'balancedAccuracy')}

## Other learners
AUC, the rule now, ${others[0].cohorts.toLocaleString('en')} cohorts per cell (standard error ${(100 * Math.sqrt((0.95 * 0.05) / others[0].cohorts)).toFixed(1)} points); the numbers above were not chosen on these.
${others.map((one) => `${title(one.score)}: ${range(one.coverages.map(({ covered }) => covered.auc.ours))}`).join('; ')}. A score that is not learned at all (one that was
published, say) does not have the agreement near chance that is corrected for, so that its intervals near .5 are longer than they need be.

${otherTable(others)}
`;
}

function table(coverages: readonly Coverage[], metric: Measured): string {
  const rows = coverages.map(({ cell, truth, covered, length }) => [
    String(cell.patients),
    `1:${cell.imbalance}`,
    truth[metric].toFixed(3),
    ...rules.map((rule) => percent(covered[metric][rule])),
    ...rules.map((rule) => (100 * length[metric][rule]).toFixed(1)),
  ]);
  return markdown(
    [
      'patients',
      'imbalance',
      'true value',
      ...rules.map((rule) => titles[rule]),
      ...rules.map((rule) => `length, ${titles[rule]}`),
    ],
    rows,
  );
}

function otherTable(others: readonly Simulated[]): string {
  const rows = others[0].coverages.map(({ cell }, at) => [
    String(cell.patients),
    `1:${cell.imbalance}`,
    cell.auc.toFixed(2),
    ...others.map(({ coverages }) => percent(coverages[at].covered.auc.ours)),
  ]);
  return markdown(
    ['patients', 'imbalance', 'true AUC', ...others.map(({ score }) => title(score))],
    rows,
  );
}

function title(score: ScoreKind): string {
  if (score === 'known') return 'not learned';
  return score === 1 ? '1 feature' : `${score} features`;
}

function markdown(header: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---:')), ...rows.map(line)].join('\n');
}

function range(shares: readonly number[]): string {
  return `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
