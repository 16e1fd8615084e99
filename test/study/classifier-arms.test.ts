import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { syntheticTable } from '../../src/cohort/synthetic-table.ts';
import { holm } from '../../src/evaluation/holm.ts';
import { metricNames } from '../../src/evaluation/metrics.ts';
import { predictPortable } from '../../src/learning/portable-pipeline.ts';
import { parseStudyConfig } from '../../src/study/config.ts';
import { planStudy } from '../../src/study/evaluate-study.ts';
import { runStudy } from '../../src/study/run-study.ts';
import { traceNumber } from '../../src/study/trace.ts';
import { trainModel } from '../../src/study/train-model.ts';

const text = `
id: arms
title: A line beside trees
cohort: synthetic-table
endpoints: [pcr]
featureSets:
  - { id: trees, blocks: [clinical] }
  - { id: line, blocks: [clinical], classifier: logistic }
  - { id: lasso, blocks: [radiomics, clinical], classifier: lasso }
seed: 4
partitions: 3
audit: { permutations: 2, sets: [trees, line] }
pipeline:
  mrmr: { features: 10 }
  rfe: { features: 5 }
  booster: { rounds: [10], maxDepth: [2] }
`;
const config = parseStudyConfig(text, 'arms.yaml');
const cohort = () => syntheticTable({ seed: 4 });

describe('feature sets with a classifier of their own', () => {
  it('are fitted, recorded and traced beside boosted trees', async () => {
    const out = mkdtempSync(join(tmpdir(), 'nacre-arms-'));
    const { results } = await runStudy(config, cohort(), { out, workers: 1 });
    const [trees, line, lasso] = results.endpoints[0].featureSets;
    expect(trees).not.toHaveProperty('classifier');
    expect(trees.partitions[0].booster.rounds).toBe(10);
    expect(line.classifier).toBe('logistic');
    expect(line.partitions[0]).toMatchObject({ booster: {}, logistic: { penalty: 'ridge' } });
    expect(lasso.partitions.every(({ logistic }) => logistic?.penalty === 'lasso')).toBe(true);
    for (const { meanGain, meanCoefficient } of line.selection) {
      expect(Math.abs(meanCoefficient as number)).toBeLessThanOrEqual(meanGain + 1e-12);
    }
    for (const { summary } of results.endpoints[0].featureSets) {
      for (const metric of metricNames) {
        const { low, high } = summary[metric];
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThan(high);
      }
    }
    const { comparisons } = results.endpoints[0];
    expect(comparisons).toHaveLength(6);
    expect(comparisons.map(({ pHolm }) => pHolm)).toEqual(holm(comparisons.map(({ p }) => p)));
    for (const number of ['pcr/line/auc', 'pcr/trees:line/balancedAccuracy']) {
      const trace = await traceNumber(out, number);
      expect(trace.checks.filter(({ holds }) => !holds)).toEqual([]);
    }
  });

  it('real labels of all sets come before the audit of any', async () => {
    const { units } = await planStudy(config, cohort());
    const permuted = units.map((unit) => unit.permutedLabels !== undefined);
    expect(permuted.filter(Boolean)).toHaveLength(2 * 2 * 3);
    expect(permuted.indexOf(true)).toBe(3 * 3);
    expect(permuted.lastIndexOf(false)).toBe(3 * 3 - 1);
  });

  it('trains a model whose contributions add up to its log-odds', async () => {
    const model = await trainModel(config, cohort(), {
      endpoint: 'pcr',
      featureSet: 'line',
      workers: 1,
    });
    expect(model.logistic?.penalty).toBe('ridge');
    expect(model.pipeline.linear?.coefficients).toHaveLength(model.pipeline.columns.length);
    const values = new Map(model.pipeline.columns.map(({ name, mean, sd }) => [name, mean + sd]));
    const { probability, base, contributions } = predictPortable(model.pipeline, values);
    const sum = contributions.reduce((total, { contribution }) => total + contribution, base);
    expect(Math.log(probability / (1 - probability))).toBeCloseTo(sum, 10);
    const coefficients = model.pipeline.linear?.coefficients ?? [];
    expect(contributions.map(({ contribution }) => contribution).sort((a, b) => a - b)).toEqual(
      [...coefficients].sort((a, b) => a - b).map((c) => expect.closeTo(c, 10)),
    );
  });

  it('refuses a logistic regression on columns that are not scaled, naming the set', () => {
    expect(() =>
      parseStudyConfig(text.replace('pipeline:', 'pipeline:\n  scale: none'), 'x.yaml'),
    ).toThrow(/sets\.line\.classifier/);
    expect(() => parseStudyConfig(text.replace('lasso }', 'laso }'), 'x.yaml')).toThrow(/laso/);
  });
});
