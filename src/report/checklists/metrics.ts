import type { Evidence } from './evidence.ts';
import * as fact from './facts.ts';
import { askAuthor, type ChecklistForm, type FormItem } from './form.ts';

/** The five conditions of METRICS, as a run meets them. */
export const metricsConditions: readonly {
  number: number;
  asks: string;
  holds: (evidence: Evidence) => boolean;
}[] = [
  { number: 1, asks: 'Segmentation is part of the study', holds: (e) => e.scans.length > 0 },
  // nacre takes masks as they are; how they were made is not in a run.
  { number: 2, asks: 'Segmentation is fully automated', holds: () => false },
  { number: 3, asks: 'Handcrafted features are extracted', holds: hasHandcrafted },
  { number: 4, asks: 'Features are a table', holds: () => true },
  { number: 5, asks: 'Deep learning end to end', holds: () => false },
];

function hasHandcrafted({ endpoint }: Evidence): boolean {
  return endpoint.featureSets.some(
    ({ parts, selection }) =>
      parts?.extractors.includes('radiomics') ||
      selection.some(({ block }) => block === 'radiomics' || block === 'handcrafted'),
  );
}

const condition =
  (number: number) =>
  (e: Evidence): boolean =>
    metricsConditions.find((one) => one.number === number)?.holds(e) ?? false;

const both =
  (...numbers: number[]) =>
  (e: Evidence): boolean =>
    numbers.every((number) => condition(number)(e));

type Row = [
  weight: number,
  asks: string,
  answer: FormItem['answer'],
  applies?: (evidence: Evidence) => boolean,
];

function section(name: string, first: number, rows: readonly Row[]): FormItem[] {
  return rows.map(([weight, asks, answer, applies], i) => ({
    number: String(first + i),
    section: name,
    asks,
    answer,
    weight,
    ...(applies === undefined ? {} : { applies }),
  }));
}

/** METRICS, 30 items with weights. */
export const metrics: ChecklistForm = {
  id: 'metrics',
  title: 'METRICS: METhodological RadiomICs Score',
  source:
    'Kocak et al., Insights Imaging 15, 8, 2024, doi:10.1186/s13244-023-01572-w. Numbers, conditions and the weights of items 1 to 23 were compared with the published table 1; the weights of items 24 to 30 are from memory, checked by their sum with the others, which is 1. Wording is our own.',
  items: [
    ...section('Study design', 1, [
      [
        0.0368,
        'Guidelines or checklists are followed',
        askAuthor('Submit CLEAR beside the paper (nacre checklist RUN --form clear).'),
      ],
      [
        0.0735,
        'Eligibility criteria that give a representative population',
        askAuthor('Criteria of the cohort.'),
      ],
      [
        0.0919,
        'Reference standard of high quality, clearly defined',
        askAuthor('How the outcome was determined; its rule is in the manifest.'),
      ],
    ]),
    ...section('Imaging data', 4, [
      [0.0438, 'More than one centre', askAuthor('Number of centres.')],
      [
        0.0292,
        'Imaging source that can be used in clinical practice',
        askAuthor('Whether the protocol follows accepted guidelines.'),
      ],
      [
        0.0438,
        'Imaging protocol with acquisition parameters',
        askAuthor('Scanners and parameters.'),
      ],
      [
        0.0292,
        'Interval between imaging and reference standard',
        askAuthor('Days from scan to surgery.'),
      ],
    ]),
    ...section('Segmentation', 8, [
      [
        0.0337,
        'Segmentation is described',
        askAuthor('Software, readers, procedure.'),
        condition(1),
      ],
      [
        0.0225,
        'Automated segmentation is evaluated',
        askAuthor('Agreement with readers.'),
        both(1, 2),
      ],
      [
        0.0112,
        'Test masks by one reader or one tool',
        askAuthor('Who drew the masks of the test patients.'),
        condition(1),
      ],
    ]),
    ...section('Image processing and feature extraction', 11, [
      [0.0622, 'Pre-processing is appropriate and described', fact.extraction('Pre-processing')],
      [
        0.0311,
        'Standardised extraction software',
        fact.extraction('nacre, checked against the reference values of IBSI'),
        condition(3),
      ],
      [0.0415, 'Extraction parameters are reported', fact.extraction('Extraction parameters')],
    ]),
    ...section('Feature processing', 14, [
      [0.02, 'Non-robust features are removed', fact.robustFeatures, condition(4)],
      [0.02, 'Redundant features are removed', fact.selection, condition(4)],
      [0.03, 'Number of features fits the number of patients', fact.dimension, condition(4)],
      [
        0.02,
        'Robustness of an end-to-end deep pipeline',
        askAuthor('Test and retest.'),
        condition(5),
      ],
    ]),
    ...section('Preparation for modeling', 18, [
      [0.0599, 'Data are partitioned properly', fact.partitions],
      [0.03, 'Confounders are handled', fact.confounders],
    ]),
    ...section('Metrics and comparison', 20, [
      [0.0352, 'Performance metrics fit the task', fact.performance],
      [0.0234, 'Uncertainty is considered', fact.uncertainty],
      [0.0176, 'Calibration is assessed', fact.calibration],
      [0.0117, 'One kind of image, or proof that it is worse', fact.oneScan],
      [0.0293, 'Comparison with a non-radiomic approach', fact.withoutImages],
      [0.0176, 'Comparison with simple or classical models', fact.simpleModel],
    ]),
    ...section('Testing', 26, [
      [0.0375, 'Internal testing', fact.internalTest],
      [0.0749, 'External testing', fact.externalTest],
    ]),
    ...section('Open science', 28, [
      [0.0075, 'Data are available', fact.dataAvailable],
      [0.0075, 'Code is available', fact.codeAvailable],
      [
        0.0075,
        'The model is available',
        askAuthor('nacre train writes it as one file; say where it can be had.'),
      ],
    ]),
  ],
};

/** Conditions as lines of a sheet. */
export function conditionLines(
  evidence: Evidence,
): { number: number; asks: string; holds: boolean }[] {
  return metricsConditions.map(({ number, asks, holds }) => ({
    number,
    asks,
    holds: holds(evidence),
  }));
}
