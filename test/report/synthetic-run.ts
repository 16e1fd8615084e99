import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import {
  confusionAt,
  type MetricName,
  metricNames,
  metricsAt,
} from '../../src/evaluation/metrics.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import type { Prediction } from '../../src/study/predictions.ts';
import type {
  EndpointResults,
  FeatureSetResults,
  Interval,
  PartitionResults,
  StudyResults,
} from '../../src/study/results.ts';
import { runFiles, writeJson } from '../../src/study/run-folder.ts';

/** Feature sets of the made-up run: how far the classes stand apart, in standard deviations of the score. */
const sets = [
  { id: 'clinical', title: 'Clinical', blocks: ['clinical'], signal: 1.1 },
  { id: 'radiomics', title: 'Radiomics', blocks: ['radiomics'], signal: 0.2 },
  {
    id: 'radiomics+clinical',
    title: 'Radiomics + clinical',
    blocks: ['clinical', 'radiomics'],
    signal: 0.9,
  },
];

/** Writes a small synthetic run folder made by code, for tests of figures, report and notebooks. Same bytes every time. */
export function writeSyntheticRun(
  folder: string,
  changes: Partial<StudyResults['cohort']> = {},
): string {
  mkdirSync(folder, { recursive: true });
  const predictions: Prediction[] = [];
  const results: StudyResults = {
    schema: 1,
    study: {
      id: 'made-by-test',
      title: 'A run made by a test',
      seed: 7,
      partitions: 10,
      testShare: 0.2,
      configSha256: '0'.repeat(64),
    },
    cohort: {
      id: 'synthetic',
      title: 'Synthetic scores drawn by a test',
      citation: 'Drawn from normal distributions by a test',
      licence: 'MIT',
      synthetic: true,
      patients: 160,
      notices: ['Scores are drawn at random; no model was trained.'],
      excluded: [{ patient: 'S003', reason: 'no pathology <report>' }],
      ...changes,
    },
    endpoints: [
      endpoint('pcr', 'Pathological complete response', 'pCR', 'non-pCR', 156, 46, predictions),
      endpoint('response', 'Response by size', 'responder', 'non-responder', 155, 115, predictions),
    ],
  };
  writeJson(join(folder, runFiles.results), results);
  writeJson(join(folder, runFiles.partitions), {});
  writeJson(join(folder, runFiles.provenance), {
    nacre: '0.1.0',
    node: 'v20',
    configSha256: '0'.repeat(64),
    seed: 7,
    inputs: [{ file: 'none', sha256: '0'.repeat(64) }],
    hardware: { platform: 'linux', arch: 'x64', cpu: 'a test', cores: 2, memoryGiB: 8 },
    packages: { 'ml-xgboost': '1.1.2' },
    workers: 2,
    wallSeconds: 1,
    unitsComputed: 0,
    unitsReused: 0,
  });
  writeWhole(
    join(folder, runFiles.config),
    readFileSync(new URL('../../studies/synthetic.yaml', import.meta.url)),
  );
  const column = (name: keyof Prediction, type: 'STRING' | 'INT32' | 'DOUBLE') => ({
    name,
    type,
    data: predictions.map((row) => row[name]),
  });
  writeWhole(
    join(folder, runFiles.predictions),
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          column('endpoint', 'STRING'),
          column('featureSet', 'STRING'),
          column('partition', 'INT32'),
          column('patient', 'STRING'),
          column('label', 'INT32'),
          column('probability', 'DOUBLE'),
          column('predicted', 'INT32'),
        ],
      }),
    ),
  );
  return folder;
}

function endpoint(
  id: string,
  title: string,
  positiveName: string,
  negativeName: string,
  patients: number,
  positives: number,
  predictions: Prediction[],
): EndpointResults {
  return {
    id,
    title,
    positiveName,
    negativeName,
    patients,
    positives,
    published: [
      {
        label: 'A paper, ResNet34 + clinical',
        source: 'Nobody et al. 2025',
        balancedAccuracy: 0.79,
        auc: 0.8,
      },
    ],
    featureSets: sets.map((set) => featureSet(id, set, patients, positives, predictions)),
    comparisons: [
      {
        a: 'clinical',
        b: 'radiomics',
        metric: 'balancedAccuracy',
        difference: 0.12,
        low: 0.02,
        high: 0.22,
        t: 2.7,
        p: 0.02,
        pHolm: 0.02,
      },
    ],
  };
}

function featureSet(
  endpointId: string,
  set: (typeof sets)[number],
  patients: number,
  positives: number,
  out: Prediction[],
): FeatureSetResults {
  const held = Math.round(patients / 5);
  const heldPositives = Math.round(positives / 5);
  const partitions = Array.from({ length: 10 }, (_, index): PartitionResults => {
    const stream = RandomStream.of(7, endpointId, set.id, index);
    const labels = Array.from({ length: held }, (_, i) => (i < heldPositives ? 1 : 0));
    const probabilities = labels.map(
      (label) => 1 / (1 + Math.exp(-(stream.normal() + (label - 0.5) * set.signal))),
    );
    labels.forEach((label, i) => {
      out.push({
        endpoint: endpointId,
        featureSet: set.id,
        partition: index,
        patient: `S${String(i).padStart(3, '0')}`,
        label,
        probability: probabilities[i],
        predicted: probabilities[i] >= 0.5 ? 1 : 0,
      });
    });
    return {
      index,
      seed: 100 + index,
      train: { patients: patients - held, positives: positives - heldPositives },
      test: { patients: held, positives: heldPositives },
      metrics: metricsAt(labels, probabilities, 0.5),
      confusion: confusionAt(labels, probabilities, 0.5),
      threshold: 0.5,
      booster: { rounds: 100, maxDepth: 3 },
      selected: ['clinical.age'],
    };
  });
  const names = set.blocks.flatMap((block) =>
    Array.from({ length: 12 }, (_, i) => ({
      block,
      feature:
        block === 'clinical'
          ? `clinical.variable_${i}`
          : `ceT1.intra.wavelet-LLH_glcm_InverseDifferenceMomentNormalized_${i}`,
    })),
  );
  return {
    id: set.id,
    title: set.title,
    patients,
    positives,
    candidates: names.length,
    partitions,
    summary: Object.fromEntries(
      metricNames.map((name) => [name, interval(partitions, name)]),
    ) as Record<MetricName, Interval>,
    selection: names.map(({ block, feature }, i) => ({
      feature,
      block,
      frequency: Math.max(1, 10 - Math.floor(i / 2)) / 10,
      meanRank: 1 + i / 3,
      meanGain: 10 / (1 + i),
    })),
    stability: { value: 0.41, low: 0.3, high: 0.52 },
    audit: {
      permutations: 20,
      balancedAccuracy: Array.from({ length: 20 }, (_, i) => 0.49 + 0.001 * i),
      mean: 0.4995,
      standardError: 0.004,
      p: 0.05,
      atChance: true,
      excess: -0.0005,
    },
  };
}

function interval(partitions: PartitionResults[], name: MetricName): Interval {
  const values = partitions.map((p) => p.metrics[name]);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const sd = Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / (values.length - 1));
  const half = 2.262 * sd * Math.sqrt(1 / values.length + 0.25);
  return { mean, sd, low: mean - half, high: mean + half };
}
