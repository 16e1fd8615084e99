import { runFiles } from '../../study/run-folder.ts';
import { eventsOf } from '../patient-tables.ts';
import type { Evidence } from './evidence.ts';
import { type Answering, author, filled, notDone } from './form.ts';

// What a run can say, one fact per function; the forms put them to their items.

export const patients: Answering = (e) =>
  filled(
    `${e.result('/cohort/title')}: ${e.result('/cohort/patients')} patients in the joined table, ${e.result(e.at('/patients'))} with a known outcome (${e.result(e.at('/title'))}), of whom ${e.result(e.at('/positives'))} ${e.result(e.at('/positiveName'))}; ${leftOut(e)} left out, with reasons in the report.`,
  );

function leftOut(e: Evidence): string {
  return String((e.read(runFiles.results, '/cohort/excluded') as unknown[]).length);
}

export const dataSource: Answering = (e) =>
  filled(
    `${e.result('/cohort/title')}; ${e.result('/cohort/citation').replace(/\.$/, '')}; licence ${e.result('/cohort/licence')}.${e.run.results.cohort.synthetic ? ' Synthetic patients, made by code.' : ''}`,
  );

export const outcome: Answering = (e) =>
  filled(
    `${e.result(e.at('/title'))}: ${e.result(e.at('/positiveName'))} against ${e.result(e.at('/negativeName'))}, by the rule of the manifest. When and by whom it was assessed is for the author to add.`,
  );

export const partitions: Answering = (e) => {
  const text = `Design ${e.design}: ${e.result('/study/partitions')} partitions of patients, stratified, seed ${e.result('/study/seed')}; patients of each side and a SHA-256 over their ids in partitions.json. Imputation, scaling, filters, selection, tuning and threshold are fitted on training rows only.`;
  const leak = e.run.results.cohort.notices.findIndex((one) => /test patients included/.test(one));
  return leak < 0 ? filled(text) : notDone(`${text} But: ${e.result(`/cohort/notices/${leak}`)}`);
};

export const splitText: Answering = (e) => filled(partitions(e).text);

export const missing: Answering = (e) => {
  const blocks = e.endpoint.description?.missing ?? [];
  const counts = blocks.map(
    ({ block }, i) =>
      `${block}: ${e.result(e.at(`/description/missing/${i}/incomplete`))} of ${e.result(e.at(`/description/missing/${i}/columns`))} columns lack a value of some patient`,
  );
  return filled(
    `Missing values: ${e.setting('/pipeline/impute')} of the training rows. ${counts.join('; ')}.`,
  );
};

export const sampleSize: Answering = (e) => {
  const { ours } = e.answer;
  return filled(
    `By availability: ${e.result(e.atSet(ours, '/patients'))} patients, ${eventsOf(ours)} of the smaller class (${e.result(e.atSet(ours, '/positives'))} ${e.endpoint.positiveName}), ${e.result(e.atSet(ours, '/candidates'))} candidates; the minimum after Riley et al. 2020 stands beside them in the report.`,
  );
};

export const imbalance: Answering = (e) =>
  filled(
    `${e.result(e.at('/positives'))} of ${e.result(e.at('/patients'))} patients are ${e.endpoint.positiveName}; class weight ${e.setting('/pipeline/classWeight')}; stratified partitions; no resampling of patients.`,
  );

export const scaling: Answering = (e) =>
  e.config.pipeline.scale === 'none'
    ? notDone(`Scaling: ${e.setting('/pipeline/scale')}.`)
    : filled(`Scaling: ${e.setting('/pipeline/scale')}, with mean and sd of the training rows.`);

export const selection: Answering = (e) => {
  const { mrmr, rfe, correlationThreshold } = e.config.pipeline;
  const steps = [
    correlationThreshold < 1
      ? `columns with |r| above ${e.setting('/pipeline/correlationThreshold')} dropped`
      : '',
    mrmr
      ? `mRMR (${e.setting('/pipeline/mrmr/method')}) to ${e.setting('/pipeline/mrmr/features')}`
      : '',
    rfe ? `recursive elimination to ${e.setting('/pipeline/rfe/features')}` : '',
  ].filter((step) => step !== '');
  return steps.length === 0
    ? notDone('No filter of correlated columns, no mRMR, no recursive elimination.')
    : filled(`Within the training rows of each partition: ${steps.join('; ')}.`);
};

