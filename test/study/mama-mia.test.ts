import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { manifestPath } from '../../src/cohort/locate.ts';
import { extraction } from '../../src/features/extraction.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { readStudyConfig, type StudyConfig } from '../../src/study/config.ts';
import { evaluateStudy, planStudy } from '../../src/study/evaluate-study.ts';
import { streamCohort } from '../../src/study/stream-cohort.ts';
import { type FeatureColumn, featureTable } from '../../src/table/feature-table.ts';
import { madeServer } from '../cohort/archives/made-server.ts';
import { publishOnSynapse, token } from '../cohort/archives/made-synapse.ts';
import { madePair } from './streaming-world.ts';

const cohorts = ['DUKE', 'ISPY1', 'ISPY2', 'NACT'];
const perCohort = 24;
const ids = cohorts.flatMap((name) =>
  Array.from({ length: perCohort }, (_, i) => `${name}_${String(i + 1).padStart(3, '0')}`),
);
let folder: string;
let cohort: Cohort;

/** A made stand-in of MAMA-MIA: the shipped manifest, its table as CSV, image features by code. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nacre-mama-mia-'));
  const manifest = JSON.parse(readFileSync(manifestPath('mama-mia'), 'utf8'));
  const [table] = manifest.tables;
  Object.assign(table, { file: 'info.csv', format: 'csv', sheet: undefined });
  manifest.synthetic = true;
  manifest.archives[0].files[0] = 'info.csv';
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'info.csv'), infoCsv());
  const loaded = await loadCohort(join(folder, 'manifest.json'));
  cohort = { ...loaded, blocks: { ...loaded.blocks, ...madeBlocks(loaded) } };
});

function infoCsv(): string {
  const stream = RandomStream.of(1, 'mama-mia');
  const rows = ids.map((id) => {
    const [name] = id.split('_');
    const [hr, her2] = [Number(stream.next() < 0.6), Number(stream.next() < 0.3)];
    const pcr = Number(stream.next() < 0.15 + 0.4 * her2 + 0.25 * (1 - hr));
    const age = Math.round(30 + 40 * stream.next());
    return [
      id,
      name,
      age,
      hr,
      hr,
      hr,
      her2,
      'luminal',
      2,
      'premenopausal',
      'white',
      'taxane',
      1,
      0,
      pcr,
      0,
    ];
  });
  // One version of the table calls the column menopausal_status.
  return `patient_id,dataset,age,hr,er,pr,her2,tumor_subtype,nottingham_grade,menopausal_status,ethnicity,nac_agent,anti_her2_neu_therapy,endocrine_therapy,pcr,mastectomy_post_nac\n${rows.map((row) => row.join(',')).join('\n')}\n`;
}

/** Features under the names of the extraction; each cohort has its own offset, as scanners have. */
function madeBlocks({ patients, endpoints }: Cohort): Cohort['blocks'] {
  const stream = RandomStream.of(2, 'features');
  const column = (block: string, region: 'intra' | 'peri', name: string): FeatureColumn => ({
    ...{ name: `ceT1.${region}.${name}`, block, modality: 'ceT1', region },
    values: Float64Array.from(patients, (id, row) => {
      const site = cohorts.indexOf(id.split('_')[0]);
      return 10 + 2 * site + stream.normal() - 0.8 * Math.max(0, endpoints.pcr.labels[row]);
    }),
  });
  const block = (name: string, columns: string[]) =>
    featureTable(
      patients,
      columns.flatMap((one) => [column(name, 'intra', one), column(name, 'peri', one)]),
    );
  const networks = ['resnet10', 'resnet18', 'resnet34', 'resnet50'].map((name) => [
    name,
    block(
      name,
      [0, 1, 2].map((i) => `${name}_${i}`),
    ),
  ]);
  return {
    radiomics: block('radiomics', ['original_shape_MeshVolume', 'original_firstorder_Mean']),
    ...Object.fromEntries(networks),
  };
}

