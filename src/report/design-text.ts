import { designOf } from '../evaluation/design.ts';
import type { StudyResults } from '../study/results.ts';
import type { Citations } from './references.ts';

type Study = Pick<StudyResults['study'], 'design' | 'partitions' | 'testShare' | 'seed'>;

/** The design in a line: `10 stratified partitions, 20.0% held out, seed 3394`. */
export function designLine(study: Study): string {
  const { partitions, testShare, seed } = study;
  const design = designOf(study);
  switch (design.kind) {
    case 'hold-out':
      return `${partitions} stratified partitions, ${(100 * testShare).toFixed(1)}% held out, seed ${seed}`;
    case 'k-fold':
      return `${design.repeats} × ${design.folds} stratified folds, seed ${seed}`;
    case 'fixed-split':
      return `one split by ${design.column}: trained on ${design.train.join(' + ')}, tested on ${design.test.join(' + ')}`;
    case 'leave-one-group-out':
      return `leave one ${design.column ?? 'group'} out, ${partitions} held out once each`;
  }
}

/** How means and intervals of a table are to be read. */
export function intervalLine(study: Study): string {
  switch (designOf(study).kind) {
    case 'hold-out':
      return 'mean ± standard deviation over partitions; 95% intervals by the corrected resampled variance on the angular scale';
    case 'k-fold':
      return 'mean ± standard deviation over folds; 95% intervals by the corrected repeated k-fold variance on the angular scale';
    case 'fixed-split':
      return '95% intervals over test patients: AUC by DeLong, shares by Wilson, the others by bootstrap';
    case 'leave-one-group-out':
      return 'all groups together ± standard deviation over groups; 95% intervals over patients: AUC by DeLong within groups, shares by Wilson, the others by bootstrap';
  }
}

/** Sentences of a methods section on how patients were divided. */
export function designMethods(study: Study): string {
  const design = designOf(study);
  const held = Math.round(100 * study.testShare);
  const fitted =
    'Everything that follows was fitted on the training rows of a partition only and applied unchanged to its test rows.';
  const together =
    design.keepTogether === undefined
      ? ''
      : ` Rows with the same ${design.keepTogether} were never on both sides.`;
  switch (design.kind) {
    case 'hold-out':
      return `Each feature set was evaluated on the same ${study.partitions} stratified random partitions (${100 - held}% training, ${held}% test, seed ${study.seed}).${together} ${fitted}`;
    case 'k-fold':
      return `Each feature set was evaluated by the same ${design.folds} stratified folds, repeated ${design.repeats} times with other folds (seed ${study.seed}).${together} ${fitted}`;
    case 'fixed-split':
      return `Each feature set was trained on the patients that ${design.column} assigns to ${design.train.join(' or ')} and tested once on those of ${design.test.join(' or ')}; other patients took no part.${together} ${fitted}`;
    case 'leave-one-group-out':
      return `Each ${design.column ?? 'group of the manifest'} with at least ${design.fewest} patients and two of each class was held out once, all other patients were trained on (${study.partitions} groups).${together} ${fitted}`;
  }
}

/** How intervals and p-values are made from that variance. */
const angular =
  'Intervals of metrics are on the angular scale (arcsine of the square root) and take no more information from the partitions than their patients hold; where all partitions agree, they are those of Wilson on the patients. p-values are two-sided, not given below 0.0001, and corrected by Holm for all comparisons of an endpoint';

/** Sentences of a methods section on intervals and comparisons: what is valid in the design, and what it does not cover. */
export function statisticsMethods(study: Study, citations: Citations): string {
  const { kind } = designOf(study);
  if (kind === 'hold-out') {
    return `Intervals (95%) and paired comparisons used the variance of the corrected resampled t-test, since the partitions overlap ${citations.cite('nadeau')}. ${angular} ${citations.cite('holm')}.`;
  }
  if (kind === 'k-fold') {
    return `Intervals (95%) and paired comparisons used the variance of the corrected repeated k-fold test, since the training rows of folds and repeats overlap ${citations.cite('bouckaert', 'nadeau')}. ${angular} ${citations.cite('holm')}.`;
  }
  const once = `The 95% interval of the AUC is DeLong's on the logit scale ${citations.cite('delong')}, that of sensitivity, specificity and accuracy Wilson's ${citations.cite('wilson')}, that of the other metrics the percentiles of 2,000 bootstrap samples of the test patients within class; AUCs were compared by DeLong's test, other metrics by the paired bootstrap, without a p-value. The intervals describe the fitted models on such test patients and leave out how other training patients would have changed the models.`;
  return kind === 'fixed-split'
    ? `There is one test set, so that no resampled test is valid. ${once}`
    : `Each patient was tested once, so that the corrected resampled test is not valid. Groups were put together by their patients; the AUC counts pairs within groups only, weighted by their number, since probabilities of different models need not be comparable. ${once} The spread over groups shows how a further group might differ; these intervals do not.`;
}
