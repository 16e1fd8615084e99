import { fileURLToPath } from 'node:url';
import { type Extraction, extractorNames } from '../../src/features/extraction.ts';
import { readStudyConfig, type StudyConfig } from '../../src/study/config.ts';
import { simulation } from './distance.ts';
import type { Task } from './worker.ts';

/** The embedded default: extraction, partitions and pipeline of this bench are its own. */
export const study = readStudyConfig(
  fileURLToPath(new URL('../../studies/phantom.yaml', import.meta.url)),
);

/** The knobs of the study's cohort. */
const { phantom } = phantomOf(study);

/** As many patients as the embedded study has. */
export const { patients } = phantom;

/** Cohorts with scans: the embedded study's own, and three others that nobody chose. */
export const scanSeeds = [
  phantom.seed,
  ...[2, 3, 4, 5].filter((seed) => seed !== phantom.seed).slice(0, 3),
];

/** Cohorts without scans, on which size and strength were chosen. None of them is reported as a result of the study. */
const calibrationSeeds = Array.from({ length: 6 }, (_, i) => 1001 + i);

/** Other sizes of the learning curve: how many cohorts of each. */
const otherSizes = { 48: 6, 177: 4 };

const clinicalSets = { clinical: ['clinical'], subtype: ['subtype'], noise: ['noise'] };
const imageSets = { simulated: ['simulated'], both: ['simulated', 'clinical'] };

/** What is tried on cohorts without scans: sets by the blocks that they are made of. */
export const tasks: readonly Task[] = [
  ...calibrationSeeds.flatMap((seed) => [
    { patients, seed, signal: 1, sets: { ...clinicalSets, traits: ['traits'] } },
    { patients, seed, signal: 1, sets: imageSets, simulation },
    { patients, seed, signal: 0, sets: { clinical: ['clinical'], traits: ['traits'] } },
  ]),
  ...Object.entries(otherSizes).flatMap(([size, cohorts]) =>
    calibrationSeeds.slice(0, cohorts).flatMap((seed): Task[] => {
      const cohort = { patients: Number(size), seed, signal: 1 };
      return [
        { ...cohort, sets: clinicalSets },
        { ...cohort, sets: { both: imageSets.both }, simulation },
      ];
    }),
  ),
];

/** Each source alone, handcrafted with clinical, noise, and an oracle that is handed the traits: what it loses the learner loses. */
export function scanStudy(seed: number, signal: number): StudyConfig {
  const { sets, comparison: _, learningCurve: __, ...rest } = study;
  const extraction = study.extraction as Extraction;
  // Networks take most of the time of an extraction: on the study's own cohort alone.
  const extractors = seed === phantom.seed ? [...extractorNames] : ['radiomics' as const];
  const others = ['clinical', 'noise', 'radiomics-clinical'];
  const alone = (id: string) => others.includes(id) || extractors.some((name) => name === id);
  return {
    ...rest,
    extraction: { ...extraction, extractors },
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
  return { ...phantom, patients: size, seed, signal };
}

function phantomOf({ cohort }: StudyConfig) {
  if (typeof cohort === 'string') throw new Error('studies/phantom.yaml names no phantom');
  return cohort;
}