function light(name: string): StudyConfig {
  const config = readStudyConfig(`studies/${name}.yaml`);
  const booster = {
    implementation: 'exact',
    rounds: [10],
    maxDepth: [2],
    learningRate: [0.3],
  };
  const pipeline = { ...config.pipeline, booster, innerFolds: 2 } as StudyConfig['pipeline'];
  return { ...config, pipeline, partitions: 2, extraction: undefined };
}

describe('studies/mama-mia.yaml on a made stand-in', () => {
  it('leaves each cohort out once, in every arm', async () => {
    const plan = await planStudy(light('mama-mia'), cohort);
    const { results } = await evaluateStudy(plan, { workers: 1 });
    const [pcr] = results.endpoints;
    expect(pcr.featureSets).toHaveLength(14);
    for (const { id, partitions, patients } of pcr.featureSets) {
      expect([id, patients, partitions.length]).toEqual([id, 96, 4]);
      for (const { train, test } of partitions) {
        expect([train.patients, test.patients]).toEqual([72, 24]);
      }
    }
    const volume = pcr.featureSets.find(({ id }) => id === 'volume');
    expect(volume?.candidates).toBe(1);
  });
});

describe('studies/pooled.yaml on a made stand-in', () => {
  it('pools the cohorts and takes their offsets out', async () => {
    const plan = await planStudy(light('pooled'), cohort);
    const { results } = await evaluateStudy(plan, { workers: 1 });
    const sets = results.endpoints[0].featureSets;
    expect(sets.map(({ id }) => id)).toContain('radiomics-clinical');
    for (const { partitions } of sets) expect(partitions).toHaveLength(2);
  });
});

describe('the manifest of MAMA-MIA', () => {
  it('takes the other title of a column, and no treatment as predictor', () => {
    expect(cohort.assumptions?.map(({ kind }) => kind)).toContain('column-title');
    expect(cohort.columns?.menopause.type).toBe('text');
    expect(cohort.columns?.anti_her2.measured).toBe('treatment');
    const clinical = cohort.blocks.clinical.columns.map(({ name }) => name);
    expect(clinical).toEqual(['clinical.age', 'clinical.hr', 'clinical.her2']);
    expect(cohort.group).toBe('dataset');
  });

  it('is streamed from a server that behaves like Synapse', async () => {
    const server = await madeServer();
    try {
      const { labels } = cohort.endpoints.pcr;
      const few = [1, 0].map((label) => cohort.patients[labels.indexOf(label)]);
      const files: Record<string, Buffer> = { 'info.csv': readFileSync(join(folder, 'info.csv')) };
      for (const [i, id] of few.entries()) {
        const { image, mask } = madePair(i, 32, { gzip: true });
        files[`images/${id}/${id}_0001.nii.gz`] = image;
        files[`segmentations/expert/${id}.nii.gz`] = mask;
      }
      publishOnSynapse(server, files);
      process.env.NACRE_SYNAPSE_ADDRESS = server.origin;
      process.env.SYNAPSE_AUTH_TOKEN = token;
      const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
      manifest.archives[0].root = 'syn1';
      mkdirSync(join(folder, 'streamed'));
      writeFileSync(join(folder, 'streamed/manifest.json'), JSON.stringify(manifest));
      const asked = extraction({
        scans: ['ceT1'],
        extractors: ['radiomics'],
        radiomics: { featureClass: { firstorder: ['Mean'], shape: ['MeshVolume'] } },
      });
      const done = await streamCohort(join(folder, 'streamed/manifest.json'), asked, {
        to: join(folder, 'streamed'),
        cache: join(folder, 'cache'),
        workers: 1,
        waitSeconds: 0,
      });
      expect([done.extracted, done.without.length, done.failed]).toEqual([2, 94, []]);
      const made = await loadCohort(done.manifest as string);
      expect(made.patients).toEqual(few.sort());
      expect(Object.keys(made.blocks)).toEqual([
        'clinical',
        'radiomics-ceT1-intra',
        'radiomics-ceT1-peri',
      ]);
    } finally {
      delete process.env.NACRE_SYNAPSE_ADDRESS;
      delete process.env.SYNAPSE_AUTH_TOKEN;
      await server.close();
    }
  });
});
