import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractorsOf, ownCheckpoint, ownOnnx } from '../features/extractor-choice.ts';
import { byInformation } from '../learning/relevance.ts';
import { parseStudyConfig, type StudyConfig } from '../study/config.ts';
import type { StudyResults } from '../study/results.ts';
import { runFiles } from '../study/run-folder.ts';

/** The settings a run was made with. @throws NacreError where `config.yaml` does not parse */
export function readRunConfig(folder: string): StudyConfig {
  const file = join(folder, runFiles.config);
  return parseStudyConfig(readFileSync(file, 'utf8'), file);
}

const mrmrNames = {
  mid: 'mutual information difference (MID; Peng et al. 2005)',
  miq: 'mutual information quotient (MIQ; Peng et al. 2005)',
  fcd: 'F-test correlation difference (FCD; Ding and Peng 2005)',
  fcq: 'F-test correlation quotient (FCQ; Ding and Peng 2005)',
};

/** Text of a methods section, written from the settings: one paragraph per entry. */
export function methodsText(results: StudyResults, config: StudyConfig): string[] {
  const { study, cohort } = results;
  const { pipeline: p } = config;
  const held = Math.round(100 * study.testShare);
  return [
    `${cohort.patients} patients of ${cohort.title} were used. ${
      cohort.synthetic
        ? 'They were made by code: no number here says anything about cancer.'
        : `Source: ${cohort.citation}. Licence: ${cohort.licence}.`
    }`,
    ...(config.extraction === undefined ? [] : [extractionText(config.extraction, results)]),
    `Each feature set was evaluated on the same ${study.partitions} stratified partitions (${100 - held}% training, ${held}% test, seed ${study.seed}). Everything that follows was fitted on the training rows of a partition only and applied unchanged to its test rows.`,
    sentence([
      p.impute === 'none'
        ? 'missing values were left as they are'
        : `missing values were replaced by the training ${p.impute}`,
      `columns of training variance at or below ${p.varianceThreshold} were dropped`,
      p.scale === 'zscore' && 'columns were standardised by training mean and standard deviation',
      p.correlationThreshold < 1 &&
        `of two columns with |Pearson r| above ${p.correlationThreshold} the one less relevant on training rows (${p.mrmr && byInformation(p.mrmr.method) ? 'mutual information' : 'F statistic'}) was dropped, the later where both say the same`,
      p.mrmr &&
        `${p.mrmr.features} columns were chosen by minimum redundancy maximum relevance, ${mrmrNames[p.mrmr.method]}`,
      p.rfe &&
        `${p.rfe.features} of them were kept by recursive feature elimination on ${p.rfe.importance} importance (Guyon et al. 2002)`,
    ]),
    `Classifier: gradient-boosted trees (XGBoost, exact split search; Chen and Guestrin 2016), ${gridText(p.booster)}, ${p.classWeight === 'balanced' ? 'class 1 weighted by the ratio of the classes' : 'without class weights'}; settings with several values were chosen by ${p.innerFolds} stratified inner folds of the training rows. ${
      p.threshold === '0.5'
        ? 'Class 1 is predicted at a probability of 0.5 and above.'
        : 'The probability threshold is the one of largest Youden index over the inner folds.'
    }`,
    'Intervals and paired comparisons use the corrected resampled t-test (Nadeau and Bengio 2003), since the partitions overlap. Selection frequencies count partitions; stability is that of Nogueira et al. (2018). No ranking was made on all patients.',
  ];
}

/** Describes the extraction; names random weights. */
function extractionText(
  extraction: NonNullable<StudyConfig['extraction']>,
  { endpoints }: StudyResults,
): string {
  const { scans, regions, ringMm, ringWithin, missingScan } = extraction;
  const extractors = extractorsOf(extraction.extractors);
  const customNetworks = extractors.filter(
    (name) => ownCheckpoint(extraction.extractors, name) !== undefined,
  );
  const onnx = extractors.filter((name) => ownOnnx(extraction.extractors, name) !== undefined);
  const networks = extractors.filter(
    (name) => name !== 'radiomics' && ![...customNetworks, ...onnx].includes(name),
  );
  const random = endpoints.some(({ featureSets }) =>
    featureSets.some(({ parts }) => parts?.randomWeights),
  );
  const places = regions.map((region) =>
    region === 'intra'
      ? 'inside the tumour'
      : `in a ring of ${ringMm} mm around it, cut at the edge of the ${ringWithin}`,
  );
  const what = [
    extractors.includes('radiomics') && 'handcrafted features by the definitions of PyRadiomics',
    networks.length > 0 &&
      `the global average of the last layer of ${networks.join(', ')} (MedicalNet; Chen et al. 2019)${random ? ', some with RANDOM weights, as the sets say' : ''}`,
    customNetworks.length > 0 &&
      `the global average of the last layer of ${customNetworks.join(', ')}, residual networks with weights of the authors' own`,
    onnx.length > 0 &&
      `the output of ${onnx.join(', ')}, networks given as ONNX files (input, intensities and pooling in config.yaml, SHA-256 in provenance.json)`,
  ].filter((part) => part);
  return `Features were extracted from ${scans.join(', ')}, ${places.join(' and ')}: ${what.join('; ')}. Patients who lack a scan ${
    missingScan === 'drop'
      ? 'were left out'
      : 'kept their other features, the missing ones filled in from training rows'
  }. All settings are in config.yaml.`;
}

function gridText(booster: StudyConfig['pipeline']['booster']): string {
  const names: Record<string, string> = {
    rounds: 'trees',
    maxDepth: 'depth',
    learningRate: 'learning rate',
  };
  return Object.entries(names)
    .map(
      ([key, name]) => `${name} ${(booster[key as keyof typeof booster] as number[]).join(' or ')}`,
    )
    .join(', ');
}

function sentence(parts: (string | false | undefined)[]): string {
  const text = parts.filter((part) => part).join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
