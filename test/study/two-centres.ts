import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { parseStudyConfig } from '../../src/study/config.ts';
import type { TrainedModel } from '../../src/study/model-file.ts';
import { trainModel } from '../../src/study/train-model.ts';
import { manifestHead, pcrColumn, pcrEndpoint } from '../cohort/pcr-manifest.ts';

// biome-ignore lint/suspicious/noExplicitAny: a manifest that tests bend out of its type on purpose.
type Loose = any;

export interface Centre {
  seed: number;
  patients?: number;
  prefix?: string;
  /** Outcomes are dealt without regard to the features. */
  permuted?: boolean;
  /** Bends the rows of the table: patient, site, age, her2, subtype, size, pcr. */
  rows?: (row: (string | number)[], i: number) => (string | number)[];
  manifest?: (manifest: Loose) => void;
}

/** A centre's patients in a folder: one table, an outcome that follows HER2 and size. Gives the path of the manifest. */
export function writeCentre({
  seed,
  patients = 120,
  prefix = 'P',
  permuted = false,
  rows = (row) => row,
  manifest: bend,
}: Centre): string {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-centre-'));
  const stream = RandomStream.of(seed, 'centre');
  const table = Array.from({ length: patients }, (_, i) => {
    const her2 = Number(stream.next() < 0.4);
    const size = 20 + 30 * stream.next();
    const subtype = stream.next() < 0.3 ? 'basal' : 'luminal';
    const age = Math.round(35 + 30 * stream.next());
    const logit = permuted ? -0.3 : -1.2 + 2.2 * her2 - 0.09 * (size - 35);
    const pcr = Number(stream.next() < 1 / (1 + Math.exp(-logit)));
    const id = `${prefix}${String(i + 1).padStart(3, '0')}`;
    return rows([id, i % 3 === 0 ? 'north' : 'south', age, her2, subtype, size.toFixed(2), pcr], i);
  });
  writeFileSync(
    join(folder, 'table.csv'),
    `${['patient,site,age,her2,subtype,size,pcr', ...table.map((row) => row.join(','))].join('\n')}\n`,
  );
  const baseline = { measured: 'baseline', meaning: 'm' };
  const manifest: Loose = {
    ...manifestHead,
    id: `centre-${prefix}`,
    title: `Centre ${prefix} (made for a test)`,
    tables: [
      {
        id: 'table',
        file: 'table.csv',
        format: 'csv',
        patient: { column: 'patient' },
        columns: {
          site: {
            ...baseline,
            name: 'site',
            type: 'category',
            coding: { north: 'north', south: 'south' },
          },
          age: { ...baseline, name: 'age', type: 'number', unit: 'a' },
          her2: {
            ...baseline,
            name: 'her2',
            type: 'binary',
            coding: { 0: 'negative', 1: 'positive' },
          },
          subtype: {
            ...baseline,
            name: 'subtype',
            type: 'category',
            coding: { basal: 'basal', luminal: 'luminal' },
          },
          size: { ...baseline, name: 'size', type: 'number', unit: 'mm' },
          pcr: { ...pcrColumn },
        },
      },
    ],
    predictors: ['age', 'her2', 'subtype', 'size'],
    endpoints: {
      pcr: { ...pcrEndpoint },
    },
  };
  bend?.(manifest);
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify(manifest));
  return path;
}

/** A model of a centre's clinical variables, small enough for a test. */
export async function trainedAt(
  manifest: string,
  only?: { column: string; values: string[] },
): Promise<TrainedModel> {
  const config = parseStudyConfig(
    `
id: at-home
title: at home
cohort: ${JSON.stringify(manifest)}
${only === undefined ? '' : `only: ${JSON.stringify(only)}`}
endpoints: [pcr]
featureSets: [{ id: clinical, title: Clinical, blocks: [clinical] }]
seed: 3
partitions: 2
pipeline: { booster: { rounds: [20], maxDepth: [2], learningRate: [0.2] } }
`,
    'at-home.yaml',
  );
  const cohort = await loadCohort(manifest, { only });
  return trainModel(config, cohort, { endpoint: 'pcr', featureSet: 'clinical', workers: 1 });
}
