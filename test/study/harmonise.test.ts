import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { describeAudit } from '../../src/evaluation/audit.ts';
import { predictPortable } from '../../src/learning/portable-pipeline.ts';
import { methodsText } from '../../src/report/methods.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { type StudyConfig, studyConfigSchema } from '../../src/study/config.ts';
import { evaluateStudy, planStudy } from '../../src/study/evaluate-study.ts';
import { modelSchema } from '../../src/study/model-file.ts';
import { openPartition } from '../../src/study/open-partition.ts';
import { predictCohort } from '../../src/study/predict-cohort.ts';
import { runStudy } from '../../src/study/run-study.ts';
import { trainModel } from '../../src/study/train-model.ts';
import { runUnit } from '../../src/study/units.ts';
import { featureTable } from '../../src/table/feature-table.ts';

const n = 180;
const draw = RandomStream.of(8, 'harmonise');
const patients = Array.from({ length: n }, (_, row) => `P${String(row).padStart(3, '0')}`);
const labels = Int8Array.from({ length: n }, () => (draw.next() < 0.4 ? 1 : 0));
/** A and B of many, C of twelve patients. */
const site = patients.map((_, row) => (row % 15 === 0 ? 'C' : row % 2 === 0 ? 'A' : 'B'));
const age = Float64Array.from(patients, () => 35 + Math.round(40 * draw.next()));
const effect: Record<string, [number, number]> = { A: [0, 1], B: [4, 3], C: [-3, 0.5] };
const columns = Array.from({ length: 8 }, (_, c) => ({
  ...{ name: `image.f${c}`, block: 'image' },
  values: Float64Array.from(labels, (label, row) => {
    const [shift, scale] = effect[site[row]];
    return shift + scale * (draw.normal() + (c < 2 ? 1.2 * label : 0));
  }),
}));
const made: Cohort = {
  ...{ id: 'made', title: 'Made', citation: 'none', licence: 'none', synthetic: true },
  patients,
  blocks: {
    image: featureTable(patients, columns),
    clinical: featureTable(patients, [{ name: 'clinical.age', block: 'clinical', values: age }]),
  },
  endpoints: {
    pcr: { id: 'pcr', title: 'pCR', positiveName: 'yes', negativeName: 'no', labels },
  },
  columns: {
    site: { meaning: 'm', measured: 'assigned', type: 'text', values: site },
    age: { meaning: 'm', measured: 'baseline', type: 'number', unit: 'a', values: age },
    later: { meaning: 'm', measured: 'after', type: 'number', unit: 'mm', values: age },
  },
  ...{ group: 'site', notices: [], excluded: [], inputs: [] },
};
const configOf = (harmonise: unknown, more: object = {}): StudyConfig =>
  studyConfigSchema.parse({
    ...{ id: 'made', title: 'Made', cohort: 'made', endpoints: ['pcr'], seed: 3, partitions: 4 },
    featureSets: [
      { id: 'image', blocks: ['image'] },
      { id: 'clinical', blocks: ['clinical'] },
    ],
    pipeline: {
      ...(harmonise === undefined ? {} : { harmonise }),
      booster: { rounds: [20], maxDepth: [2] },
    },
    ...more,
  });
const evaluate = async (config: StudyConfig, cohort = made) => {
  const plan = await planStudy(config, cohort);
  return { plan, ...(await evaluateStudy(plan, { workers: 1 })) };
};

