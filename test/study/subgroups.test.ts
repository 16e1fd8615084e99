import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { metricNames, metricsAt } from '../../src/evaluation/metrics.ts';
import { figures } from '../../src/report/figures.ts';
import { openRun } from '../../src/report/open-run.ts';
import { resultRows } from '../../src/report/result-rows.ts';
import { resultsTable } from '../../src/report/results-table.ts';
import { straightLineSentences } from '../../src/report/straight-line.ts';
import { subgroupSection } from '../../src/report/subgroup-section.ts';
import { tables } from '../../src/report/tables.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { type StudyConfig, studyConfigSchema } from '../../src/study/config.ts';
import { evaluateStudy, planStudy } from '../../src/study/evaluate-study.ts';
import { runStudy } from '../../src/study/run-study.ts';
import { featureTable } from '../../src/table/feature-table.ts';

const n = 200;
const draw = RandomStream.of(11, 'subgroups');
const patients = Array.from({ length: n }, (_, row) => `P${String(row).padStart(3, '0')}`);
const labels = Int8Array.from({ length: n }, () => (draw.next() < 0.45 ? 1 : 0));
const subtype = patients.map((_, row) =>
  row < 4 ? 'rare' : row % 2 === 0 ? 'luminal' : undefined,
);
const age = Float64Array.from(patients, (_, row) => (row === 9 ? Number.NaN : 30 + (row % 50)));
/** Carries the answer in women up to 50, and nothing above. */
const values = Float64Array.from(
  labels,
  (label, row) => draw.normal() + (age[row] <= 50 ? 2.5 * label : 0),
);
const cohort: Cohort = {
  ...{ id: 'made', title: 'Made', citation: 'none', licence: 'none', synthetic: true },
  patients,
  blocks: { image: featureTable(patients, [{ name: 'image.f', block: 'image', values }]) },
  endpoints: {
    pcr: { id: 'pcr', title: 'pCR', positiveName: 'yes', negativeName: 'no', labels },
  },
  columns: {
    age: { meaning: 'Age', measured: 'baseline', type: 'number', unit: 'a', values: age },
    size: { meaning: 'Size', measured: 'baseline', type: 'number', unit: 'mm', values: age },
    split: {
      ...{ meaning: 'Split', measured: 'assigned', type: 'text' },
      values: patients.map((_, row) => (row % 2 === 0 ? 'test' : 'train')),
    },
    subtype: {
      meaning: 'Subtype',
      measured: 'baseline',
      type: 'text',
      values: subtype,
      levels: ['luminal', 'none', 'rare'],
    },
  },
  ...{ subgroups: ['age', 'subtype'], notices: [], excluded: [], inputs: [] },
};
const configOf = (more: object = {}): StudyConfig =>
  studyConfigSchema.parse({
    ...{ id: 'made', title: 'Made', cohort: 'made', endpoints: ['pcr'], seed: 3, partitions: 6 },
    featureSets: [{ id: 'image', blocks: ['image'] }],
    pipeline: { booster: { rounds: [20], maxDepth: [2] } },
    ...more,
  });
const evaluate = async (config: StudyConfig) => {
  const plan = await planStudy(config, cohort);
  return { plan, ...(await evaluateStudy(plan, { workers: 1 })) };
};

