import { fileURLToPath } from 'node:url';
import { extractorNames } from '../../src/features/extraction.ts';
import { readStudyConfig, type StudyConfig } from '../../src/study/config.ts';
import { simulation } from './distance.ts';
import type { Task } from './worker.ts';

/** The embedded default: extraction, partitions and pipeline of this bench are its own. */
export const study = readStudyConfig(
  fileURLToPath(new URL('../../studies/phantom.yaml', import.meta.url)),
);

/** As many patients as the paper has. */
export const patients = 177;

/** Cohorts with scans. No result from the scans of any was known when the distance was set. */
export const scanSeeds = [2];

/** Cohorts without scans, from which the distance is learned. None of them is reported as a result. */
const calibrationSeeds = Array.from({ length: 10 }, (_, i) => 1001 + i);

/** Larger cohorts of the learning curve: how many of each size. */
const larger = { 500: 4, 1500: 2 };

/** What is tried on cohorts without scans: sets by the blocks that they are made of. */
export const tasks: readonly Task[] = [
  ...calibrationSeeds.map((seed) => ({
    patients,
    seed,
    signal: 1,
    sets: {
      clinical: ['clinical'],
      subtype: ['subtype'],
      traits: ['traits'],
    },
  })),
  ...calibrationSeeds.map((seed) => ({
    patients,
    seed,
    signal: 1,
    sets: { simulated: ['simulated'] },
    simulation,
  })),
  ...calibrationSeeds.map((seed) => ({
    patients,
    seed,
    signal: 0,
    sets: { clinical: ['clinical'], traits: ['traits'] },
  })),
  ...Object.entries(larger).flatMap(([size, cohorts]) =>
    calibrationSeeds.slice(0, cohorts).map((seed) => ({
      patients: Number(size),
      seed,
      signal: 1,
      sets: { clinical: ['clinical'], subtype: ['subtype'] },
    })),
  ),
];

/** Each source alone, of the sets of the paper's table, and an oracle that is handed the traits: what it loses the learner loses. */
export function scanStudy(seed: number, signal: number): StudyConfig {
  const { sets, comparison: _, ...rest } = study;
  const alone = (id: string) => id === 'clinical' || extractorNames.some((name) => name === id);
  return {
    ...rest,
    id: `bench-phantom-${seed}-signal${signal}`,
    cohort: { phantom: knobs(patients, seed, signal) },
    sets: {
      ...Object.fromEntries(Object.entries(sets ?? {}).filter(([id]) => alone(id))),
      traits: { title: 'ORACLE: the true traits', extractor: 'traits', clinical: false },
    },
    audit: { permutations: 0 },
  };
}

/** The knobs of the study, of another size, seed and signal. */
export function knobs(size: number, seed: number, signal: number) {
  if (typeof study.cohort === 'string') throw new Error('studies/phantom.yaml names no phantom');
  return { ...study.cohort.phantom, patients: size, seed, signal };
}
