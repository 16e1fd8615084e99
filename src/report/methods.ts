import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLogistic, logisticOf } from '../learning/pipeline-config.ts';
import { byInformation } from '../learning/relevance.ts';
import { parseStudyConfig, pipelineOfSet, type StudyConfig, setIds } from '../study/config.ts';
import type { StudyResults } from '../study/results.ts';
import { runFiles } from '../study/run-folder.ts';
import { designMethods, statisticsMethods } from './design-text.ts';
import { extractionText, listed } from './methods-extraction.ts';
import { Citations } from './references.ts';
import { cohortTitle, sourceAndLicence } from './said-once.ts';

/** The settings a run was made with. @throws NacreError where `config.yaml` does not parse */
export function readRunConfig(folder: string): StudyConfig {
  const file = join(folder, runFiles.config);
  return parseStudyConfig(readFileSync(file, 'utf8'), file);
}

/** A methods section: a paragraph per entry, and the works that it cites. */
export interface MethodsText {
  paragraphs: string[];
  references: string[];
}

/** Text of a methods section, written from the settings, to be pasted into a paper. */
export function methodsText(results: StudyResults, config: StudyConfig): MethodsText {
  const citations = new Citations();
  const paragraphs = [
    patientsText(results),
    ...(config.extraction === undefined
      ? []
      : extractionText(config.extraction, results, citations)),
    partitionsText(results, citations),
    selectionText(config, citations),
    classifierText(config, citations),
    evaluationText(results, citations),
    furtherText(results, citations),
    `Analyses were done with nacre; settings, seeds, software versions and the SHA-256 of every input are kept with the results.`,
  ];
  return { paragraphs, references: citations.references };
}

function patientsText({ cohort, endpoints }: StudyResults): string {
  const source = cohort.synthetic
    ? 'They were made by code: no number here says anything about cancer.'
    : `Source: ${sourceAndLicence(cohort)}`;
  const labelled = endpoints.map(
    ({ title, patients, positives, positiveName }) =>
      `${title}, known for ${patients} patients (${positives} ${positiveName})`,
  );
  return `${cohort.patients} patients were used (${cohortTitle(cohort)}). ${source} ${endpoints.length === 1 ? 'Endpoint' : 'Endpoints'}: ${listed(labelled)}.`;
}

function partitionsText({ study }: StudyResults, citations: Citations): string {
  return `${designMethods(study)} The primary measure was balanced accuracy ${citations.cite('brodersen')}.`;
}

function selectionText({ pipeline: p, perturb }: StudyConfig, citations: Citations): string {
  return sentence([
    p.stability &&
      `features whose intraclass correlation ICC(${p.stability.icc}) over ${perturb?.times} redrawn outlines of the training patients was below ${p.stability.atLeast} were dropped ${citations.cite('zwanenburg', 'shrout')}`,
    p.impute === 'none'
      ? 'missing values were left as they were'
      : `missing values were replaced by the ${p.impute} of the training rows`,
    `columns of training variance at or below ${p.varianceThreshold} were dropped`,
    p.harmonise && harmoniseText(p.harmonise, citations),
    p.scale === 'zscore' && 'columns were standardised by training mean and standard deviation',
    p.correlationThreshold < 1 &&
      `of two columns with |Pearson r| above ${p.correlationThreshold} the one less relevant on training rows (${p.mrmr && byInformation(p.mrmr.method) ? 'mutual information' : 'F statistic'}) was dropped, the later where both were equally relevant`,
    p.mrmr &&
      `${p.mrmr.features} columns were chosen by minimum redundancy maximum relevance, ${mrmrText(p.mrmr, citations)}`,
    p.rfe &&
      `${p.rfe.features} of them were kept by recursive feature elimination on ${p.rfe.importance} importance ${citations.cite('guyon')}`,
  ]);
}

/** What ComBat did, and whether the outcome took part. */
function harmoniseText(
  { by, covariates, outcome, unknownSite }: NonNullable<StudyConfig['pipeline']['harmonise']>,
  citations: Citations,
): string {
  const preserved = [...(covariates ?? []), ...(outcome ? ['the outcome'] : [])];
  const kept = preserved.length === 0 ? '' : `, preserving ${listed(preserved)}`;
  const unknown = unknownSite === 'pass' ? ' and rows of other sites left as they were' : '';
  const held = outcome ? ' (held-out rows with the training mean of the outcome)' : '';
  return `the location and scale of each ${by ?? 'site'} were taken out of image features by ComBat, parametric empirical Bayes fitted on the training rows and applied to held-out rows of known sites${held}${kept}${unknown} ${citations.cite('johnson', 'fortin')}`;
}

