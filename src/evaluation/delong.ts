import { NacreError } from '../runtime/errors.ts';
import { mean } from '../table/mean.ts';
import { normal975, twoSidedNormal } from './normal-distribution.ts';
import { logitInterval, type ShareBounds, wilsonInterval } from './share-interval.ts';

/** AUC of one test set with its variance. */
export interface DeLongAuc {
  /** Share of pairs of a class 1 and a class 0 patient that the scores order rightly, ties counting half; 0 to 1. */
  auc: number;
  variance: number;
  standardError: number;
  /** 95% interval on the logit scale; never outside [0, 1]. */
  low: number;
  high: number;
  /**
   * `logit`: delta method on the logit scale. `wilson`: the variance is 0 (all pairs ordered alike), and the interval is
   * Wilson's for as many cases as the smaller class has.
   */
  interval: 'logit' | 'wilson';
  /** 95% interval AUC ± 1.96 SE, as most packages print it; can leave [0, 1]. */
  wald: ShareBounds;
  positives: number;
  negatives: number;
}

/** Two AUCs on the same patients. */
export interface DeLongTest {
  a: DeLongAuc;
  b: DeLongAuc;
  /** AUC of a minus AUC of b. */
  difference: number;
  standardError: number;
  /** 95% interval of the difference. */
  low: number;
  high: number;
  /** Null where the difference has no variance: the scores order all pairs alike, or one of them none wrongly. */
  z: number | null;
  /** Two-sided; 1 where the AUCs are equal and the difference has no variance, else null as `z`. */
  p: number | null;
}

/**
 * AUC with the variance of DeLong, DeLong and Clarke-Pearson, for **one** test set whose patients are independent. Predictions
 * pooled over repeated partitions are not: there `resampledInterval` is for.
 *
 * @param labels 0 or 1 per patient
 * @param scores higher for class 1; any finite numbers
 * @throws NacreError `bad-prediction`, `bad-labels`, `one-class`, `too-few-of-a-class` (fewer than two of a class)
 *
 * References: DeLong et al. 1988, Biometrics 44:837, doi:10.2307/2531595; computed from midranks as in Sun and Xu 2014, IEEE
 * Signal Process Lett 21:1389, doi:10.1109/LSP.2014.2337313.
 */
export function delong(labels: ArrayLike<number>, scores: ArrayLike<number>): DeLongAuc {
  return summary(placements(labels, scores));
}

/**
 * Paired test of two scores on the same patients, in the same order.
 *
 * @throws what `delong` throws
 */
export function delongTest(
  labels: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): DeLongTest {
  const first = placements(labels, a);
  const second = placements(labels, b);
  const [summaryA, summaryB] = [summary(first), summary(second)];
  const difference = summaryA.auc - summaryB.auc;
  const variance =
    varianceOfMean(first.positives.map((value, i) => value - second.positives[i])) +
    varianceOfMean(first.negatives.map((value, i) => value - second.negatives[i]));
  const standardError = Math.sqrt(variance);
  const tested = standardError > noSpread;
  const equal = Math.abs(difference) < noSpread;
  return {
    a: summaryA,
    b: summaryB,
    difference,
    standardError,
    low: Math.max(-1, difference - normal975 * standardError),
    high: Math.min(1, difference + normal975 * standardError),
    z: tested ? difference / standardError : null,
    p: tested ? twoSidedNormal(difference / standardError) : equal ? 1 : null,
  };
}

/** Standard errors below this are rounding. */
const noSpread = 1e-12;

/** Structural components: of each patient, the share of the other class that the score orders rightly against it. */
interface Placements {
  positives: Float64Array;
  negatives: Float64Array;
}

function placements(labels: ArrayLike<number>, scores: ArrayLike<number>): Placements {
  checkInputs(labels, scores);
  const ofClass = (label: number) => Array.from(scores).filter((_, i) => labels[i] === label);
  const [positive, negative] = [ofClass(1), ofClass(0)];
  for (const [label, count] of [positive.length, negative.length].entries()) {
    if (count >= 2) continue;
    throw new NacreError(
      count === 0 ? 'one-class' : 'too-few-of-a-class',
      'the test set has too few patients of a class for a variance',
      {
        found: `${positive.length} of class 1 and ${negative.length} of class 0`,
        expected: 'at least 2 of each',
        todo: `gather more patients of class ${1 - label}`,
      },
    );
  }
  const all = midranks([...positive, ...negative]);
  const ofPositive = midranks(positive);
  const ofNegative = midranks(negative);
  const [m, n] = [positive.length, negative.length];
  return {
    positives: Float64Array.from(positive, (_, i) => (all[i] - ofPositive[i]) / n),
    negatives: Float64Array.from(negative, (_, j) => 1 - (all[m + j] - ofNegative[j]) / m),
  };
}

function summary({ positives, negatives }: Placements): DeLongAuc {
  const auc = mean(positives);
  const variance = varianceOfMean(positives) + varianceOfMean(negatives);
  const standardError = Math.sqrt(variance);
  const logit = standardError > noSpread && auc > 0 && auc < 1;
  const bounds = logit
    ? logitInterval(auc, standardError)
    : wilsonInterval(auc, Math.min(positives.length, negatives.length));
  return {
    auc,
    variance,
    standardError,
    ...bounds,
    interval: logit ? 'logit' : 'wilson',
    wald: { low: auc - normal975 * standardError, high: auc + normal975 * standardError },
    positives: positives.length,
    negatives: negatives.length,
  };
}

/** Variance of a mean: Σ (a − ā)² / (n − 1) / n. */
function varianceOfMean(values: Float64Array): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) * (values[i] - centre);
  return sum / (values.length - 1) / values.length;
}

/** Rank of each value from 1, ties sharing the mean of their ranks. */
function midranks(values: readonly number[]): Float64Array {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) ranks[order[i]] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

function checkInputs(labels: ArrayLike<number>, scores: ArrayLike<number>): void {
  if (labels.length !== scores.length || labels.length === 0) {
    throw new NacreError('bad-prediction', 'labels and scores do not match', {
      found: `${labels.length} labels and ${scores.length} scores`,
      expected: 'one score per label, at least one',
    });
  }
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1) {
      throw new NacreError('bad-labels', 'a label is neither 0 nor 1', {
        row: i + 1,
        found: String(labels[i]),
        expected: '0 or 1',
      });
    }
    if (Number.isFinite(scores[i])) continue;
    throw new NacreError('bad-prediction', 'a score is not a number', {
      row: i + 1,
      found: String(scores[i]),
      expected: 'a finite number',
    });
  }
}
