import type { ErrorCatalogue } from './catalogue.ts';

/** Study, run folder, trained models and predictions. */
export const studyErrors = {
  'run-missing': {
    when: 'There is no finished run in the folder.',
    todo: 'Run the study, or correct the folder.',
  },
  'run-differs': {
    when: 'The run folder belongs to another study, configuration or cohort.',
    todo: 'Use another --out, or --overwrite.',
  },
  'no-extraction': {
    when: 'The study extracts nothing: it reads feature tables.',
    todo: 'Use a study with a group `extraction`.',
  },
  'scan-missing': {
    when: 'A model needs a scan that the new patient does not have.',
    todo: 'Add the scan.',
  },
  'feature-missing': {
    when: 'A model needs a feature or clinical variable that is not given.',
    todo: 'Add the value.',
  },
  'spacing-out-of-range': {
    when: 'A scan has voxels unlike those of training.',
    todo: 'The model does not hold for this scan.',
  },
  'outside-training': {
    when: 'A number of a new patient lies farther outside the range of training than that range is wide.',
    todo: 'Check the value and its unit; --allow-outside predicts all the same, with a remark.',
  },
  'other-coding': {
    when: 'A clinical variable has another type or another coding than in the training of a model.',
    todo: 'Describe it in the manifest as the cohort of training has it.',
  },
  'training-patients': {
    when: 'A model is to be evaluated on the patients that it was trained on.',
    todo: 'Name another cohort, or choose other patients with --only.',
  },
  'no-outcome': {
    when: 'No patient with a prediction has a known outcome, so that nothing can be evaluated.',
    todo: 'Describe the endpoint in the manifest, or use nacre predict.',
  },
  'other-weights': {
    when: 'A network has other weights than in training.',
    todo: 'Install the checkpoint that the model was trained with.',
  },
} as const satisfies ErrorCatalogue;
