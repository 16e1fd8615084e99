import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { figures } from '../../src/report/figures.ts';
import { type OpenedRun, openRun } from '../../src/report/open-run.ts';
import type { ModelEvaluation } from '../../src/study/evaluate-model.ts';
import { writeSyntheticRun } from './synthetic-run.ts';

interface Trace {
  mode: string;
  name?: string;
  x: number[];
  y: number[];
  error_y?: { array: number[] };
}
const traces = (figure: { data: unknown[] }) => figure.data as Trace[];

let run: OpenedRun;
beforeAll(async () => {
  run = await openRun(writeSyntheticRun(mkdtempSync(join(tmpdir(), 'nacre-curves-'))));
});

it('a learning curve has a line for each set with one; the caption states where there is none', () => {
  expect(figures.learningCurve(run).caption).toContain('asks for no learning curve');
  const other = structuredClone(run);
  const [set] = other.results.endpoints[0].featureSets;
  const point = (trainPatients: number, values: number[]) => ({
    trainPatients,
    metrics: { balancedAccuracy: { mean: values.reduce((a, b) => a + b) / values.length, values } },
  });
  set.learningCurve = [point(20, [0.5, 0.7]), point(40, [0.7, 0.7])] as never;
  const [line, ...more] = traces(figures.learningCurve(other));
  expect(more).toEqual([]);
  expect(line.name).toBe(set.title);
  expect(line.x).toEqual([20, 40]);
  expect(line.y.map((y) => y.toFixed(3))).toEqual(['0.600', '0.700']);
  expect(line.error_y?.array[0]).toBeCloseTo(Math.SQRT2 / 10, 12);
  expect(line.error_y?.array[1]).toBe(0);
});

it('a model asked elsewhere: its ROC curve, the point of its threshold, its calibration', () => {
  const value = (number: number) => ({ value: number, low: 0, high: 1 });
  const patients = Array.from({ length: 40 }, (_, i) => ({
    patient: `P${i}`,
    label: i % 2,
    probability: i % 2 === 1 ? 0.6 + i / 200 : 0.1 + i / 200,
  }));
  const evaluation = {
    model: { title: 'clinical', endpoint: { positiveName: 'pCR' } },
    cohort: { title: 'elsewhere', synthetic: true },
    patients: [...patients, { patient: 'unknown', label: null, probability: 0.5 }],
    results: {
      threshold: 0.5,
      patients: 40,
      positives: 20,
      metrics: {
        sensitivity: value(1),
        specificity: value(0.9),
        auc: value(1),
        brier: value(0.05),
      },
    },
  } as unknown as ModelEvaluation;
  const figure = figures.elsewhere(evaluation);
  const drawn = traces(figure);
  const curve = drawn.find(({ name }) => name === 'clinical');
  expect(curve?.x.at(-1)).toBe(1);
  // Every positive stands above every negative: the curve goes up at 0.
  expect(curve?.y[curve.x.lastIndexOf(0)]).toBe(1);
  const point = drawn.find(({ mode }) => mode === 'markers');
  expect([point?.x, point?.y]).toEqual([[0.1], [1]]);
  const calibrated = drawn.filter(({ mode }) => mode === 'lines+markers');
  expect(calibrated).toHaveLength(1);
  expect(calibrated[0].x).toHaveLength(5);
  expect(JSON.stringify(figure.layout)).toContain('SYNTHETIC');
  // A long title of a cohort takes lines of its own, and no word is lost.
  const title = `A cohort of ${'many words '.repeat(12)}and its end`;
  const only = { column: 'site', values: ['north', 'south'] };
  const long = { ...evaluation, cohort: { ...evaluation.cohort, title, synthetic: false, only } };
  const { layout } = figures.elsewhere(long as ModelEvaluation);
  const { text } = (layout.title as { subtitle: { text: string } }).subtitle;
  const lines = text.split('<br>');
  expect(lines.slice(0, -1).join(' ')).toBe(title);
  expect(lines.at(-1)).toBe('site north or south · 40 patients, 20 pCR');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(115);
  expect(layout.height - figure.layout.height).toBe(18 * (lines.length - 1));
});
