import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { madeByNacre } from '../../src/cohort/made-by-nacre.ts';
import { rocAuc } from '../../src/evaluation/metrics.ts';
import { calibrationBins } from '../../src/report/figures/calibration.ts';
import { averageCurves, rocCurve } from '../../src/report/figures/roc.ts';
import { openRun, predictionsByPartition } from '../../src/report/open-run.ts';
import { resultsTable } from '../../src/report/results-table.ts';
import { sourceAndLicence } from '../../src/report/said-once.ts';
import { allFigures, writeReport } from '../../src/report/write-report.ts';
import { numbersOf } from '../../src/study/trace.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

const hostile = '</script><img src=x onerror=alert(1)>';
const place = () => mkdtempSync(join(tmpdir(), 'nacre-report-'));

it('writes one self-contained page, the same bytes for the same run, data escaped', async () => {
  const cohort = { title: hostile, excluded: [{ patient: 'P1', reason: hostile }] };
  const [a, b] = [writeSyntheticRun(place(), cohort), writeSyntheticRun(place(), cohort)];
  const pages = [];
  for (const folder of [a, b]) {
    const { report } = await writeReport(folder, { pictures: false });
    pages.push(readFileSync(report, 'utf8'));
  }
  expect(pages[0] === pages[1]).toBe(true);
  expect(pages[0].includes(hostile)).toBe(false);
  expect(/<(script|link|img)[^>]+(src|href)=/.test(pages[0].slice(0, 20_000))).toBe(false);
  expect(pages[0]).toContain('SYNTHETIC patients');
});

it('lists who was left out before all else, and no number without a trail', async () => {
  const run = await openRun(writeSyntheticRun(place()));
  const { report } = await writeReport(run.folder, { pictures: false });
  const page = readFileSync(report, 'utf8');
  expect(page.indexOf('S003')).toBeGreaterThan(page.indexOf('Patients left out: 1'));
  expect(page.indexOf('S003')).toBeLessThan(page.indexOf('SYNTHETIC patients'));
  const clickable = [...page.matchAll(/data-trace="([^"]+)"/g)].map(([, number]) => number);
  const known = new Set(numbersOf(run.results.endpoints));
  expect(clickable.length).toBeGreaterThan(30);
  expect(clickable.filter((number) => !known.has(number))).toEqual([]);
});

it('says in sentences where the patients come from', async () => {
  expect(sourceAndLicence(madeByNacre)).toBe(
    'Made by nacre from a seed; there is nothing to cite. Licence: CC0-1.0.',
  );
  const { report } = await writeReport(writeSyntheticRun(place()), { pictures: false });
  expect(readFileSync(report, 'utf8')).toContain(
    'patients. Drawn from normal distributions by a test. Licence: MIT.',
  );
});

it('shows the assumptions near the top, warnings first, long kinds folded, data escaped', async () => {
  const folder = writeSyntheticRun(place());
  const rest = { taken: hostile, why: 'a rule' };
  const many = {
    kind: 'geometry-conflict',
    patients: Array.from({ length: 30 }, (_, i) => `S${100 + i}`),
    found: 'two spacings',
    ...rest,
  };
  const warning = { kind: 'id-space', level: 'warning', found: 'a blank', ...rest };
  writeFileSync(join(folder, 'assumptions.json'), JSON.stringify([many, warning]));
  const { report } = await writeReport(folder, { pictures: false });
  const page = readFileSync(report, 'utf8');
  expect(page.includes(hostile)).toBe(false);
  const at = page.indexOf('Assumptions: 31');
  expect(at).toBeGreaterThan(0);
  expect(at).toBeLessThan(page.indexOf('<h2>Cohort</h2>'));
  expect(page.indexOf('Warning: id space, 1 record')).toBeGreaterThan(at);
  const folded = '<details><summary>geometry conflict, 30 records, 30 patients</summary>';
  expect(page.indexOf(folded)).toBeGreaterThan(page.indexOf('Warning: id space'));
  expect(page).toContain('S119 and 10 more');
});

it('draws up the paper table: tests against the reference, published numbers in their rows', async () => {
  const folder = writeSyntheticRun(place());
  const { results } = await openRun(folder);
  const [endpoint] = results.endpoints;
  const [pair] = endpoint.comparisons;
  const asked = {
    ...results,
    endpoints: [
      {
        ...endpoint,
        table: { reference: 'clinical', sets: ['radiomics', 'clinical'] },
        reachable: { clinical: 0.681 },
        published: [{ label: 'A', source: 'B', set: 'radiomics', balancedAccuracy: 0.779 }],
      },
    ],
  };
  const lines = resultsTable(asked).split('\n');
  const row = (title: string) => lines.find((line) => line.startsWith(title))?.split(/ {2,}/) ?? [];
  expect(row('features').slice(-4)).toEqual([
    'Clinical minus it',
    'p (Holm)',
    'best reachable',
    'published',
  ]);
  const shown = `${pair.difference < 0 ? '-' : '+'}${(100 * Math.abs(pair.difference)).toFixed(1)}`;
  expect(row('Radiomics ').slice(-4)).toEqual([shown, pair.p?.toFixed(3), '–', '77.9']);
  expect(row('Clinical').slice(-4)).toEqual(['–', '–', '–', '–']);
});

it('names every figure once and says synthetic in every subtitle', async () => {
  const run = await openRun(writeSyntheticRun(place()));
  const drawn = allFigures(run);
  expect(new Set(drawn.map((figure) => figure.name)).size).toBe(drawn.length);
  for (const { layout } of drawn) expect(JSON.stringify(layout.title)).toContain('SYNTHETIC');
});

it('draws ROC curves whose area is the AUC, and a mean between the curves', async () => {
  const run = await openRun(writeSyntheticRun(place()));
  const partitions = predictionsByPartition(run, 'pcr', 'clinical');
  const curves = partitions.map(rocCurve);
  curves.forEach(({ falsePositive: x, truePositive: y }, i) => {
    let area = 0;
    for (let k = 1; k < x.length; k++) area += ((x[k] - x[k - 1]) * (y[k] + y[k - 1])) / 2;
    const rows = partitions[i];
    const labels = rows.map((row) => row.label);
    const scores = rows.map((row) => row.probability);
    expect(area).toBeCloseTo(rocAuc(labels, scores), 12);
  });
  const { mean } = averageCurves(curves);
  expect(mean[0]).toBe(0);
  expect(mean[100]).toBe(1);
  for (let k = 1; k < mean.length; k++) expect(mean[k]).toBeGreaterThanOrEqual(mean[k - 1]);
});

it('bins every prediction once', async () => {
  const run = await openRun(writeSyntheticRun(place()));
  const partitions = predictionsByPartition(run, 'pcr', 'clinical');
  const bins = calibrationBins(partitions, 5);
  expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(partitions.flat().length);
  const shown = bins.reduce((sum, bin) => sum + bin.observed * bin.count, 0);
  expect(shown).toBeCloseTo(partitions.flat().filter((row) => row.label === 1).length, 9);
});

it('refuses a folder that holds no run', async () => {
  await expect(writeReport(place())).rejects.toThrow('no finished run here');
});
