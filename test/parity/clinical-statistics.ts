import { readFileSync } from 'node:fs';
import { calibrationError } from '../../src/evaluation/calibration-error.ts';
import { decisionCurve } from '../../src/evaluation/decision-curve.ts';
import { mannWhitney } from '../../src/evaluation/mann-whitney.ts';
import { metricsAt } from '../../src/evaluation/metrics.ts';
import { recalibration } from '../../src/evaluation/recalibration.ts';
import { minimumSampleSize } from '../../src/evaluation/sample-size.ts';
import { readJsonModel } from '../../src/learning/xgboost/json-model.ts';
import { treeShap } from '../../src/learning/xgboost/tree-shap.ts';
import { type ParityReport, type ParityRow, relativeDifference } from './parity-row.ts';

interface Golden {
  versions: Record<string, string>;
  sampleSize: {
    name: string;
    prevalence: number;
    parameters: number;
    shrinkage: number;
    coxSnell: number;
    nagelkerke?: number;
    patients: number;
    criteria: number[];
    largestCoxSnell: number;
    eventsPerParameter: number;
  }[];
  curves: {
    name: string;
    labels: number[];
    probabilities: number[];
    thresholds: number[];
    model: number[];
    all: number[];
    brier: number;
    error: number;
    intercept: number;
    slope: number;
  }[];
  ranks: { name: string; values: number[]; labels: number[]; u: number; p: number }[];
  contributions: {
    rows: (number | null)[][];
    contributions: number[][];
    margins: number[];
    model: object;
  };
}

/** Sample size, decision curves, calibration, rank-sum tests and contributions of trees (`bench/peers/reference_clinical.py`). */
export default async function compare(): Promise<ParityReport> {
  const golden: Golden = JSON.parse(
    readFileSync(new URL('../goldens/clinical-statistics.json', import.meta.url), 'utf8'),
  );
  const rows: ParityRow[] = [];
  const add = (name: string, item: string, ours: number, reference: number, tolerance = 1e-9) =>
    rows.push({
      suite: 'clinical statistics',
      case: name,
      item,
      ours,
      reference,
      tolerance: tolerance === 0 ? 'equal' : `${tolerance} relative or absolute`,
      ok:
        ours === reference ||
        Math.abs(ours - reference) <= tolerance ||
        relativeDifference(ours, reference) <= tolerance,
    });
  for (const { name, nagelkerke, coxSnell, ...one } of golden.sampleSize) {
    const title = `pmsampsize, ${name}`;
    const ours = minimumSampleSize({
      ...one,
      ...(nagelkerke === undefined ? { coxSnell } : { nagelkerke }),
    });
    add(title, 'patients', ours.patients, one.patients, 0);
    ours.criteria.forEach(({ patients }, i) => {
      add(title, `criterion ${i + 1}`, patients, one.criteria[i], 0);
    });
    add(title, 'largest R²', ours.largestCoxSnell, one.largestCoxSnell);
    // It rounds to two decimals.
    add(title, 'events per parameter', ours.eventsPerParameter, one.eventsPerParameter, 0.00501);
  }
  for (const one of golden.curves) {
    const curve = decisionCurve(one.labels, one.probabilities, one.thresholds);
    curve.forEach(({ threshold, model, all }, i) => {
      add(`dcurves, ${one.name}`, `model at ${threshold}`, model, one.model[i], 1e-12);
      add(`dcurves, ${one.name}`, `all at ${threshold}`, all, one.all[i], 1e-12);
    });
    const { intercept, slope } = recalibration(one.labels, one.probabilities);
    const title = `calibration, ${one.name}`;
    add(title, 'in the large', intercept, one.intercept);
    add(title, 'slope', slope, one.slope, 1e-6);
    add(title, 'Brier', metricsAt(one.labels, one.probabilities, 0.5).brier, one.brier);
    add(
      title,
      'expected calibration error',
      calibrationError(one.labels, one.probabilities),
      one.error,
    );
  }
  for (const { name, values, labels, u, p } of golden.ranks) {
    const ours = mannWhitney(values, labels);
    add(`scipy mannwhitneyu, ${name}`, 'U', ours.auc * ours.counts[0] * ours.counts[1], u);
    add(`scipy mannwhitneyu, ${name}`, 'p', ours.p ?? Number.NaN, p);
  }
  const { arrays } = readJsonModel(JSON.stringify(golden.contributions.model));
  golden.contributions.rows.forEach((row, i) => {
    const values = Float32Array.from(row, (value) => value ?? Number.NaN);
    const { base, values: shap } = treeShap(arrays, values);
    // XGBoost sums in float32.
    const title = `XGBoost pred_contribs, row ${i + 1}`;
    [...shap, base].forEach((value, c) => {
      add(
        title,
        c < shap.length ? `column ${c}` : 'base',
        value,
        golden.contributions.contributions[i][c],
        2e-6,
      );
    });
    const sum = shap.reduce((total, value) => total + value, base);
    add(title, 'they add up to the margin', sum, golden.contributions.margins[i], 2e-6);
  });
  const versions = Object.entries(golden.versions).map(([name, version]) => `${name} ${version}`);
  return { rows, remarks: [`reference: ${versions.join(', ')}`] };
}