describe('subgroups of a study', () => {
  it('have counts, every metric with its interval, and show where an answer holds', async () => {
    const { results } = await evaluate(configOf());
    const [byAge, bySubtype] = results.endpoints[0].featureSets[0].subgroups!;
    expect(byAge.levels.map(({ name }) => name)).toEqual([
      ...['up to 40', '41 to 50', '51 to 60', '61 to 70', 'above 70'],
    ]);
    expect(byAge.missing).toBe(1);
    expect(byAge.levels.reduce((all, { patients: count }) => all + count, 0)).toBe(n - 1);
    const auc = (name: string) => byAge.levels.find((level) => level.name === name)?.summary?.auc;
    expect(auc('up to 40')!.mean).toBeGreaterThan(0.85);
    expect(auc('51 to 60')!.mean).toBeLessThan(0.75);
    for (const { summary } of byAge.levels) {
      for (const name of metricNames) {
        expect(summary![name].low).toBeLessThanOrEqual(summary![name].mean);
        expect(summary![name].high).toBeGreaterThanOrEqual(summary![name].mean);
      }
    }
    // Levels that nobody has are left out, those of too few patients have no numbers.
    expect(bySubtype.levels.map(({ name, summary }) => [name, summary === null])).toEqual([
      ['luminal', false],
      ['rare', true],
    ]);
  });

  it('are the metrics of the test rows of that level alone', async () => {
    const { results, plan, outcomes } = await evaluate(
      configOf({
        design: { kind: 'k-fold', folds: 2, repeats: 1 },
        subgroups: [{ column: 'size', bands: [50] }],
      }),
    );
    const [{ levels }] = results.endpoints[0].featureSets[0].subgroups!;
    expect(levels.map(({ name }) => name)).toEqual(['up to 50', 'above 50']);
    const known = [...labels.keys()];
    const values = plan.units.map((unit, u) => {
      const rows = unit.partition.test
        .map((row, at) => ({ row: known[row], at }))
        .filter(({ row }) => age[row] <= 50);
      const probabilities = rows.map(({ at }) => outcomes[u].probabilities[at]);
      return metricsAt(
        rows.map(({ row }) => labels[row]),
        probabilities,
        outcomes[u].threshold,
      ).auc;
    });
    expect(levels[0].summary?.auc.mean).toBeCloseTo((values[0] + values[1]) / 2, 12);
  });

  it('of a given split have the intervals of one test set', async () => {
    const design = { kind: 'fixed-split', column: 'split', train: ['train'], test: ['test'] };
    const { results } = await evaluate(configOf({ design, subgroups: ['age'] }));
    const [{ levels }] = results.endpoints[0].featureSets[0].subgroups!;
    expect(levels[0]).toMatchObject({ partitions: 1, summary: { auc: { method: 'delong' } } });
  });

  it('give the challenge’s score, that of a constant answer beside it', async () => {
    const { results } = await evaluate(configOf());
    const { fairness } = results.endpoints[0].featureSets[0];
    expect(fairness?.gaps.map(({ variable }) => variable)).toEqual(['age']);
    expect(fairness?.score).toBeCloseTo(
      ((fairness?.balancedAccuracy as number) + 1 - (fairness?.meanGap as number)) / 2,
      12,
    );
    expect(resultsTable(results)).toMatch(/over age: .* for everybody scores 0\.75/);
    const page = subgroupSection(results.endpoints[0]).text;
    expect(page).toContain('scores 0.75');
    expect(page).toContain('the challenge also takes menopause and density');
    const rows = resultRows(results).filter(({ kind }) => kind === 'subgroup');
    expect(rows).toHaveLength(7 * metricNames.length);
  });

  it('are tables and a figure of a run', async () => {
    const out = mkdtempSync(join(tmpdir(), 'nacre-subgroups-'));
    await runStudy(configOf(), cohort, { out, workers: 1 });
    const run = await openRun(out);
    expect(tables.subgroups(run, { metric: 'auc' })).toHaveLength(7);
    expect(tables.fairness(run)[0]).toMatchObject({ 'score of a constant answer': 0.75 });
    const figure = figures.subgroups(run);
    expect(figure.name).toBe('pcr-subgroups');
    expect((figure.data[0] as { x: number[] }).x).toHaveLength(6);
  });

  it('are none where the study asks for none', async () => {
    const { results } = await evaluate(configOf({ subgroups: [] }));
    expect(results.endpoints[0].featureSets[0]).not.toHaveProperty('subgroups');
    expect(subgroupSection(results.endpoints[0]).text).toBe('');
  });

  it.each<[string, unknown[], string, string]>([
    ['a column that is not there', ['agee'], 'unknown-name', 'did you mean age?'],
    ['a number without bands', ['size'], 'bad-config', 'bands'],
  ])('refuse %s before anything runs', async (_, subgroups, code, words) => {
    const fault = await planStudy(configOf({ subgroups }), cohort).catch((error) => error);
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(words);
  });
});

describe('trees beside a straight line on the same columns', () => {
  it('are compared in a sentence, whoever is better', async () => {
    const { results } = await evaluate(
      configOf({
        subgroups: [],
        featureSets: [
          { id: 'line', title: 'Line', blocks: ['image'], classifier: 'ridge' },
          { id: 'trees', title: 'Trees', blocks: ['image'] },
        ],
      }),
    );
    const [endpoint] = results.endpoints;
    expect(endpoint.sameColumns).toEqual([{ line: 'line', trees: 'trees' }]);
    const [line, trees] = endpoint.featureSets.map(({ summary }) => summary.auc.mean);
    const [sentence] = straightLineSentences(endpoint);
    expect(sentence.startsWith('Trees stay below')).toBe(line - trees > 5e-4);
    expect(sentence).toContain(`Line ${(100 * line).toFixed(1)} against Trees`);
    const alone = { ...endpoint, sameColumns: undefined };
    expect(straightLineSentences(alone)).toEqual([]);
  });
});
