import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../src/cli/program.ts';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { readStudyConfig, type StudyConfig } from '../../src/study/config.ts';
import { prepareCohort } from '../../src/study/prepare-cohort.ts';
import { type Run, readRun } from '../../src/study/run-folder.ts';

export interface SmallRun {
  folder: string;
  run: Run;
  config: StudyConfig;
  cohort: Cohort;
}

/** A run on twenty synthetic patients, one scan each, with handcrafted features. */
export function smallRun(place: string): Promise<SmallRun> {
  return runOf(
    place,
    `id: small
title: A small study on synthetic patients
cohort: { phantom: { patients: 20, seed: 3, signal: 1 } }
endpoints: [pcr]
extraction:
  scans: [ceT1]
  extractors: [radiomics]
  radiomics:
    imageType: { Original: {}, LoG: { sigma: [3] } }
    setting: { normalize: true, normalizeScale: 100, binWidth: 10, resampledPixelSpacing: [1.5, 1.5, 1.5] }
sets:
  clinical: { clinical: true }
  radiomics: { extractor: radiomics }
pipeline: { mrmr: { features: 20 }, rfe: { features: 5 }, booster: { rounds: [20] } }
partitions: 4
seed: 5
`,
  );
}

/** As many patients, and a network of random weights. */
export function smallDeepRun(place: string): Promise<SmallRun> {
  return runOf(
    place,
    `id: small-deep
title: A small study of a network on synthetic patients
cohort: { phantom: { patients: 20, seed: 3, signal: 1 } }
endpoints: [pcr]
extraction:
  scans: [ceT1]
  extractors: [resnet10]
  weights: random-where-missing
  deep: { size: 32, spacing: 1.875 }
sets:
  resnet10: { extractor: resnet10 }
pipeline: { mrmr: { features: 10 }, rfe: { features: 5 }, booster: { rounds: [10] } }
partitions: 2
seed: 5
`,
  );
}

async function runOf(place: string, study: string): Promise<SmallRun> {
  const file = join(place, 'study.yaml');
  writeFileSync(file, study);
  const folder = join(place, 'run');
  const code = await runCli([
    'node',
    'nacre',
    'study',
    file,
    '--out',
    folder,
    '--no-report',
    '--workers',
    '1',
  ]);
  if (code !== 0) throw new Error(`the study ended with ${code}`);
  const config = readStudyConfig(join(folder, 'config.yaml'));
  const { cohort } = await prepareCohort({ cohort: config.cohort }, {});
  return { folder, run: readRun(folder), config, cohort };
}