export const robustFeatures: Answering = (e) => {
  const redrawn = e.readIfThere(runFiles.config, '/perturb/times');
  if (redrawn === undefined) {
    return notDone(
      'Features were not tested against another outline, and none was removed for being unstable.',
    );
  }
  const filter = e.readIfThere(runFiles.config, '/pipeline/stability');
  return filter === undefined
    ? notDone(
        `Outlines were redrawn ${redrawn} times and ICCs are in the report, but no feature was removed for it.`,
      )
    : filled(
        `Outlines were redrawn ${redrawn} times; features were removed by their intraclass correlation over training patients (${JSON.stringify(filter)}).`,
      );
};

export const reliability: Answering = (e) => {
  const redrawn = e.readIfThere(runFiles.config, '/perturb/times');
  return redrawn === undefined
    ? notDone('Features were not tested against another outline.')
    : filled(
        `Outlines were redrawn ${redrawn} times; intraclass correlations of every feature with intervals are in the report.`,
      );
};

export const fairness: Answering = (e) => {
  const { ours } = e.answer;
  const groups = ours.subgroups ?? [];
  if (groups.length === 0)
    return author(
      'No subgroups in this run (subgroups in the study file): state the approach to fairness.',
    );
  return filled(
    `Every metric by ${groups.map((_, i) => e.result(e.atSet(ours, `/subgroups/${i}/title`))).join(', ')}, with counts and intervals in the report. What follows from it is for the author to add.`,
  );
};

/** Events per feature in the final model below which a model is taken for too large. */
const fewestEvents = 10;

export const dimension: Answering = (e) => {
  const { ours } = e.answer;
  const [first] = ours.partitions;
  const kept = first.selected.length;
  const events = eventsOf({ patients: first.train.patients, positives: first.train.positives });
  const text = `${e.result(e.atSet(ours, '/partitions/0/train/patients'))} training patients (${e.result(e.atSet(ours, '/partitions/0/train/positives'))} ${e.endpoint.positiveName}) and ${kept} features in the final model of the first partition (${e.result(e.atSet(ours, '/partitions/0/selected'))}): ${(events / Math.max(1, kept)).toFixed(1)} events per feature`;
  return events >= fewestEvents * kept
    ? filled(`${text}.`)
    : notDone(`${text}, below ${fewestEvents}.`);
};

export const model: Answering = (e) => {
  const classifier = e.readIfThere(runFiles.config, '/pipeline/classifier') ?? 'xgboost';
  return filled(
    `${String(classifier) === 'xgboost' ? 'Gradient-boosted trees' : String(classifier)}: trees ${e.setting('/pipeline/booster/rounds')}, depth ${e.setting('/pipeline/booster/maxDepth')}, learning rate ${e.setting('/pipeline/booster/learningRate')}; engine ${String(e.readIfThere(runFiles.provenance, '/booster/engine') ?? 'as in provenance.json')}.`,
  );
};

export const tuning: Answering = (e) =>
  filled(
    `Settings with several values were chosen by ${e.setting('/pipeline/innerFolds')} stratified inner folds of the training rows (${e.setting('/pipeline/innerMetric')}); threshold ${e.setting('/pipeline/threshold')}; seed ${e.setting('/seed')}.`,
  );

export const performance: Answering = (e) => {
  const { ours } = e.answer;
  return filled(
    `${e.result(e.atSet(ours, '/title'))}: balanced accuracy ${e.interval(ours, 'balancedAccuracy')}, AUC ${e.interval(ours, 'auc')}, sensitivity ${e.interval(ours, 'sensitivity')}, specificity ${e.interval(ours, 'specificity')}; confusion matrices and all other sets in the report.`,
  );
};

export const uncertainty: Answering = (e) => {
  const { ours } = e.answer;
  return filled(
    `95% intervals beside every mean, by the method that the methods text names for the design ${e.design}; ${e.result(e.atSet(ours, '/title'))}: balanced accuracy ${e.interval(ours, 'balancedAccuracy')}, standard deviation over partitions ${e.percent(e.atSet(ours, '/summary/balancedAccuracy/sd'))}.`,
  );
};

