import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { hashOfPatients } from '../../src/evaluation/partitions.ts';
import { loadNativeXgboost } from '../../src/machine/xgboost/native-xgboost.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { parseStudyConfig } from '../../src/study/config.ts';
import { readPredictions } from '../../src/study/predictions.ts';
import { readRun } from '../../src/study/run-folder.ts';
import { requireOwnFolder, runStudy } from '../../src/study/run-study.ts';
import { featureTable } from '../../src/table/feature-table.ts';

/** Forty synthetic patients, one column that tells the answer and nine that do not. */
function tinyCohort(): Cohort {
  const stream = RandomStream.of(11, 'tiny');
  const patients = Array.from({ length: 40 }, (_, i) => `S${String(i + 1).padStart(2, '0')}`);
  const labels = Int8Array.from(patients, (_, i) => (i === 39 ? -1 : i % 3 === 0 ? 1 : 0));
  const noise = () => Float64Array.from(patients, () => stream.normal());
  const told = Float64Array.from(labels, (label) => 2 * label + stream.normal());
  const columns = ['told', ...'abcdefghi'].map((name) => ({
    name: `table.${name}`,
    block: 'table',
    values: name === 'told' ? told : noise(),
  }));
  return {
    id: 'tiny',
    title: 'tiny synthetic cohort',
    citation: 'made by test/study/run-study.test.ts',
    licence: 'MIT',
    synthetic: true,
    patients,
    blocks: { table: featureTable(patients, columns) },
    endpoints: {
      pcr: { id: 'pcr', title: 'pCR', positiveName: 'pCR', negativeName: 'non-pCR', labels },
    },
    notices: ['synthetic'],
    assumptions: [
      {
        kind: 'id-space',
        level: 'warning',
        patient: 'S01',
        found: '“S01 ”',
        taken: 'S01',
        why: 'trimmed',
      },
      {
        kind: 'scan-missing',
        patient: 'S02',
        scan: 'T2',
        found: 'none',
        taken: 'imputed',
        why: 'rule',
      },
    ],
    excluded: [],
    inputs: [],
  };
}

const config = parseStudyConfig(
  `
id: tiny
title: tiny
cohort: tiny
endpoints: [pcr]
featureSets: [{ id: table, blocks: [table] }]
seed: 5
partitions: 3
audit: { permutations: 2 }
pipeline: {}
`,
  'tiny.yaml',
);
/** The machine's XGBoost, where it has one. */
const native = await loadNativeXgboost().catch((error: Error) => {
  process.stderr.write(`native XGBoost not tried: ${error.message}\n`);
  return undefined;
});
const out = () => mkdtempSync(join(tmpdir(), 'nacre-run-'));
const steady = [
  'assumptions.json',
  'config.yaml',
  'partitions.json',
  'predictions.parquet',
  'results.json',
];
const bytes = (folder: string) => steady.map((name) => readFileSync(join(folder, name), 'hex'));

