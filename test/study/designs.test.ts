import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { methodsText } from '../../src/report/methods.ts';
import { resultsTable } from '../../src/report/results-table.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { type StudyConfig, studyConfigSchema } from '../../src/study/config.ts';
import { evaluateStudy, planStudy } from '../../src/study/evaluate-study.ts';
import { runStudy } from '../../src/study/run-study.ts';
import { traceNumber } from '../../src/study/trace.ts';
import { featureTable } from '../../src/table/feature-table.ts';

const n = 240;
const draw = RandomStream.of(5, 'designs');
const labels = Int8Array.from({ length: n }, (_, row) =>
  row % 12 === 0 ? -1 : row % 3 === 0 ? 1 : 0,
);
const patients = Array.from({ length: n }, (_, row) => `P${String(row).padStart(3, '0')}`);
const signal = Float64Array.from(labels, (label) => draw.normal() + 0.9 * (label === 1 ? 1 : 0));
const noise = Float64Array.from(labels, () => draw.normal());
const text = (of: (row: number) => string | undefined) => ({
  ...{ meaning: 'm', measured: 'assigned' as const, type: 'text' as const },
  values: patients.map((_, row) => of(row)),
});
const cohort: Cohort = {
  ...{ id: 'made', title: 'Made', citation: 'none', licence: 'none', synthetic: true },
  patients,
  blocks: {
    one: featureTable(patients, [
      { name: 'one.signal', block: 'one', values: signal },
      { name: 'one.noise', block: 'one', values: noise },
    ]),
    two: featureTable(patients, [{ name: 'two.noise', block: 'two', values: noise }]),
  },
  endpoints: {
    pcr: { id: 'pcr', title: 'pCR', positiveName: 'yes', negativeName: 'no', labels },
  },
  columns: {
    site: text((row) => ['A', 'B', 'C'][Math.floor(row / 100)]),
    split: text((row) => (row % 5 === 0 ? 'test' : row % 5 === 1 ? undefined : 'train')),
    person: text((row) => `q${Math.floor(row / 2)}`),
  },
  ...{ group: 'site', notices: [], excluded: [], inputs: [] },
};
const configOf = (design: object | undefined, more: object = {}): StudyConfig =>
  studyConfigSchema.parse({
    ...{ id: 'made', title: 'Made', cohort: 'made', endpoints: ['pcr'], seed: 3 },
    featureSets: [
      { id: 'one', blocks: ['one'] },
      { id: 'two', blocks: ['two'] },
    ],
    ...{
      partitions: 4,
      pipeline: { booster: { implementation: 'exact', rounds: [20], maxDepth: [2] } },
    },
    ...(design === undefined ? {} : { design }),
    ...more,
  });
const designs = [
  { kind: 'hold-out' },
  { kind: 'hold-out', keepTogether: 'person' },
  { kind: 'k-fold', folds: 4, repeats: 2 },
  { kind: 'k-fold', folds: 4, repeats: 2, keepTogether: 'person' },
  { kind: 'fixed-split', column: 'split', train: ['train'], test: ['test'] },
  { kind: 'leave-one-group-out' },
];
const named = designs.map((design) => [Object.values(design).join(' '), design] as const);
const evaluate = async (config: StudyConfig, of = cohort) => {
  const plan = await planStudy(config, of);
  return { plan, ...(await evaluateStudy(plan, { workers: 1 })) };
};

