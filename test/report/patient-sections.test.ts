import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeColumns } from '../../src/evaluation/describe-columns.ts';
import { minimumSampleSize } from '../../src/evaluation/sample-size.ts';
import { contributionsOf } from '../../src/report/figures/shap-summary.ts';
import { figures } from '../../src/report/figures.ts';
import { type OpenedRun, openRun } from '../../src/report/open-run.ts';
import { groupText } from '../../src/report/patient-tables.ts';
import { tables } from '../../src/report/tables.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { writeJson } from '../../src/study/run-folder.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

let run: OpenedRun;
let page: string;
beforeAll(async () => {
  const folder = writeSyntheticRun(mkdtempSync(join(tmpdir(), 'nacre-patients-')));
  const { results } = await openRun(folder);
  const labels = Uint8Array.from({ length: 156 }, (_, i) => (i < 46 ? 1 : 0));
  const values = (of: (i: number) => number) => Float64Array.from(labels, (_, i) => of(i));
  results.endpoints[0].description = describeColumns(
    [
      { name: 'clinical.age', block: 'clinical', values: values((i) => 40 + (i % 30)) },
      { name: 'clinical.her2', block: 'clinical', values: values((i) => (i < 23 ? 1 : 0)) },
      { name: 'clinical.ki67', block: 'clinical', values: values((i) => (i % 4 ? i : Number.NaN)) },
      {
        name: 'ceT1.intra.x',
        block: 'radiomics',
        modality: 'ceT1',
        region: 'intra',
        values: values((i) => i),
      },
    ],
    labels,
  );
  results.endpoints[0].featureSets[0].learningCurve = [0.5, 1].map((share) => ({
    share,
    trainPatients: 124 * share,
    metrics: {
      balancedAccuracy: { mean: 0.6, values: [0.5, 0.7] },
      auc: { mean: 0.6, values: [0.5, 0.7] },
    },
  }));
  writeJson(join(folder, 'results.json'), results);
  run = await openRun(folder);
  const { report } = await writeReport(folder, { pictures: false });
  page = readFileSync(report, 'utf8');
});

describe('Table 1', () => {
  it('counts a yes or no, gives quartiles of a number, leaves out image features', () => {
    const rows = tables.tableOne(run);
    expect(rows.map(({ variable }) => variable)).toEqual(['age', 'her2', 'ki67']);
    expect(rows[1]).toMatchObject({
      'all (156)': '23 (15%)',
      'pCR (46)': '23 (50%)',
      'non-pCR (110)': '0 (0%)',
      missing: 0,
    });
    expect(rows[2].missing).toBe(39);
    expect(groupText({ known: 3, missing: 0, quartiles: [1.23456, 2, 1234.5] })).toBe(
      '2 (1.23 to 1230)',
    );
  });
});

describe('beside the accuracy', () => {
  it('missing values are shares of each class', () => {
    const [row] = tables.missingValues(run);
    expect(row).toMatchObject({ variable: 'clinical.ki67', missing: 39, pCR: 12 / 46 });
    expect(row['non-pCR']).toBeCloseTo(27 / 110, 12);
  });

  it('single features carry q over all columns tested, and say that they are descriptive', () => {
    const rows = tables.univariate(run);
    expect(rows).toHaveLength(4);
    expect(rows[0].q).toBeGreaterThanOrEqual(Number(rows[0].p));
    expect(figures.univariate(run).caption).toMatch(/^Descriptive: .*all 4 columns tested/);
  });

  it('the minimum sample size is that of Riley et al. for the candidates', () => {
    const [row] = tables.sampleSize(run);
    const { patients } = minimumSampleSize({
      parameters: 12,
      prevalence: 46 / 156,
      nagelkerke: 0.15,
    });
    expect(row).toMatchObject({ events: 46, candidates: 12, 'minimum patients': patients });
    // Of pmsampsize's documentation: chronic Chagas disease.
    const known = { parameters: 24, prevalence: 0.174, coxSnell: 0.288 };
    expect(minimumSampleSize(known)).toMatchObject({ patients: 662, events: 116 });
    expect(() => minimumSampleSize({ ...known, coxSnell: 0.95 })).toThrow(/R² below/);
  });

  it('the flow of patients adds up', () => {
    const steps = tables.flow(run);
    expect(steps.map(({ patients }) => patients)).toEqual([161, 1, 160, 4, 156, 156]);
    expect(figures.patientFlow(run).caption).toContain('no pathology <report>');
  });

  it('a decision curve starts at the prevalence and treats all at a low threshold', () => {
    const { data } = figures.decisionCurve(run, { featureSets: ['clinical'] });
    const [all, none, model] = data as { name: string; y: number[] }[];
    expect([all.name, none.name, model.name]).toEqual(['treat all', 'treat none', 'by the model']);
    expect(new Set(none.y)).toEqual(new Set([0]));
    expect(model.y[0]).toBeCloseTo(all.y[0], 5);
    expect(all.y[0]).toBeCloseTo(9 / 31 - (22 / 31) * (0.01 / 0.99), 4);
  });

  it('contributions count a partition that did not keep the feature as 0', () => {
    const row = { endpoint: 'pcr', featureSet: 'clinical', patient: 'A', value: 1, base: 0 };
    const own = {
      ...run,
      contributions: [
        { ...row, partition: 0, feature: 'a', contribution: -2 },
        { ...row, partition: 1, feature: 'b', contribution: 0.5 },
      ],
    };
    expect(contributionsOf(own, 'pcr', 'clinical')).toMatchObject([
      { feature: 'a', meanSize: 1 },
      { feature: 'b', meanSize: 0.25 },
    ]);
    expect(figures.shapSummary(own).data).toHaveLength(1);
    expect(figures.shapSummary(run).caption).toContain('earlier version');
  });

  it('stands in the report, and only where the run has it', () => {
    for (const what of ['patients', 'calibration', 'sample-size', 'univariate', 'learning-curve']) {
      expect(page).toContain(`id="pcr-section-${what}"`);
    }
    for (const title of ['expected calibration error', 'slope', 'in the large', 'minimum']) {
      expect(page).toContain(title);
    }
    expect(page).not.toContain('id="pcr-section-shap"');
    expect(page).not.toContain('id="response-section-learning-curve"');
  });
});

it('no number of a table has a hyphen for a minus', () => {
  const cells = [...page.matchAll(/<td[^>]*>(?:<[^>]*>)*([-−]?\d[^<]*)</g)].map(([, text]) => text);
  expect(cells.filter((text) => text.startsWith('−')).length).toBeGreaterThan(2);
  expect(cells.filter((text) => text.startsWith('-'))).toEqual([]);
});