export const calibration: Answering = (e) => {
  const { ours } = e.answer;
  return filled(
    `In the large, slope, expected calibration error and a plot in the report, on held-out patients; Brier score of ${e.result(e.atSet(ours, '/title'))} ${e.result(e.atSet(ours, '/summary/brier/mean'))}.`,
  );
};

export const withoutImages: Answering = (e) => {
  const { ours, withoutImages: clinical, difference } = e.answer;
  if (clinical === undefined) return notDone('No arm without images to compare with.');
  const text = `${e.result(e.atSet(ours, '/title'))} ${e.interval(ours, 'balancedAccuracy')} beside ${e.result(e.atSet(clinical, '/title'))} ${e.interval(clinical, 'balancedAccuracy')}`;
  if (difference === undefined) return notDone(`${text}, without a test of the difference.`);
  const which = e.endpoint.comparisons.findIndex(
    ({ a, b, metric }) =>
      metric === 'balancedAccuracy' && [a, b].includes(ours.id) && [a, b].includes(clinical.id),
  );
  return filled(
    `${text}; tested on the same partitions: ${e.result(e.at(`/comparisons/${which}/a`))} minus ${e.result(e.at(`/comparisons/${which}/b`))} ${e.percent(e.at(`/comparisons/${which}/difference`))}, p ${e.result(e.at(`/comparisons/${which}/p`))}; decision curves in the report.`,
  );
};

export const comparison: Answering = (e) =>
  e.endpoint.comparisons.length === 0
    ? notDone('No two sets are compared.')
    : filled(
        `${e.endpoint.comparisons.length} paired comparisons on the same partitions; the first: ${e.result(e.at('/comparisons/0/a'))} minus ${e.result(e.at('/comparisons/0/b'))}, ${e.result(e.at('/comparisons/0/metric'))} ${e.percent(e.at('/comparisons/0/difference'))} (${e.percent(e.at('/comparisons/0/low'))} to ${e.percent(e.at('/comparisons/0/high'))}).`,
      );

export const simpleModel: Answering = (e) => {
  const at = e.endpoint.featureSets.findIndex((set) => set.classifier === 'logistic');
  if (at < 0) return notDone('No arm of a simple statistical model (classifier: logistic).');
  const set = e.endpoint.featureSets[at];
  return filled(
    `${e.result(e.atSet(set, '/title'))}, ${e.result(e.atSet(set, '/classifier'))}: balanced accuracy ${e.interval(set, 'balancedAccuracy')}.`,
  );
};

export const oneScan: Answering = (e) => {
  const { scans } = e;
  if (scans.length === 0) return notDone('No images in this study.');
  if (scans.length === 1) return filled(`One scan: ${scans[0]}.`);
  const single = e.endpoint.featureSets.find(({ parts }) => parts?.scans.length === 1);
  return single === undefined
    ? notDone(`Several scans (${scans.join(', ')}), no set of one scan beside them.`)
    : filled(
        `Several scans (${scans.join(', ')}), and sets of one beside them: ${e.result(e.atSet(single, '/title'))} ${e.interval(single, 'balancedAccuracy')}.`,
      );
};

export const confounders: Answering = (e) => {
  const harmonise = e.readIfThere(runFiles.config, '/pipeline/harmonise');
  if (harmonise !== undefined)
    return filled(`Sites harmonised on training rows: ${JSON.stringify(harmonise)}.`);
  if (e.design === 'leave-one-group-out') {
    return filled(
      `Groups were held out one by one (${e.result('/study/partitions')}), with results of each.`,
    );
  }
  return notDone('Neither harmonisation of sites nor groups held out.');
};

export const internalTest: Answering = (e) => {
  const { ours } = e.answer;
  return filled(
    `Held-out patients in each of ${e.result('/study/partitions')} partitions: ${e.result(e.atSet(ours, '/partitions/0/test/patients'))} in the first, ${e.result(e.atSet(ours, '/partitions/0/test/positives'))} of them ${e.endpoint.positiveName}.`,
  );
};

export const externalTest: Answering = (e) =>
  e.design === 'leave-one-group-out'
    ? filled(
        `Each group was predicted by a model of the others (${e.result('/study/partitions')} groups).`,
      )
    : notDone(
        'No patients of another institution in this run (nacre evaluate takes a trained model to them).',
      );