describe('harmonise: combat in a study', () => {
  it('finds more of the signal when sites are brought together, and leaves clinical variables as they were', async () => {
    const { results: raw } = await evaluate(configOf(undefined));
    const { results } = await evaluate(configOf('combat'));
    const auc = (of: typeof raw, set: number) => of.endpoints[0].featureSets[set].summary.auc.mean;
    expect(auc(results, 0)).toBeGreaterThan(auc(raw, 0) + 0.02);
    expect(auc(results, 1)).toBe(auc(raw, 1));
  });

  it('names a small site, and the columns it used', async () => {
    const { plan } = await evaluate(configOf({ method: 'combat', covariates: ['age'] }));
    const kinds = new Map((plan.cohort.assumptions ?? []).map((one) => [one.kind, one.found]));
    expect(kinds.get('small-site')).toMatch(
      /pcr: site C with \d+ to \d+ training rows|site C with 9/,
    );
    expect(kinds.get('harmonised-with-covariates')).toBe('age');
  });

  it('test rows moved by 1e6 change nothing that was fitted', async () => {
    const config = configOf('combat');
    const plan = await planStudy(config, made);
    const [unit] = plan.units;
    const setup = { pipeline: config.pipeline, seed: config.seed, engine: 'ml-xgboost' };
    const outcome = await runUnit({ ...setup, arms: plan.arms }, unit);
    const moved = featureTable(
      patients,
      columns.map((column) => {
        const values = column.values.slice();
        for (const row of unit.partition.test) values[row] += 1e6;
        return { ...column, values };
      }),
    );
    const other = { ...made, blocks: { ...made.blocks, image: moved } };
    const again = await planStudy(config, other);
    const changed = await runUnit({ ...setup, arms: again.arms }, again.units[0]);
    expect(changed.selected).toEqual(outcome.selected);
    expect(changed.threshold).toBe(outcome.threshold);
    expect(changed.probabilities).not.toEqual(outcome.probabilities);
  });

  it('a permuted outcome ends at chance', async () => {
    const { results } = await evaluate(
      configOf('combat', { audit: { permutations: 12, sets: ['image'] } }),
    );
    const audit = results.endpoints[0].featureSets[0].audit!;
    expect(Math.abs(audit.mean - 0.5)).toBeLessThan(3 * (audit.standardError as number) + 0.005);
    expect(audit.remark).toBeUndefined();
  });

  it('with the outcome is reported in the notices, the assumptions, the audit and the methods', async () => {
    const config = configOf(
      { method: 'combat', outcome: true },
      { audit: { permutations: 2, sets: ['image'] } },
    );
    const { results, plan } = await evaluate(config);
    expect(results.cohort.notices.join()).toContain('harmonise.outcome: true');
    expect(plan.cohort.assumptions?.map(({ kind }) => kind)).toContain('harmonised-with-outcome');
    const audit = results.endpoints[0].featureSets[0].audit!;
    expect(describeAudit(audit)).toContain('harmonise.outcome');
    expect(methodsText(results, config).paragraphs.join()).toContain('preserving the outcome');
  });

  it('a site that is held out is refused, or passed and listed', async () => {
    const design = { kind: 'leave-one-group-out' };
    await expect(planStudy(configOf('combat', { design }), made)).rejects.toMatchObject({
      code: 'unknown-site',
    });
    const { plan } = await evaluate(
      configOf(
        { method: 'combat', unknownSite: 'pass' },
        { design, featureSets: [{ id: 'image', blocks: ['image'] }] },
      ),
    );
    const listed = (plan.cohort.assumptions ?? []).filter(({ kind }) => kind === 'not-harmonised');
    expect(listed).toHaveLength(3);
    const found = listed.map((one) => one.found).join();
    for (const name of ['A', 'B', 'C']) expect(found).toContain(`of site ${name}, which 1 of 3`);
  });

  it('a patient without a site is refused by name, or passed and listed by name', async () => {
    const gap = {
      ...made,
      columns: {
        ...made.columns,
        site: {
          ...made.columns!.site,
          values: site.map((one, row) => (row === 9 ? undefined : one)),
        },
      },
    } as Cohort;
    await expect(planStudy(configOf('combat'), gap)).rejects.toMatchObject({
      code: 'unknown-site',
      facts: { patient: 'P009' },
    });
    const { plan } = await evaluate(configOf({ method: 'combat', unknownSite: 'pass' }), gap);
    expect(plan.cohort.assumptions).toContainEqual(
      expect.objectContaining({ kind: 'not-harmonised', patient: 'P009' }),
    );
  });

  it.each<[string, object, string]>([
    ['a covariate measured later', { covariates: ['later'] }, 'leaking-predictor'],
    ['a column that is not there', { by: 'scanner' }, 'unknown-name'],
    ['a site of numbers', { by: 'age' }, 'bad-config'],
  ])('refuses %s', async (_, more, code) => {
    const config = configOf({ method: 'combat', ...more });
    await expect(planStudy(config, made)).rejects.toMatchObject({ code });
  });

  it('is in the trained model: predictions are those of the pipeline, from the file too', async () => {
    const out = mkdtempSync(join(tmpdir(), 'nacre-harmonise-'));
    const config = configOf({ method: 'combat', covariates: ['age'] });
    const run = await runStudy(config, made, { out, workers: 1 });
    const opened = await openPartition({ config, cohort: made }, run, { featureSet: 'image' });
    expect(opened.agreesWithRun).toBe(true);
    const trained = await trainModel(config, made, { endpoint: 'pcr', featureSet: 'image' });
    const model = modelSchema.parse(JSON.parse(JSON.stringify(trained)));
    expect(model.pipeline.harmonise).toMatchObject({ by: 'site', sites: ['A', 'B', 'C'] });
    const answers = await predictCohort(model, made);
    expect(answers.refused).toEqual([]);
    const row = 7;
    const values = new Map(columns.map(({ name, values }) => [name, values[row]]));
    const one = (place: object) => predictPortable(model.pipeline, values, place).probability;
    expect(one({ site: site[row], covariates: { age: age[row] } })).toBe(
      answers.predictions[row].probability,
    );
    expect(one({ site: 'A', covariates: { age: 50 } })).not.toBe(
      one({ site: 'B', covariates: { age: 50 } }),
    );
    expect(() => one({ site: 'Z' })).toThrow(expect.objectContaining({ code: 'unknown-site' }));
    const elsewhere = {
      ...made,
      columns: {
        ...made.columns,
        site: { ...made.columns!.site, values: site.map((s) => (s === 'C' ? 'Z' : s)) },
      },
    } as Cohort;
    const there = await predictCohort(model, elsewhere);
    expect(there.refused).toHaveLength(12);
    expect(there.refused[0]).toMatchObject({ code: 'unknown-site', patient: 'P000' });
    const passing = {
      ...model,
      pipeline: {
        ...model.pipeline,
        harmonise: { ...model.pipeline.harmonise!, unknownSite: 'pass' as const },
      },
    };
    const passed = await predictCohort(passing, elsewhere);
    expect(passed.refused).toEqual([]);
    expect(passed.predictions[0].remarks.join()).toContain('not harmonised');
  });
});
