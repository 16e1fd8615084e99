import { beforeAll, describe, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { evaluateModel } from '../../src/study/evaluate-model.ts';
import type { TrainedModel } from '../../src/study/model-file.ts';
import { predictCohort } from '../../src/study/predict-cohort.ts';
import { predictPatient } from '../../src/study/predict-patient.ts';
import { trainingPatients } from '../../src/study/training-patients.ts';
import { faultOf } from '../cohort/small-cohort.ts';
import { type Centre, trainedAt, writeCentre } from './two-centres.ts';

const home = writeCentre({ seed: 1 });
let model: TrainedModel;
beforeAll(async () => {
  model = await trainedAt(home);
});

const away = (more: Omit<Centre, 'seed'> = {}) =>
  loadCohort(writeCentre({ seed: 2, prefix: 'Q', ...more }));
const quick = { resamples: 40 };

/** A row with one cell changed. */
const put = (row: (string | number)[], at: number, value: string | number) =>
  row.map((cell, i) => (i === at ? value : cell));

describe('predictCohort', () => {
  it('gives each patient the probability that predictPatient gives', async () => {
    const cohort = await away({ patients: 12 });
    const { predictions, refused, features } = await predictCohort(model, cohort);
    expect(refused).toEqual([]);
    expect(features).toBe('none');
    const clinical = cohort.blocks.clinical.columns;
    const at = (name: string, row: number) =>
      clinical.find((column) => column.name === `clinical.${name}`)?.values[row];
    for (const [row, { probability }] of predictions.entries()) {
      const alone = await predictPatient(model, {
        scans: {},
        clinical: {
          age: String(at('age', row)),
          her2: String(at('her2', row)),
          size: String(at('size', row)),
          subtype: at('subtype=basal', row) === 1 ? 'basal' : 'luminal',
        },
      });
      expect(probability).toBe(alone.probability);
    }
  });

  it('refuses one patient with the reason and predicts the others as before', async () => {
    const plain = await predictCohort(model, await away({ patients: 10 }));
    const { predictions, refused } = await predictCohort(
      model,
      await away({
        patients: 10,
        rows: (row, i) => (i === 2 ? put(row, 2, '') : i === 5 ? put(row, 5, 25e6) : row),
      }),
    );
    expect(refused.map(({ patient, code }) => [patient, code])).toEqual([
      ['Q003', 'feature-missing'],
      ['Q006', 'outside-training'],
    ]);
    expect(refused[0].reason).toContain('age');
    // Values of other patients, however far off, move nobody's prediction.
    expect(predictions).toEqual(
      plain.predictions.filter(({ patient }) => !['Q003', 'Q006'].includes(patient)),
    );
  });

  it('refuses a category that training did not know, for that patient alone', async () => {
    const cohort = await away({
      patients: 10,
      rows: (row, i) => (i === 1 ? put(row, 4, 'her2') : row),
      manifest: (manifest) => {
        manifest.tables[0].columns.subtype.coding.her2 = 'HER2-enriched';
      },
    });
    const { refused } = await predictCohort(model, cohort);
    expect(refused.map(({ patient, code }) => [patient, code])).toEqual([['Q002', 'unknown-name']]);
  });

  it('compares meanings, not codes: other code numbers are the same, a word turned round is refused', async () => {
    const plain = await predictCohort(model, await away({ patients: 10 }));
    const swap = (coding: Record<string, string>, one: string) =>
      away({
        patients: 10,
        rows: (row) => put(row, 3, row[3] === 1 ? 7 : 9),
        manifest: (manifest) => {
          Object.assign(manifest.tables[0].columns.her2, { coding, one });
        },
      });
    const same = await swap({ 7: 'positive', 9: 'negative' }, '7');
    expect((await predictCohort(model, same)).predictions).toEqual(plain.predictions);
    const turned = await faultOf(
      predictCohort(model, await swap({ 7: 'positive', 9: 'negative' }, '9')),
    );
    expect(turned.code).toBe('other-coding');
    expect(turned.message).toContain('her2');
    const otherWords = await predictCohort(model, await swap({ 7: 'amplified', 9: 'not' }, '7'));
    expect(otherWords.assumptions.map(({ kind }) => kind)).toContain('coding-unlike-training');
  });

  it('refuses a cohort that lacks a variable, naming it and what is there', async () => {
    const cohort = await away({
      manifest: (manifest) => {
        manifest.predictors = ['age', 'her2', 'subtype'];
      },
    });
    const fault = await faultOf(predictCohort(model, cohort));
    expect(fault.code).toBe('feature-missing');
    expect(fault.message).toContain('size');
    expect(fault.message).toContain('age, her2, subtype');
  });
});

describe('evaluateModel', () => {
  it('finds the signal again at another centre, with intervals and calibration', async () => {
    const evaluation = await evaluateModel(model, await away(), quick);
    const { results } = evaluation;
    expect(results.patients).toBe(120);
    expect(results.metrics.auc.low).toBeGreaterThan(0.5);
    expect(results.metrics.balancedAccuracy.low).toBeGreaterThan(0.5);
    expect(evaluation.patients).toHaveLength(120);
    expect(evaluation.refused).toEqual([]);
    expect(await evaluateModel(model, await away(), quick)).toEqual(evaluation);
  });

  it('ends at chance where the outcome was dealt without regard to the features', async () => {
    const nothing = await trainedAt(writeCentre({ seed: 5, permuted: true }));
    const { results } = await evaluateModel(nothing, await away({ patients: 300 }), quick);
    const noAnswer = await evaluateModel(
      model,
      await away({ patients: 300, permuted: true }),
      quick,
    );
    for (const { auc } of [results.metrics, noAnswer.results.metrics]) {
      expect(auc.value).toBeGreaterThan(0.35);
      expect(auc.value).toBeLessThan(0.65);
    }
    expect(noAnswer.results.metrics.auc.low).toBeLessThan(0.5);
  });

  it('reads outcomes for the numbers alone: predictions do not depend on them', async () => {
    const plain = await evaluateModel(model, await away(), quick);
    const turned = await evaluateModel(
      model,
      await away({ rows: (row) => put(row, 6, 1 - Number(row[6])) }),
      quick,
    );
    const probabilities = (of: typeof plain) => of.patients.map(({ probability }) => probability);
    expect(probabilities(turned)).toEqual(probabilities(plain));
    expect(turned.results.metrics.auc.value).toBeCloseTo(1 - plain.results.metrics.auc.value, 12);
  });

  it('counts unknown outcomes apart', async () => {
    const { results, unknownOutcome, patients } = await evaluateModel(
      model,
      await away({ rows: (row, i) => (i < 20 ? put(row, 6, '') : row) }),
      quick,
    );
    expect([results.patients, unknownOutcome, patients.length]).toEqual([100, 20, 120]);
    const fault = await faultOf(
      evaluateModel(
        model,
        await away({ rows: (row, i) => (i < 100 ? put(row, 2, '') : put(row, 6, '')) }),
        quick,
      ),
    );
    expect(fault.code).toBe('no-outcome');
  });

  it('leaves out the patients that the model was trained on, and refuses where they are all', async () => {
    const north = { column: 'site', values: ['north'] };
    const ofNorth = await trainedAt(home, north);
    const trainedOn = [await trainingPatients(ofNorth, home)];
    expect(trainedOn[0].certainty).toBe('known');
    expect(trainedOn[0].patients.size).toBe(40);
    const { results, refused } = await evaluateModel(ofNorth, await loadCohort(home), {
      ...quick,
      trainedOn,
    });
    expect(results.patients).toBe(80);
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['training-patient']));
    const own = await loadCohort(home, { only: north });
    const fault = await faultOf(evaluateModel(ofNorth, own, { ...quick, trainedOn }));
    expect(fault.code).toBe('training-patients');
    // Another cohort: nothing is known, nobody is left out.
    const other = writeCentre({ seed: 2, prefix: 'Q' });
    expect(await trainingPatients(ofNorth, other)).toMatchObject({ certainty: 'unknown' });
  });

  it('compares a second model on the patients that both predict', async () => {
    const rival = await trainedAt(writeCentre({ seed: 5, permuted: true }));
    const cohort = await away({ rows: (row, i) => (i === 0 ? put(row, 2, '') : row) });
    const { comparison, results } = await evaluateModel(model, cohort, { ...quick, rival });
    expect(comparison?.patients).toBe(results.patients);
    expect(comparison?.auc.a.auc).toBeCloseTo(results.metrics.auc.value, 12);
    expect(comparison?.auc.p).toBeLessThan(0.01);
    expect(comparison?.classes.onlyFirst).toBeGreaterThan(comparison?.classes.onlySecond ?? 0);
  });
});