export const robustness: Answering = (e) => {
  const { ours } = e.answer;
  return filled(
    `The same over ${e.result('/study/partitions')} partitions, with the stability of the selection (Nogueira) ${e.result(e.atSet(ours, '/stability/value'))}; without single scans and regions where the study has such sets.`,
  );
};

export const audit: Answering = (e) => {
  const set = e.endpoint.featureSets.find(({ audit: one }) => one !== undefined);
  if (set === undefined) return notDone('No permuted-label audit.');
  return filled(
    `Permuted-label audit of ${e.result(e.atSet(set, '/title'))}: ${e.result(e.atSet(set, '/audit/permutations'))} permutations, mean balanced accuracy ${e.percent(e.atSet(set, '/audit/mean'))}.`,
  );
};

export const explanation: Answering = (e) => {
  const { ours } = e.answer;
  if (ours.selection.length === 0) return notDone('No feature was kept.');
  return filled(
    `${e.run.contributions.length > 0 ? 'Contributions to every held-out prediction (contributions.parquet, summary in the report); ' : ''}most often kept: ${e.result(e.atSet(ours, '/selection/0/feature'))}, in ${e.percent(e.atSet(ours, '/selection/0/frequency'))} of the partitions.`,
  );
};

export const tableOne: Answering = (e) => {
  const rows = e.endpoint.description?.tableOne ?? [];
  if (rows.length === 0) return author('Table 1: this run holds no clinical variables.');
  return filled(
    `Table 1 by outcome in the report (${rows.length} columns); ${e.result(e.at('/description/tableOne/0/name'))} known for ${e.result(e.at('/description/tableOne/0/all/known'))} patients.`,
  );
};

export const featureStatistics: Answering = (e) => {
  if (e.endpoint.description === undefined)
    return author('Statistics of single features: made by an earlier version.');
  return filled(
    `Selection frequencies, ranks and gains of every set; single features against the outcome: ${e.result(e.at('/description/univariate/tests'))} tested, ${e.result(e.at('/description/univariate/discoveries'))} with q of at most 0.05 (descriptive).`,
  );
};

export const features: Answering = (e) => {
  const { ours } = e.answer;
  return filled(
    `${e.result(e.atSet(ours, '/candidates'))} candidate features in ${e.result(e.atSet(ours, '/title'))}; every set with its number in the report.`,
  );
};

export const extraction =
  (what: string): Answering =>
  (e) =>
    e.extracts
      ? filled(
          `${what}: scans ${e.setting('/extraction/scans')}, regions ${e.setting('/extraction/regions')}, ring ${e.setting('/extraction/ringMm')} mm; settings ${e.setting('/extraction/radiomics')}; the methods text writes them out.`,
        )
      : author(`${what}: the features came ready made, their makers' settings are not in the run.`);

export const software: Answering = (e) =>
  filled(
    `nacre ${textAt(e, '/nacre')}, Node ${textAt(e, '/node')}, commit ${textAt(e, '/gitCommit')}; packages and versions in provenance.json.`,
  );

function textAt(e: Evidence, pointer: string): string {
  return String(e.readIfThere(runFiles.provenance, pointer) ?? 'unknown');
}

export const dataAvailable: Answering = (e) => {
  const licence = e.run.results.cohort.licence;
  return /^(CC|MIT|public)/i.test(licence)
    ? filled(
        `Public: ${e.result('/cohort/citation').replace(/\.$/, '')}; licence ${e.result('/cohort/licence')}; SHA-256 of every input in provenance.json.`,
      )
    : author(`Data sharing: licence of the cohort: ${e.result('/cohort/licence')}.`);
};

export const codeAvailable: Answering = (e) =>
  filled(
    `nacre ${textAt(e, '/nacre')} (MIT licence), commit ${textAt(e, '/gitCommit')}; configuration SHA-256 ${e.result('/study/configSha256')}; nacre reproduce runs it again.`,
  );

export const nonRadiomic: Answering = (e) => {
  const rows = e.endpoint.description?.tableOne ?? [];
  return rows.length === 0
    ? author('Definition of clinical predictors: as in the manifest of the cohort.')
    : filled(
        `${rows.length} clinical columns, measured before treatment (the manifest gives meaning and unit of each): ${rows.map((_, i) => e.result(e.at(`/description/tableOne/${i}/name`))).join(', ')}.`,
      );
};