/** The criterion with its source: the difference on mutual information is Peng's, the other three are Ding and Peng's. */
function mrmrText(
  { method, discretisation, sdFactor, bins }: NonNullable<StudyConfig['pipeline']['mrmr']>,
  citations: Citations,
): string {
  const levels =
    discretisation === 'mean-sd'
      ? `levels cut at mean ± ${sdFactor} standard deviations`
      : `${bins} levels of equal counts`;
  switch (method) {
    case 'mid':
      return `mutual information difference (MID) ${citations.cite('peng')}, ${levels}`;
    case 'miq':
      return `mutual information quotient (MIQ) ${citations.cite('ding')}, ${levels}`;
    case 'fcd':
      return `F-test correlation difference (FCD) ${citations.cite('ding')}`;
    case 'fcq':
      return `F-test correlation quotient (FCQ) ${citations.cite('ding')}`;
  }
}

function classifierText(config: StudyConfig, citations: Citations): string {
  const { pipeline: p } = config;
  const classifiers = setIds(config).map((id) => pipelineOfSet(config, id));
  const lines = classifiers.filter(isLogistic);
  const trees =
    lines.length === classifiers.length
      ? []
      : [
          `gradient-boosted trees (XGBoost, exact split search ${citations.cite('xgboost')}), ${gridText(p.booster)}`,
        ];
  const penalties = new Set(lines.flatMap((one) => logisticOf(one).penalty));
  const names = [
    ...(penalties.has('ridge') ? [`ridge ${citations.cite('ridge')}`] : []),
    ...(penalties.has('lasso') ? [`lasso ${citations.cite('lasso')}`] : []),
  ];
  const line =
    lines.length === 0
      ? []
      : [
          `${trees.length > 0 ? 'of some feature sets, as their titles or config.yaml say, ' : ''}logistic regression with a ${names.join(' or ')} penalty of inverse strength ${logisticOf(lines[0]).c.join(' or ')}`,
        ];
  return `The classifier was ${[...trees, ...line].join('; ')}; ${p.classWeight === 'balanced' ? 'class 1 was weighted by the ratio of the classes' : 'there were no class weights'}; settings with several values were chosen by ${p.innerFolds} stratified inner folds of the training rows. ${
    p.threshold === '0.5'
      ? 'Class 1 was predicted at a probability of 0.5 and above.'
      : `The probability threshold was the one of largest Youden index ${citations.cite('youden')} over the inner folds.`
  }`;
}

function evaluationText({ study, endpoints }: StudyResults, citations: Citations): string {
  const audited = endpoints.some(({ featureSets }) => featureSets.some(({ audit }) => audit));
  return [
    statisticsMethods(study, citations),
    `Selection frequencies count partitions; the stability of the selection is Nogueira's ${citations.cite('nogueira')}. No ranking was made on all patients.`,
    ...(audited
      ? [
          `The whole evaluation was repeated with labels shuffled over ${shuffledOver(study)}, where an evaluation without leakage comes out at a balanced accuracy of 50% ${citations.cite('ojala')}.`,
        ]
      : []),
  ].join(' ');
}

function shuffledOver({ design }: StudyResults['study']): string {
  return design?.keepTogether === undefined
    ? 'patients'
    : `whole groups of equal size (rows with the same ${design.keepTogether})`;
}

/** What the report shows beside the accuracy. */
function furtherText({ endpoints }: StudyResults, citations: Citations): string {
  const curve = endpoints.some(({ featureSets }) =>
    featureSets.some(({ learningCurve }) => learningCurve),
  );
  const described = endpoints.some(({ description }) => description);
  return [
    `Calibration on held-out patients was described by calibration in the large, slope ${citations.cite('vanCalster')}, Brier score and expected calibration error, clinical usefulness by decision curves beside treating all and treating none ${citations.cite('vickers')}.`,
    `Contributions of features to held-out predictions are Shapley values ${citations.cite('lundberg')}.`,
    `The number of patients is compared with the minimum for as many candidates ${citations.cite('riley')}.`,
    ...(curve
      ? [
          'The same partitions were evaluated with a share of their training patients (learning curve).',
        ]
      : []),
    ...(described
      ? [
          `Single features were compared between the classes by rank-sum tests with control of the false discovery rate ${citations.cite('benjamini')}; these comparisons are descriptive and enter no model.`,
        ]
      : []),
  ].join(' ');
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
