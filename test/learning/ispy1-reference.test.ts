import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { Pipeline } from '../../src/learning/pipeline.ts';
import { splitRows } from '../../src/learning/rows.ts';
import { sha256 } from '../../src/runtime/hash.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { type StudyConfig, studyConfigSchema } from '../../src/study/config.ts';
import { runStudy } from '../../src/study/run-study.ts';
import { joinTables } from '../../src/table/join-tables.ts';
import { sharedFolder } from '../shared-folder.ts';

interface Golden {
  config: unknown;
  rows: {
    endpoint: string;
    featureSet: string;
    partition: number;
    mrmrSha256: string;
    selected: string[];
    balancedAccuracy: number;
    auc: number;
  }[];
}

const shared = sharedFolder();
if (shared === undefined) {
  console.warn('skipped: I-SPY 1 beside scikit-learn + XGBoost (no ../shared; set NACRE_SHARED)');
}

/** What bench/peers/reference_study.py made of the same cohort, partitions and settings (`command` in the file). */
const golden = JSON.parse(
  readFileSync(new URL('../goldens/ispy1-study.json', import.meta.url), 'utf8'),
) as Golden;

describe.skipIf(shared === undefined)('I-SPY 1 beside scikit-learn 1.2.2 and XGBoost 1.7.4', () => {
  it('gives the same features and balanced accuracy in each of 3 partitions, 2 endpoints, 3 feature sets', async () => {
    // Three of the golden's ten partitions, to be quick; partition k is the same however many there are.
    const { pipeline, ...asked } = studyConfigSchema.parse(golden.config);
    // The fast engine: test/learning/xgboost/exact-booster holds its trees equal to those of ml-xgboost, to the last bit.
    const booster = { ...pipeline.booster, implementation: 'exact' as const };
    const config: StudyConfig = { ...asked, pipeline: { ...pipeline, booster }, partitions: 3 };
    const wanted = golden.rows.filter(({ partition }) => partition < 3);
    const cohort = await loadCohort(config.cohort as string, {
      mirror: join(shared ?? '', 'datasets/ispy1'),
    });
    const out = mkdtempSync(join(tmpdir(), 'nacre-ispy1-'));
    try {
      const { results, partitions } = await runStudy(config, cohort, { out, workers: 1 });
      expect(wanted).toHaveLength(18);
      for (const row of wanted) {
        const endpoint = results.endpoints.find(({ id }) => id === row.endpoint);
        const set = endpoint?.featureSets.find(({ id }) => id === row.featureSet);
        const ours = set?.partitions[row.partition];
        expect([...(ours?.selected ?? [])].sort()).toEqual([...row.selected].sort());
        expect(ours?.metrics.balancedAccuracy).toBeCloseTo(row.balancedAccuracy, 12);
        expect(ours?.metrics.auc).toBeCloseTo(row.auc, 12);
      }
      // The rankings behind them, of the first partition of every arm.
      for (const row of wanted.filter(({ partition }) => partition === 0)) {
        const split = partitions[row.endpoint][0];
        const outcome = cohort.endpoints[row.endpoint];
        const patients = cohort.patients.filter((_, i) => outcome.labels[i] >= 0);
        const labels = Uint8Array.from(outcome.labels.filter((label) => label >= 0));
        const blocks = config.featureSets.find(({ id }) => id === row.featureSet)?.blocks ?? [];
        const table = joinTables(
          patients,
          blocks.map((block) => cohort.blocks[block]),
        );
        const rowsOf = (side: { patients: string[] }) =>
          side.patients.map((patient) => patients.indexOf(patient));
        const { train } = splitRows(table, labels, {
          index: 0,
          seed: split.seed,
          train: rowsOf(split.train),
          test: rowsOf(split.test),
        });
        const fitted = await new Pipeline(config.pipeline).fit(train, RandomStream.of(1));
        expect(sha256(fitted.mrmrRanking.join('\n'))).toBe(row.mrmrSha256);
      }
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
});