describe('runStudy', () => {
  it('keeps the assumptions of the cohort in the run folder, counted in the results', async () => {
    const folder = out();
    const run = await runStudy(config, tinyCohort(), { out: folder, workers: 1 });
    const kept = JSON.parse(readFileSync(join(folder, 'assumptions.json'), 'utf8'));
    const small = kept.filter(({ kind }: { kind: string }) => kind === 'small-class');
    expect(kept).toEqual([...(tinyCohort().assumptions ?? []), ...small]);
    expect(small).toMatchObject([{ found: expect.stringMatching(/^pcr: 13 pCR of 39/) }]);
    expect(run.results.cohort.assumptions).toEqual([
      { kind: 'id-space', level: 'warning', records: 1, patients: 1 },
      { kind: 'small-class', level: 'warning', records: 1, patients: 0 },
      { kind: 'scan-missing', level: 'note', records: 1, patients: 1 },
    ]);
    expect(readRun(folder).assumptions).toEqual(kept);
  });

  it('writes the same bytes for one and two workers, and for a run that goes on from half-way', async () => {
    const one = out();
    const two = out();
    const half = out();
    const run = await runStudy(config, tinyCohort(), { out: one, workers: 1 });
    await runStudy(config, tinyCohort(), { out: two, workers: 2 });
    expect(bytes(two)).toEqual(bytes(one));
    expect(run.provenance).toMatchObject({
      unitsComputed: 9,
      unitsReused: 0,
      booster: { engine: 'ml-xgboost 1.1.2' },
    });

    cpSync(join(one, 'units'), join(half, 'units'), { recursive: true });
    const units = readdirSync(join(half, 'units')).sort();
    rmSync(join(half, 'units', units[0]));
    writeFileSync(join(half, 'units', units[1]), '{"key":"cut off by a kill');
    const resumed = await runStudy(config, tinyCohort(), { out: half, workers: 2 });
    expect(resumed.provenance).toMatchObject({ unitsComputed: 2, unitsReused: 7 });
    expect(bytes(half)).toEqual(bytes(one));
  });

  it.skipIf(native === undefined)('uses the native XGBoost where asked, and says so', async () => {
    const text = stringify({ ...config, pipeline: { booster: { implementation: 'native' } } });
    const asked = parseStudyConfig(text, 'tiny.yaml');
    const { provenance } = await runStudy(asked, tinyCohort(), { out: out(), workers: 2 });
    expect(provenance.booster).toEqual({ engine: native?.name, library: native?.library });
  });

  it('refuses to end well where its folder is deleted in the middle, and runs whole the next time', async () => {
    const folder = out();
    let done = 0;
    const deleting = () => ({
      tick: () => {
        if (++done === 4) rmSync(folder, { recursive: true });
      },
      stop: () => {},
    });
    const run = runStudy(config, tinyCohort(), { out: folder, workers: 1, progress: deleting });
    await expect(run).rejects.toThrow(/deleted or emptied while the run went on/);
    expect(() => readRun(folder)).toThrow(/no finished run/);
    await runStudy(config, tinyCohort(), { out: folder, workers: 1 });
    const undisturbed = out();
    await runStudy(config, tinyCohort(), { out: undisturbed, workers: 1 });
    expect(bytes(folder)).toEqual(bytes(undisturbed));
  });

  it('carries what issue and reviewer ask for', async () => {
    const folder = out();
    const { results, partitions } = await runStudy(config, tinyCohort(), {
      out: folder,
      workers: 1,
    });
    const [set] = results.endpoints[0].featureSets;
    expect(set).toMatchObject({ patients: 39, positives: 13, candidates: 10 });
    expect(set.partitions).toHaveLength(3);
    expect(set.audit?.balancedAccuracy).toHaveLength(2);
    expect(results.cohort).toMatchObject({ synthetic: true, patients: 40 });
    for (const { train, test } of partitions.pcr) {
      expect([...train.patients, ...test.patients]).toHaveLength(39);
      expect(test.sha256).toBe(hashOfPatients(test.patients));
      expect(train.patients).not.toContain('S40');
    }
    const predictions = await readPredictions(folder);
    expect(predictions).toHaveLength(3 * 8);
    const first = predictions.filter(({ partition }) => partition === 0);
    const right = (label: number) => {
      const rows = first.filter((row) => row.label === label);
      return rows.filter((row) => row.predicted === label).length / rows.length;
    };
    expect((right(0) + right(1)) / 2).toBeCloseTo(set.partitions[0].metrics.balancedAccuracy, 12);
    expect(readRun(folder).results).toEqual(JSON.parse(JSON.stringify(results)));
  });

  it('stops when told to and keeps what was done', async () => {
    const folder = out();
    const abort = new AbortController();
    const progress = () => ({ tick: () => abort.abort(), stop() {} });
    await expect(
      runStudy(config, tinyCohort(), { out: folder, workers: 1, signal: abort.signal, progress }),
    ).rejects.toThrow();
    expect(() => readRun(folder)).toThrow(/no finished run here.*resumes/);
    const { provenance } = await runStudy(config, tinyCohort(), { out: folder, workers: 1 });
    expect(provenance.unitsReused).toBeGreaterThan(0);
  });

  it('refuses another configuration in the same folder unless told to replace it', async () => {
    const folder = out();
    await runStudy(config, tinyCohort(), { out: folder, workers: 1 });
    const other = { ...config, seed: 6, audit: { permutations: 0 } };
    await expect(runStudy(other, tinyCohort(), { out: folder, workers: 1 })).rejects.toThrow(
      /another configuration.*--overwrite/,
    );
    const file = join(folder, 'config.yaml');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, `{${whole}`);
    expect(() => requireOwnFolder(folder, config, false)).toThrow(/found an unreadable one/);
    writeFileSync(file, whole);
    // Stopped in the middle, the new configuration stands beside no numbers of the old one.
    const abort = new AbortController();
    const progress = () => ({ tick: () => abort.abort(), stop() {} });
    const stopped = { out: folder, workers: 1, overwrite: true, signal: abort.signal, progress };
    await expect(runStudy(other, tinyCohort(), stopped)).rejects.toThrow();
    expect(() => readRun(folder)).toThrow(/no finished run here/);
    const replaced = await runStudy(other, tinyCohort(), {
      out: folder,
      workers: 1,
      overwrite: true,
    });
    expect(replaced.results.study.seed).toBe(6);
  });

  it('names an endpoint or block that the cohort lacks, with the nearest', async () => {
    await expect(
      runStudy({ ...config, endpoints: ['pCr1'] }, tinyCohort(), { out: out() }),
    ).rejects.toThrow(/no endpoint of that name: found pCr1, expected pcr; did you mean pcr\?/);
    const featureSets = [{ id: 'x', blocks: ['tabel'] }];
    await expect(
      runStudy({ ...config, featureSets }, tinyCohort(), { out: out() }),
    ).rejects.toThrow(/did you mean table\?/);
  });

  it('stops the evaluation where its tables cannot be written, and throws that', async () => {
    const out = mkdtempSync(join(tmpdir(), 'nacre-tables-'));
    try {
      // A file stands where the folder of the tables should be.
      writeFileSync(join(out, 'features'), '');
      let units = 0;
      const progress = (total: number) => ({ tick: () => units++, stop: () => void total });
      const many = { ...config, audit: { ...config.audit, permutations: 40 } };
      const run = runStudy(many, tinyCohort(), { out, workers: 2, progress });
      await expect(run).rejects.toMatchObject({ code: 'write-failed' });
      expect(units).toBeLessThan(200);
    } finally {
      rmSync(out, { recursive: true, force: true });
    }
  });
});
