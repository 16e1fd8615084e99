import * as fact from './facts.ts';
import { askAuthor, type ChecklistForm, type FormItem } from './form.ts';

type Row = [asks: string, answer: FormItem['answer']];

/** Items of one section, numbered on from `first`. */
function section(name: string, first: number, rows: readonly Row[]): FormItem[] {
  return rows.map(([asks, answer], i) => ({
    number: String(first + i),
    section: name,
    asks,
    answer,
  }));
}

/** CLEAR, 58 items. */
export const clear: ChecklistForm = {
  id: 'clear',
  title: 'CLEAR: CheckList for EvaluAtion of Radiomics research',
  source:
    'Kocak et al., Insights Imaging 14, 75, 2023, doi:10.1186/s13244-023-01415-8. Numbers, order and topics were compared with the public form (clearchecklist.github.io), items 1, 2, 8 and 9 in excerpts; items 3 to 6 are from memory. Wording is our own.',
  items: [
    ...section('Title', 1, [
      [
        'The title names the radiomic method',
        askAuthor('Name radiomics, the scans and the kind of validation in the title.'),
      ],
    ]),
    ...section('Abstract', 2, [
      [
        'The abstract is structured and holds the relevant facts',
        askAuthor('The answer box of the report has the numbers for it.'),
      ],
    ]),
    ...section('Keywords', 3, [['Keywords fit radiomics', askAuthor('Choose keywords.')]]),
    ...section('Introduction', 4, [
      ['Scientific or clinical background', askAuthor('Describe the clinical problem.')],
      ['Why a radiomic approach', askAuthor('Say what images may add to clinical variables.')],
      ['Aims of the study', askAuthor('State aims and hypotheses.')],
    ]),
    ...section('Study design', 7, [
      [
        'Guidelines or checklists that were followed',
        askAuthor('Attach this sheet, with what only you can answer filled in.'),
      ],
      [
        'Ethics: approval, consent, data protection',
        askAuthor('Name approval and consent of the cohort.'),
      ],
      ['How the sample size was determined', fact.sampleSize],
      [
        'Nature of the study (retrospective, prospective)',
        askAuthor('State whether data were collected for this study.'),
      ],
      [
        'Eligibility criteria',
        askAuthor(
          'Inclusion and exclusion criteria of the cohort; who was left out of the tables, and why, is in the report.',
        ),
      ],
      [
        'Flowchart of the technical pipeline',
        askAuthor('The methods text lists the steps in order; draw them.'),
      ],
    ]),
    ...section('Data', 13, [
      ['Source of the data', fact.dataSource],
      ['Overlap with earlier publications', askAuthor('Name studies of the same patients.')],
      ['How data were split', fact.splitText],
      ['Imaging protocol', askAuthor('Scanners and acquisition parameters.')],
      ['Definition of predictors other than radiomic ones', fact.nonRadiomic],
      ['Definition of the reference standard (outcome)', fact.outcome],
    ]),
    ...section('Segmentation', 19, [
      [
        'How tumours were segmented',
        askAuthor('Software, manual or automatic, two- or three-dimensional.'),
      ],
      ['Who segmented', askAuthor('Number, experience and agreement of the readers.')],
    ]),
    ...section('Pre-processing', 21, [
      ['Pre-processing of images', fact.extraction('Pre-processing')],
      ['Resampling and its parameters', fact.extraction('Resampling')],
      ['Discretisation and its parameters', fact.extraction('Discretisation')],
      ['Image types (original, filtered)', fact.extraction('Image types')],
    ]),
    ...section('Feature extraction', 25, [
      ['Extraction method and software', fact.extraction('Extraction')],
      ['Feature classes', fact.extraction('Feature classes')],
      ['Number of features', fact.features],
      [
        'Statement on settings left at their default',
        fact.extraction('Defaults of PyRadiomics where not named'),
      ],
    ]),
    ...section('Data preparation', 29, [
      ['Missing data', fact.missing],
      ['Class imbalance', fact.imbalance],
      ['Reliability of the segmentation', fact.reliability],
      ['Scaling of features', fact.scaling],
      ['Reduction of dimension', fact.selection],
    ]),
    ...section('Modeling', 34, [
      ['Algorithm', fact.model],
      ['Training and tuning', fact.tuning],
      ['Confounders', fact.confounders],
      ['How the model was chosen', fact.tuning],
    ]),
    ...section('Evaluation', 38, [
      ['How it was tested (internal, external)', fact.internalTest],
      ['Performance metrics and why', fact.performance],
      ['Uncertainty', fact.uncertainty],
      ['Statistical comparison of models', fact.comparison],
      ['Comparison with non-radiomic and combined methods', fact.withoutImages],
      ['Interpretability', fact.explanation],
    ]),
    ...section('Results', 44, [
      ['Baseline characteristics', fact.tableOne],
      ['Flowchart of eligibility', fact.patients],
      ['Feature statistics', fact.featureStatistics],
      ['Performance of the models', fact.performance],
      ['Comparison with non-radiomic and combined approaches', fact.withoutImages],
    ]),
    ...section('Discussion', 49, [
      ['Overview of the findings', askAuthor('Start from the sentence in the answer box.')],
      [
        'Earlier work and differences to it',
        askAuthor('Published numbers beside ours are in the report, on other patients.'),
      ],
      ['Practical implications', askAuthor('Discuss them.')],
      [
        'Strengths and limitations',
        askAuthor('The list of assumptions and the sample size are a start.'),
      ],
    ]),
    ...section('Open science: data', 53, [
      ['Images and segmentations are shared', askAuthor('Say where images and masks can be had.')],
      ['Radiomic features are shared', fact.dataAvailable],
    ]),
    ...section('Open science: code', 55, [
      ['Scripts or settings of pre-processing are shared', fact.codeAvailable],
      ['Source code of the modeling is shared', fact.codeAvailable],
    ]),
    ...section('Open science: model', 57, [
      [
        'Final model files are shared',
        askAuthor('nacre train writes the model as one file; say where it can be had.'),
      ],
      [
        'A ready-to-use system is shared',
        askAuthor('nacre predict takes that file to new patients.'),
      ],
    ]),
  ],
};