describe('a study in every design', () => {
  it.each(named)(
    '%s: finds the signal and no more, traces, and says what its intervals are',
    async (_, design) => {
      const out = mkdtempSync(join(tmpdir(), 'nacre-design-'));
      const config = configOf(design);
      const { results } = await runStudy(config, cohort, { out, workers: 1 });
      const [one, two] = results.endpoints[0].featureSets;
      expect(one.summary.auc.mean).toBeGreaterThan(0.62);
      expect(two.summary.auc.mean).toBeLessThan(0.62);
      for (const set of [one, two]) {
        const { mean, low, high } = set.summary.balancedAccuracy;
        expect(low).toBeLessThan(mean);
        expect(high).toBeGreaterThan(mean);
      }
      for (const number of ['pcr/one/auc', 'pcr/one/balancedAccuracy', 'pcr/one:two/auc']) {
        const { checks } = await traceNumber(out, number);
        expect(checks.filter(({ holds }) => !holds)).toEqual([]);
      }
      const methods = methodsText(results, config).paragraphs.join('\n');
      const resampled = ['hold-out', 'k-fold'].includes(design.kind);
      expect(/Nadeau and Bengio/.test(methods)).toBe(resampled);
      expect(/DeLong/.test(methods)).toBe(!resampled);
      expect(one.summary.auc.method).toBe(resampled ? undefined : 'delong');
      expect(resultsTable(results)).not.toMatch(/NaN|undefined|null/);
    },
  );

  it.each(named)('%s: test rows moved by 1e6 change nothing that was fitted', async (_, design) => {
    const config = configOf(design);
    const plan = await planStudy(config, cohort);
    const { outcomes } = await evaluateStudy(plan, { workers: 1 });
    for (const [i, unit] of plan.units.entries()) {
      if (unit.arm !== 0) continue;
      // Labels and table are those of labelled patients; the test rows of this one partition move.
      const known = [...labels.keys()].filter((row) => labels[row] >= 0);
      const moved = unit.partition.test.map((row) => known[row]);
      const shifted = signal.slice();
      for (const row of moved) shifted[row] += 1e6;
      const other: Cohort = {
        ...cohort,
        blocks: {
          ...cohort.blocks,
          one: featureTable(patients, [
            { name: 'one.signal', block: 'one', values: shifted },
            { name: 'one.noise', block: 'one', values: noise },
          ]),
        },
      };
      const again = await planStudy(config, other);
      const only = { ...again, units: [again.units[i]] };
      expect(again.units[i].partition).toEqual(unit.partition);
      const { runUnit } = await import('../../src/study/units.ts');
      const outcome = await runUnit(
        { arms: only.arms, pipeline: config.pipeline, seed: config.seed, engine: 'ml-xgboost' },
        only.units[0],
      );
      expect(outcome.selected).toEqual(outcomes[i].selected);
      expect(outcome.threshold).toBe(outcomes[i].threshold);
      expect(outcome.booster).toEqual(outcomes[i].booster);
    }
  });

  it.each(named)('%s: a permuted outcome ends at chance', async (_, design) => {
    const config = configOf(design, { audit: { permutations: 12, sets: ['one'] } });
    const { results } = await evaluate(config);
    const audit = results.endpoints[0].featureSets[0].audit!;
    expect(audit.permutations).toBe(12);
    expect(Math.abs(audit.mean - 0.5)).toBeLessThan(3 * (audit.standardError as number) + 0.005);
  });

  it('names groups, and gives each of them its own interval', async () => {
    const { results } = await evaluate(configOf({ kind: 'leave-one-group-out' }));
    const [set] = results.endpoints[0].featureSets;
    expect(set.byGroup?.map(({ name, patients: count }) => [name, count])).toEqual([
      ['A', 91],
      ['B', 92],
      ['C', 37],
    ]);
    expect(results.study).toMatchObject({ partitions: 3, design: { kind: 'leave-one-group-out' } });
    expect(resultsTable(results)).toContain('held out');
  });

  it('shuffles labels within the sides of a given split', async () => {
    const { plan } = await evaluate(
      configOf(
        { kind: 'fixed-split', column: 'split', train: ['train'], test: ['test'] },
        { audit: { permutations: 3 } },
      ),
    );
    const [real, ...permuted] = plan.units.filter(({ arm }) => arm === 0);
    const truth = plan.arms[0].labels;
    const positives = (of: Uint8Array, rows: readonly number[]) =>
      rows.reduce((sum, row) => sum + of[row], 0);
    for (const unit of permuted) {
      const shuffled = unit.permutedLabels as Uint8Array;
      expect(Array.from(shuffled)).not.toEqual(Array.from(truth));
      for (const side of [real.partition.train, real.partition.test]) {
        expect(positives(shuffled, side)).toBe(positives(truth, side));
      }
    }
  });

  it.each([
    [{ kind: 'hold-out', keepTogether: 'pair' }, false],
    [{ kind: 'k-fold', folds: 4, repeats: 1, keepTogether: 'pair' }, false],
    [
      {
        ...{ kind: 'fixed-split', column: 'half', keepTogether: 'pair' },
        ...{ train: ['train'], test: ['test'] },
      },
      true,
    ],
  ])('moves labels of the audit with their groups: %o', async (design, inSides) => {
    // Pairs of one outcome each; the patients of every 12th row are unlabelled, so that their partners stand alone.
    const paired: Cohort = {
      ...cohort,
      endpoints: {
        pcr: {
          ...cohort.endpoints.pcr,
          labels: labels.map((label, row) => (label < 0 ? -1 : (row >> 1) % 3 === 0 ? 1 : 0)),
        },
      },
      columns: {
        pair: text((row) => `q${row >> 1}`),
        half: text((row) => (row < 120 ? 'train' : 'test')),
      },
    };
    const plan = await planStudy(configOf(design, { audit: { permutations: 6 } }), paired);
    const rows = [...labels.keys()].filter((row) => labels[row] >= 0);
    const truth = plan.arms[0].labels;
    const permuted = plan.units.flatMap(({ permutedLabels: one }) => one ?? []);
    expect(new Set(permuted.map((one) => one.join(''))).size).toBe(6);
    for (const one of permuted) {
      expect(one.reduce((sum, label) => sum + label, 0)).toBe(
        truth.reduce((sum, label) => sum + label, 0),
      );
      for (let at = 1; at < rows.length; at++) {
        if (rows[at] >> 1 === rows[at - 1] >> 1) expect(one[at]).toBe(one[at - 1]);
      }
    }
    const noted = plan.cohort.assumptions?.filter(({ kind }) => kind === 'audit-by-group');
    expect(noted).toHaveLength(1);
    expect(noted?.[0].found).toBe('pcr: 120 groups by pair, 100 of more than one row');
    expect(noted?.[0].taken.endsWith('of the same side')).toBe(inSides);
    const plain = await planStudy(configOf(undefined, { audit: { permutations: 6 } }), paired);
    expect(plain.cohort.assumptions?.some(({ kind }) => kind === 'audit-by-group')).toBe(false);
  });

  it.each([
    [{ kind: 'leave-one-group-out', column: 'sit' }, 'unknown-name', 'did you mean site?'],
    [{ kind: 'hold-out', keepTogether: 'persn' }, 'unknown-name', 'did you mean person?'],
  ])('refuses a column that is not described: %o', async (design, code, words) => {
    const fault = await planStudy(configOf(design), cohort).catch((error) => error);
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(words);
  });
});
