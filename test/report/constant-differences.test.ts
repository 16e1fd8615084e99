import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { figures } from '../../src/report/figures.ts';
import { openRun } from '../../src/report/open-run.ts';
import { resultsTable } from '../../src/report/results-table.ts';
import { tables } from '../../src/report/tables.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { parseStudyConfig } from '../../src/study/config.ts';
import { runStudy } from '../../src/study/run-study.ts';
import { featureTable } from '../../src/table/feature-table.ts';
import { captureOutput } from '../cli/captured-output.ts';

const printed = captureOutput();

/** One block separates the outcome, the other is its opposite of no use: 100% and 50% in every partition. */
function separated(): Cohort {
  const labels = Int8Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const patients = Array.from(labels, (_, i) => `S${i}`);
  const column = (block: string, values: ArrayLike<number>) =>
    featureTable(patients, [{ name: `${block}.a`, block, values: Float64Array.from(values) }]);
  return {
    id: 'separated',
    title: 'separated',
    citation: 'test/report/constant-differences.test.ts',
    licence: 'MIT',
    synthetic: true,
    patients,
    blocks: {
      right: column('right', labels),
      // Varies, but by the place in groups of three that both classes fill alike.
      useless: column(
        'useless',
        Array.from(labels, (_, i) => (Math.floor(i / 3) === 0 ? 1 : 0)),
      ),
    },
    endpoints: {
      pcr: { id: 'pcr', title: 'pCR', positiveName: 'pCR', negativeName: 'non-pCR', labels },
    },
    notices: [],
    excluded: [],
    inputs: [],
  };
}

it.each([
  ['all pairs', ''],
  ['with a reference', 'comparison: { reference: right, sets: [right, useless] }'],
])(
  'sets that differ by the same amount in every partition have a report, a table and a trace: %s',
  async (_, comparison) => {
    const config = parseStudyConfig(
      `
id: separated
title: separated
cohort: separated
endpoints: [pcr]
featureSets: [{ id: right, blocks: [right] }, { id: useless, blocks: [useless] }]
seed: 1
partitions: 3
audit: { permutations: 1 }
${comparison}
pipeline: { booster: { rounds: [5], maxDepth: [1], learningRate: [1], lambda: [0], minChildWeight: [0] } }
`,
      'separated.yaml',
    );
    const out = mkdtempSync(join(tmpdir(), 'nacre-constant-'));
    await runStudy(config, separated(), { out, workers: 1 });
    const path = join(out, 'results.json');
    const results = JSON.parse(readFileSync(path, 'utf8'));
    // Whatever the trees made of it: every partition is the same amount apart.
    for (const pair of results.endpoints[0].comparisons) {
      Object.assign(pair, { difference: 0.5, low: 0.5, high: 0.5, t: null, p: null, pHolm: null });
    }
    writeFileSync(path, JSON.stringify(results));
    const run = await openRun(out);
    const { report } = await writeReport(out, { pictures: false });
    const page = readFileSync(report, 'utf8');
    expect(page).toContain('no verdict');
    expect(page.slice(0, page.indexOf('<script'))).not.toMatch(/\b(NaN|Infinity|null)\b/);
    expect(resultsTable(run.results)).not.toMatch(/NaN|Infinity|null/);
    expect(tables.paired(run)[0]).toMatchObject({ p: undefined, 'p, Holm': undefined });
    expect(JSON.stringify(figures.differences(run))).toContain('p –');
    expect(await runCli(['node', 'nacre', 'report', out, '--no-pictures'])).toBe(0);
    expect(printed.err).toBe('');
  },
);
