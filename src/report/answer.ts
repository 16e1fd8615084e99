import type { StudyConfig } from '../study/config.ts';
import type { EndpointResults, FeatureSetResults, PairedComparison } from '../study/results.ts';
import { pValueClause } from './p-value.ts';
import { signed } from './printed-number.ts';

/** What a run answers for one endpoint, in the numbers of `results.json`. */
export interface Answer {
  endpoint: EndpointResults;
  question: string;
  /** The arm that the question is about. */
  ours: FeatureSetResults;
  /** How `ours` was chosen; the best of several, chosen by its own result, is a little too good. */
  chosen: 'reference' | 'only' | 'best';
  /** Arms with images to choose from. */
  armsWithImages: number;
  /** Published balanced accuracies: that of the same set, or those that belong to no set. */
  published: EndpointResults['published'];
  /** Balanced accuracy of a guess. */
  chance: 0.5;
  /** Best arm of clinical variables alone; undefined where there is none, or where `ours` is one. */
  withoutImages: FeatureSetResults | undefined;
  /** `ours` minus `withoutImages` on the same partitions, where the run compares the two. */
  difference: Pick<PairedComparison, 'difference' | 'low' | 'high' | 'p' | 'pHolm'> | undefined;
  /** All of it in one or two sentences. */
  sentence: string;
}

/** The answer of a run for one endpoint. */
export function answerOf(
  endpoint: EndpointResults,
  config: Pick<StudyConfig, 'featureSets' | 'sets'>,
): Answer {
  const { featureSets, table, published, positiveName, negativeName } = endpoint;
  const images = featureSets.filter((set) => hasImages(set, config));
  const clinical = featureSets.filter((set) => !images.includes(set));
  const reference = featureSets.find(({ id }) => id === table?.reference);
  const choices = images.length > 0 ? images : featureSets;
  const ours = reference ?? bestOf(choices);
  const withoutImages = images.includes(ours) && clinical.length > 0 ? bestOf(clinical) : undefined;
  const ownPublished = published.filter(({ set }) => set === ours.id);
  const without = {
    endpoint,
    question: `Before treatment starts, does ${ours.title} separate ${positiveName} from ${negativeName}?`,
    ours,
    chosen:
      reference !== undefined
        ? ('reference' as const)
        : choices.length > 1
          ? ('best' as const)
          : ('only' as const),
    armsWithImages: images.length,
    published: (ownPublished.length > 0
      ? ownPublished
      : published.filter(({ set }) => set === undefined)
    ).filter(({ balancedAccuracy }) => balancedAccuracy !== undefined),
    chance: 0.5 as const,
    withoutImages,
    difference: withoutImages && differenceOf(endpoint, ours.id, withoutImages.id),
  };
  return { ...without, sentence: sentenceOf(without) };
}

/** True where a set holds more than clinical variables. */
function hasImages(
  { id, parts, selection }: FeatureSetResults,
  { featureSets }: Pick<StudyConfig, 'featureSets'>,
): boolean {
  if (parts !== undefined) return parts.extractors.length > 0;
  const blocks =
    featureSets.find((set) => set.id === id)?.blocks ?? selection.map(({ block }) => block);
  return blocks.some((block) => block !== 'clinical');
}

function bestOf(sets: readonly FeatureSetResults[]): FeatureSetResults {
  const accuracy = ({ summary }: FeatureSetResults) => summary.balancedAccuracy.mean;
  return sets.reduce((best, set) => (accuracy(set) > accuracy(best) ? set : best));
}

/** The comparison of two sets in this direction, whichever way the run made it. */
function differenceOf(
  { comparisons }: EndpointResults,
  first: string,
  second: string,
): Answer['difference'] {
  for (const { a, b, metric, difference, low, high, p, pHolm } of comparisons) {
    const test = pHolm === undefined ? { p } : { p, pHolm };
    if (metric !== 'balancedAccuracy') continue;
    if (a === first && b === second) return { difference, low, high, ...test };
    if (a === second && b === first) {
      return { difference: -difference, low: -high, high: -low, ...test };
    }
  }
  return undefined;
}

function sentenceOf(answer: Omit<Answer, 'sentence'>): string {
  const { ours, withoutImages, difference, published, chance, endpoint } = answer;
  const { mean, low, high } = ours.summary.balancedAccuracy;
  const verdict =
    low > chance
      ? 'above chance with its whole interval'
      : high < chance
        ? 'below chance with its whole interval, which calls for a look at the data'
        : 'not distinguishable from chance';
  const first = `${ours.title} reaches a balanced accuracy of ${percent(mean)} (95% interval ${percent(low)} to ${percent(high)}), ${verdict} (${percent(chance, 0)})`;
  const second =
    withoutImages === undefined
      ? ''
      : `; ${comparedWith(withoutImages, difference, endpoint.patients)}`;
  const third =
    published.length === 0
      ? ''
      : ` Published: ${published.map(({ label, balancedAccuracy }) => `${percent(balancedAccuracy ?? Number.NaN)} (${label})`).join(', ')}, on other patients and other images.`;
  return `${first}${second}.${third}`;
}

function comparedWith(
  set: FeatureSetResults,
  difference: Answer['difference'],
  patients: number,
): string {
  const { mean } = set.summary.balancedAccuracy;
  const withoutImages = `${set.title} without images reaches ${percent(mean)}`;
  if (difference === undefined)
    return `${withoutImages} (the study does not test the two against each other)`;
  const { difference: points, low, high, p } = difference;
  const size = `${signedPoints(points)} points, 95% interval ${signedPoints(low)} to ${signedPoints(high)}, ${pValueClause(p)}`;
  if (low > 0) return `${withoutImages}: images add to it (${size})`;
  if (high < 0) return `${withoutImages}: it is better without them (${size})`;
  return `${withoutImages}: these ${patients} patients show no difference (${size})`;
}

/** A share in percent. */
export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)}%`;
}

/** A difference of shares in points, with its sign. */
export function signedPoints(difference: number): string {
  return signed((100 * difference).toFixed(1));
}
