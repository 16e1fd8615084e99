import { readFileSync } from 'node:fs';
import { evaluatePartition } from '../../src/evaluation/evaluate-partition.ts';
import { Imputer } from '../../src/learning/imputer.ts';
import { fitLasso } from '../../src/learning/logistic/lasso-logistic.ts';
import type { Penalty } from '../../src/learning/logistic/logistic-settings.ts';
import { fitRidge } from '../../src/learning/logistic/ridge-logistic.ts';
import { pipelineConfig } from '../../src/learning/pipeline-config.ts';
import { Scaler } from '../../src/learning/scaler.ts';
import { VarianceFilter } from '../../src/learning/variance-filter.ts';
import { allTraining, everyFifth, lcgTable } from '../learning/lcg-table.ts';
import type { ParityReport, ParityRow } from './parity-row.ts';

interface Golden {
  versions: Record<string, string>;
  fits: {
    name: string;
    rows: number;
    columns: number;
    penalty: Penalty;
    c: number;
    positiveWeight: number;
    intercept: number;
    coefficients: number[];
  }[];
  pipelines: {
    partition: number;
    penalty: Penalty;
    c: number;
    selected: number[];
    coefficients: number[];
    probabilities: number[];
    metrics: Record<string, number>;
  }[];
}

const tolerance = 1e-6;

/** Ridge and lasso logistic regression beside scikit-learn's (`bench/peers/reference_logistic.py`): fits, and the whole pipeline. */
export default async function compare(): Promise<ParityReport> {
  const golden: Golden = JSON.parse(
    readFileSync(new URL('../goldens/logistic.json', import.meta.url), 'utf8'),
  );
  const rows: ParityRow[] = [];
  const add = (name: string, item: string, ours: number, reference: number) =>
    rows.push({
      suite: 'logistic',
      case: name,
      item,
      ours,
      reference,
      tolerance: '1e-6',
      // Absolute: coefficients per standard deviation and probabilities; a lasso holds many zeros.
      ok: Math.abs(ours - reference) <= tolerance,
    });
  const { table, labels } = lcgTable();
  let prepared = allTraining(table, labels);
  for (const step of [new Imputer('median'), new VarianceFilter(0), new Scaler()]) {
    prepared = step.fit(prepared).transform(prepared);
  }
  for (const fit of golden.fits) {
    const columns = prepared.columns
      .slice(0, fit.columns)
      .map(({ values }) => values.slice(0, fit.rows));
    const task = {
      columns,
      labels: labels.slice(0, fit.rows),
      positiveWeight: fit.positiveWeight,
      c: fit.c,
    };
    const ours = fit.penalty === 'ridge' ? fitRidge(task) : fitLasso(task);
    const title = `${fit.penalty}, ${fit.rows} × ${fit.columns}, C ${fit.c}`;
    add(title, 'intercept', ours.intercept, fit.intercept);
    fit.coefficients.forEach((coefficient, j) => {
      add(title, prepared.columns[j].name, ours.coefficients[j], coefficient);
    });
  }
  for (const one of golden.pipelines) {
    const config = pipelineConfig({
      correlationThreshold: 0.95,
      mrmr: { features: 20 },
      rfe: { features: 6 },
      classifier: one.penalty,
      logistic: { c: [one.c] },
    });
    const partition = everyFifth(labels.length, one.partition);
    const { selected, probabilities, metrics } = await evaluatePartition(table, labels, partition, {
      config,
      seed: 1,
      name: 'parity',
    });
    const title = `${one.penalty}, whole pipeline, 5 partitions`;
    one.selected.forEach((column, j) => {
      const { name } = table.columns[column];
      const ours = selected.find(({ feature }) => feature === name)?.coefficient ?? Number.NaN;
      add(title, `partition ${one.partition}, ${name}`, ours, one.coefficients[j]);
    });
    one.probabilities.forEach((probability, i) => {
      add(title, `partition ${one.partition}, test row ${i}`, probabilities[i], probability);
    });
    for (const [metric, value] of Object.entries(one.metrics)) {
      const ours = metrics[metric as keyof typeof metrics];
      add(title, `partition ${one.partition}, ${metric}`, ours, value);
    }
  }
  const versions = Object.entries(golden.versions).map(([name, version]) => `${name} ${version}`);
  return { rows, remarks: [`reference: ${versions.join(', ')}`] };
}
