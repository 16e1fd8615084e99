import * as fact from './facts.ts';
import { askAuthor, type ChecklistForm, type FormItem, filled, notDone } from './form.ts';

type Row = [number: string, section: string, asks: string, answer: FormItem['answer']];

const rows: readonly Row[] = [
  [
    '1',
    'Title',
    'The title says that a prediction model is developed or evaluated, for whom and of what outcome',
    askAuthor('Write the title.'),
  ],
  [
    '2',
    'Abstract',
    'Abstract after TRIPOD+AI for Abstracts',
    askAuthor('The answer box of the report has the numbers for it.'),
  ],
  [
    '3a',
    'Background',
    'Health care context and rationale, with existing models',
    askAuthor('Describe the clinical problem and earlier models.'),
  ],
  ['3b', 'Background', 'Target population, intended use and users', askAuthor('State them.')],
  ['3c', 'Background', 'Known inequalities between groups', askAuthor('State them.')],
  [
    '4',
    'Objectives',
    'Aims: development, evaluation or both',
    askAuthor('State them; this run develops and evaluates internally.'),
  ],
  ['5a', 'Data', 'Sources of data for development and evaluation', fact.dataSource],
  ['5b', 'Data', 'Dates of the data', askAuthor('Start and end of accrual and follow-up.')],
  ['6a', 'Participants', 'Setting, number and place of centres', askAuthor('State them.')],
  [
    '6b',
    'Participants',
    'Eligibility criteria',
    askAuthor('Criteria of the cohort; who was left out of the tables, and why, is in the report.'),
  ],
  ['6c', 'Participants', 'Treatments received', askAuthor('Describe the chemotherapy.')],
  ['7', 'Data preparation', 'Pre-processing and quality checks', fact.scaling],
  ['8a', 'Outcome', 'Definition of the outcome, how and when assessed', fact.outcome],
  ['8b', 'Outcome', 'Who assessed it, where that needs judgement', askAuthor('State it.')],
  ['8c', 'Outcome', 'Blinding of its assessment', askAuthor('State it.')],
  ['9a', 'Predictors', 'How initial predictors were chosen', fact.features],
  ['9b', 'Predictors', 'Definition of all predictors, how and when measured', fact.nonRadiomic],
  [
    '9c',
    'Predictors',
    'Who measured them, where that needs judgement',
    askAuthor('Who drew the masks.'),
  ],
  ['10', 'Sample size', 'How the size was arrived at, and whether it is enough', fact.sampleSize],
  ['11', 'Missing data', 'How missing data were handled', fact.missing],
  [
    '12a',
    'Analytical methods',
    'How data were used (development, evaluation), with partitions',
    fact.splitText,
  ],
  ['12b', 'Analytical methods', 'How predictors were handled', fact.scaling],
  [
    '12c',
    'Analytical methods',
    'Type of model, building steps, tuning, internal validation',
    fact.model,
  ],
  ['12d', 'Analytical methods', 'Heterogeneity between clusters (centres)', fact.confounders],
  [
    '12e',
    'Analytical methods',
    'Measures and plots of performance, and comparison of models',
    fact.calibration,
  ],
  [
    '12f',
    'Analytical methods',
    'Updating of a model after evaluation',
    () => notDone('No model was updated in this run.'),
  ],
  ['12g', 'Analytical methods', 'How predictions of an evaluated model were computed', fact.tuning],
  [
    '13',
    'Class imbalance',
    'Methods for class imbalance, and recalibration after them',
    fact.imbalance,
  ],
  ['14', 'Fairness', 'Approach to fairness', fact.fairness],
  [
    '15',
    'Model output',
    'What the model gives (probability, class) and its threshold',
    (e) =>
      filled(
        `Probability of ${e.result(e.at('/positiveName'))}; class by the threshold ${e.setting('/pipeline/threshold')}.`,
      ),
  ],
  [
    '16',
    'Training versus evaluation',
    'Differences between development and evaluation data',
    fact.internalTest,
  ],
  ['17', 'Ethical approval', 'Approval and consent', askAuthor('State them.')],
  ['18a', 'Open science', 'Funding', askAuthor('State it.')],
  ['18b', 'Open science', 'Conflicts of interest', askAuthor('State them.')],
  [
    '18c',
    'Open science',
    'Protocol',
    (e) =>
      filled(
        `The study file is the protocol of the analysis: configuration SHA-256 ${e.result('/study/configSha256')}, seed ${e.result('/study/seed')}. Whether it was fixed before the outcome was seen is for the author to add.`,
      ),
  ],
  ['18d', 'Open science', 'Registration', askAuthor('Name it, or state that there is none.')],
  ['18e', 'Open science', 'Availability of data', fact.dataAvailable],
  ['18f', 'Open science', 'Availability of code', fact.codeAvailable],
  [
    '19',
    'Patient and public involvement',
    'Involvement of patients and the public',
    askAuthor('State it.'),
  ],
  ['20a', 'Participants', 'Flow of participants, with and without the outcome', fact.patients],
  ['20b', 'Participants', 'Characteristics, with missing values and events', fact.tableOne],
  ['20c', 'Participants', 'Comparison of development and evaluation data', fact.internalTest],
  ['21', 'Model development', 'Participants and events in each analysis', fact.sampleSize],
  [
    '22',
    'Model specification',
    'The full model, so that others can predict with it',
    askAuthor(
      'nacre train writes it as one file with its recipe and model card; say where it can be had.',
    ),
  ],
  ['23a', 'Model performance', 'Performance with intervals, also of subgroups', fact.performance],
  ['23b', 'Model performance', 'Heterogeneity of performance between clusters', fact.confounders],
  [
    '24',
    'Model updating',
    'Results of updating',
    () => notDone('No model was updated in this run.'),
  ],
  [
    '25',
    'Interpretation',
    'Interpretation, with fairness and earlier studies',
    askAuthor('Start from the sentence in the answer box.'),
  ],
  [
    '26',
    'Limitations',
    'Limitations and their effect',
    askAuthor('The list of assumptions and the sample size are a start.'),
  ],
  [
    '27a',
    'Usability',
    'Poor or missing input when the model is used',
    (e) =>
      filled(
        `At prediction missing values are filled in by the ${e.setting('/pipeline/impute')} of the training rows; numbers far outside the training range are refused (nacre predict).`,
      ),
  ],
  ['27b', 'Usability', 'What users must do and know', askAuthor('State it.')],
  ['27c', 'Usability', 'Next steps of research', askAuthor('State them.')],
];

/** TRIPOD+AI, 27 items with their parts. */
export const tripodAi: ChecklistForm = {
  id: 'tripod-ai',
  title: 'TRIPOD+AI',
  source:
    'Collins et al., BMJ 385, e078378, 2024, doi:10.1136/bmj-2023-078378. Items 1 to 6 were compared with a public copy; numbers and topics of the others are from memory. Wording is our own.',
  items: rows.map(([number, section, asks, answer]) => ({ number, section, asks, answer })),
};
