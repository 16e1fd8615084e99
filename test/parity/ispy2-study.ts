import { readFileSync } from 'node:fs';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { hashOfPatients } from '../../src/evaluation/partitions.ts';
import { readStudyConfig, type StudyConfig } from '../../src/study/config.ts';
import { evaluateStudy, planStudy } from '../../src/study/evaluate-study.ts';
import { type ParityReport, type ParityRow, relativeDifference } from './parity-row.ts';

interface GoldenRow {
  set: string;
  partition: number;
  testSha256: string;
  balancedAccuracy: number;
  auc: number;
  delong?: { auc: number; low: number; high: number };
}

/** What `bench/peers/reference_ispy2.py` wrote. */
interface Golden {
  versions: Record<string, string>;
  partitions: GoldenRow[];
  split: GoldenRow[];
}

const metrics = ['balancedAccuracy', 'auc'] as const;
/** Probabilities are compared by what they order: the metrics agree to rounding. */
const tolerance = 1e-9;

/**
 * `npm run study -- --real` beside scikit-learn's logistic regression and XGBoost: the four arms of I-SPY 2 on the same ten
 * partitions, and on the split of the table's authors with DeLong's interval.
 */
export default async function compare(): Promise<ParityReport> {
  const golden: Golden = JSON.parse(
    readFileSync(new URL('../goldens/ispy2-study.json', import.meta.url), 'utf8'),
  );
  const shipped = readStudyConfig(new URL('../../studies/ispy2.yaml', import.meta.url).pathname);
  const config: StudyConfig = { ...shipped, audit: { permutations: 0 }, subgroups: [] };
  const split: StudyConfig = {
    ...config,
    design: { kind: 'fixed-split', column: 'split', train: ['training'], test: ['test'] },
  };
  const ten = await ran(config);
  const one = await ran(split);
  const rows: ParityRow[] = [];
  for (const { id, partitions } of ten.sets) {
    const theirs = golden.partitions.filter(({ set }) => set === id);
    for (const metric of metrics) {
      const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
      const worst = Math.max(
        ...theirs.map((row, k) =>
          ten.hashes[k] === row.testSha256
            ? Math.abs(partitions[k].metrics[metric] - row[metric])
            : Number.POSITIVE_INFINITY,
        ),
      );
      rows.push({
        ...{ suite: 'I-SPY 2 study', case: 'ten partitions', item: `${id} ${metric}` },
        ours: mean(partitions.map((p) => p.metrics[metric])),
        reference: mean(theirs.map((row) => row[metric])),
        tolerance: `${tolerance} in each partition`,
        ok: theirs.length === partitions.length && worst <= tolerance,
      });
    }
  }
  for (const { id, summary } of one.sets) {
    const [theirs] = golden.split.filter(({ set }) => set === id);
    const pairs = [
      ['AUC', summary.auc.mean, theirs.delong?.auc],
      ['AUC low (DeLong)', summary.auc.low, theirs.delong?.low],
      ['AUC high (DeLong)', summary.auc.high, theirs.delong?.high],
      ['balanced accuracy', summary.balancedAccuracy.mean, theirs.balancedAccuracy],
    ] as const;
    for (const [item, ours, reference = Number.NaN] of pairs) {
      rows.push({
        ...{ suite: 'I-SPY 2 study', case: 'split of its authors', item: `${id} ${item}` },
        ...{ ours, reference, tolerance: `${tolerance} relative` },
        ok: one.hashes[0] === theirs.testSha256 && relativeDifference(ours, reference) <= tolerance,
      });
    }
  }
  return {
    rows,
    remarks: [`Beside ${JSON.stringify(golden.versions)}; real patients, CC BY 4.0.`],
  };
}

async function ran(config: StudyConfig) {
  const plan = await planStudy(config, await loadCohort('ispy2'));
  // One thread: loading every module in threads of their own would cost more than the study.
  const { results } = await evaluateStudy(plan, { workers: 1 });
  const [{ patients }] = plan.arms;
  const hashes = [...(plan.partitions.get('pcr') ?? [])].map(({ test }) =>
    hashOfPatients(test.map((row) => patients[row])),
  );
  return { sets: results.endpoints[0].featureSets, hashes };
}
