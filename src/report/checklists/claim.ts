import * as fact from './facts.ts';
import { askAuthor, type ChecklistForm, type FormItem, filled, notDone } from './form.ts';

type Row = [section: string, asks: string, answer: FormItem['answer']];

const rows: readonly Row[] = [
  [
    'Title and abstract',
    'Title or abstract name the method of artificial intelligence',
    askAuthor('Write them.'),
  ],
  [
    'Title and abstract',
    'Structured summary',
    askAuthor('The answer box of the report has the numbers for it.'),
  ],
  ['Introduction', 'Background, intended use and clinical role', askAuthor('Describe them.')],
  ['Introduction', 'Aims and hypotheses', askAuthor('State them.')],
  ['Study design', 'Prospective or retrospective', askAuthor('State it.')],
  [
    'Study design',
    'Goal of the study',
    askAuthor('State it; this run develops and evaluates internally.'),
  ],
  ['Data', 'Sources of data', fact.dataSource],
  [
    'Data',
    'Inclusion and exclusion',
    askAuthor('Criteria of the cohort; who was left out of the tables, and why, is in the report.'),
  ],
  ['Data', 'Pre-processing', fact.extraction('Pre-processing')],
  ['Data', 'Selection of parts of the data', fact.extraction('Regions')],
  [
    'Data',
    'De-identification',
    askAuthor('State how; pseudonyms and days in place of dates are what nacre offers.'),
  ],
  ['Data', 'Missing data', fact.missing],
  ['Data', 'Acquisition protocol', askAuthor('Scanners and parameters.')],
  ['Reference standard', 'How the reference standard was obtained', fact.outcome],
  ['Reference standard', 'Why this one', askAuthor('State it.')],
  [
    'Reference standard',
    'Who annotated, with what qualification',
    askAuthor('Who drew the masks and assessed the outcome.'),
  ],
  ['Reference standard', 'Annotation of the test set', askAuthor('State it.')],
  ['Reference standard', 'Agreement within and between readers', fact.reliability],
  ['Data partitions', 'How data were assigned to partitions', fact.splitText],
  [
    'Data partitions',
    'Level at which partitions are disjoint',
    (e) =>
      filled(
        `Patients: ${e.result('/study/partitions')} partitions, no patient on both sides (partitions.json, checked by nacre trace).`,
      ),
  ],
  ['Testing data', 'Intended sample size', fact.sampleSize],
  ['Model', 'Description of the model', fact.model],
  ['Model', 'Software, frameworks, packages', fact.software],
  [
    'Model',
    'Initial values of parameters',
    (e) =>
      e.extracts
        ? filled(
            `Networks as in provenance.json, seed of random weights ${e.setting('/extraction/weightsSeed')}; trees start from none.`,
          )
        : filled(`Trees start from none; seed ${e.setting('/seed')}.`),
  ],
  ['Training', 'Training: augmentation, hyperparameters, number of models', fact.tuning],
  ['Training', 'How the final model was selected', fact.tuning],
  ['Training', 'Ensembles', fact.model],
  ['Evaluation', 'Metrics of performance', fact.performance],
  ['Evaluation', 'Significance and uncertainty', fact.uncertainty],
  ['Evaluation', 'Robustness or sensitivity analysis', fact.robustness],
  ['Evaluation', 'Explainability or interpretability', fact.explanation],
  ['Evaluation', 'Internal testing', fact.internalTest],
  ['Evaluation', 'External testing', fact.externalTest],
  [
    'Evaluation',
    'Registration of a clinical trial',
    askAuthor('Name it, or state that there is none.'),
  ],
  ['Results: data', 'Patients included and excluded', fact.patients],
  ['Results: data', 'Characteristics of the patients', fact.tableOne],
  ['Results: performance', 'Performance on all partitions, with uncertainty', fact.performance],
  ['Results: performance', 'Diagnostic accuracy and its precision', fact.uncertainty],
  [
    'Results: performance',
    'Analysis of wrong predictions',
    (e) =>
      notDone(
        `Counts only: confusion matrices; in the first partition ${e.result(e.atSet(e.answer.ours, '/partitions/0/confusion/falsePositive'))} false positives and ${e.result(e.atSet(e.answer.ours, '/partitions/0/confusion/falseNegative'))} false negatives. Who they are is in predictions.parquet.`,
      ),
  ],
  [
    'Discussion',
    'Limitations',
    askAuthor('The list of assumptions and the sample size are a start.'),
  ],
  ['Discussion', 'Implications for practice', askAuthor('Discuss them.')],
  [
    'Other',
    'Protocol or further details',
    (e) =>
      filled(
        `Study file with SHA-256 ${e.result('/study/configSha256')}, seed ${e.result('/study/seed')}.`,
      ),
  ],
  ['Other', 'Availability of software, model and data', fact.codeAvailable],
  ['Other', 'Funding and role of the funders', askAuthor('State it.')],
];

/** CLAIM, 2024 update, 44 items. */
export const claim: ChecklistForm = {
  id: 'claim',
  title: 'CLAIM: Checklist for Artificial Intelligence in Medical Imaging, 2024 update',
  source:
    'Tejani et al., Radiology: Artificial Intelligence 6, e240300, 2024, doi:10.1148/ryai.240300. Numbers and topics are from memory; compare with the form before submitting. Wording is our own.',
  items: rows.map(([section, asks, answer], i) => ({
    number: String(i + 1),
    section,
    asks,
    answer,
  })),
};
