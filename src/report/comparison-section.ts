import type { EndpointResults, PairedComparison } from '../study/results.ts';
import { type Html, html, htmlTable } from './html.ts';
import { pValueText } from './p-value.ts';
import { printed, signed } from './printed-number.ts';

/** The comparisons of an endpoint: those that answer its question first. */
export interface RankedComparisons {
  /** Id of the set that the primary comparisons are made with: the study's reference, else its first set. */
  reference: string;
  /** Balanced accuracy of the reference against each other set of the paper's table, or against all. */
  primary: PairedComparison[];
  rest: PairedComparison[];
  /** Comparisons that have a test. */
  tests: number;
  /** Of these, how many hold at 5% after Holm's correction for all of them. */
  held: number;
}

/** Divides the comparisons of an endpoint into primary ones and the rest, and counts the tests. */
export function rankedComparisons({
  comparisons,
  featureSets,
  table,
}: Pick<EndpointResults, 'comparisons' | 'featureSets' | 'table'>): RankedComparisons {
  const reference = table?.reference ?? featureSets[0]?.id ?? '';
  const isPrimary = ({ a, b, metric }: PairedComparison) =>
    metric === 'balancedAccuracy' &&
    (a === reference || b === reference) &&
    (table?.sets.includes(a === reference ? b : a) ?? true);
  return {
    reference,
    primary: comparisons.filter(isPrimary),
    rest: comparisons.filter((one) => !isPrimary(one)),
    tests: comparisons.filter(({ p }) => p !== null).length,
    held: comparisons.filter(({ pHolm }) => typeof pHolm === 'number' && pHolm < 0.05).length,
  };
}

/** The comparisons with the reference as a table, all others folded below it. Empty where nothing is compared. */
export function comparisonSection(endpoint: EndpointResults): Html {
  if (endpoint.comparisons.length === 0) return html``;
  const { reference, primary, rest } = rankedComparisons(endpoint);
  const title = endpoint.featureSets.find(({ id }) => id === reference)?.title ?? reference;
  return html`<p>${testsInWords(endpoint)}</p>
<p>Primary: balanced accuracy of <strong>${title}</strong> and each other set on the same partitions.</p>
${comparisonTable(endpoint, primary)}
${
  rest.length === 0
    ? html``
    : html`<details><summary>The other ${rest.length} comparisons</summary>
${comparisonTable(endpoint, rest)}</details>`
}`;
}

/** How many tests there are and how many hold: said once for an endpoint. */
export function testsInWords(
  endpoint: Pick<EndpointResults, 'comparisons' | 'featureSets' | 'table'>,
): string {
  const { comparisons } = endpoint;
  const { tests, held } = rankedComparisons(endpoint);
  const pairs = new Set(comparisons.map(({ a, b }) => `${a}\n${b}`)).size;
  const none = comparisons.length - tests;
  const without =
    none === 0
      ? ''
      : `; ${none === 1 ? 'one more comparison has' : `${none} more comparisons have`} no test`;
  if (tests === 0) return `No comparison of this endpoint has a test${without}.`;
  return `${tests} tests were made for this endpoint (${pairs} pairs of feature sets, by balanced accuracy and AUC${without}). “p (Holm)” is corrected for all ${tests}: ${held === 0 ? 'none stays' : held === 1 ? 'one stays' : `${held} stay`} below 0.05.`;
}

const metricNames: Record<string, string> = { balancedAccuracy: 'balanced accuracy', auc: 'AUC' };

function comparisonTable(
  endpoint: EndpointResults,
  comparisons: readonly PairedComparison[],
): Html {
  const titleOf = (id: string) => endpoint.featureSets.find((set) => set.id === id)?.title ?? id;
  return htmlTable(
    ['first', 'second', 'metric', 'first − second', '95% interval', 't', 'p', 'p (Holm)'],
    comparisons.map((c) => [
      titleOf(c.a),
      titleOf(c.b),
      metricNames[c.metric] ?? c.metric,
      tracedTest(endpoint, c, signedShare(c.difference)),
      `${signedShare(c.low)} to ${signedShare(c.high)}`,
      c.t === null ? '–' : printed(c.t.toFixed(2)),
      tracedTest(endpoint, c, pValueText(c.p)),
      tracedTest(endpoint, c, pValueText(c.pHolm)),
    ]),
    {
      numeric: [false, false, false, true, true, true, true, true],
      caption: howTested(comparisons),
    },
  );
}

/** The tests behind some comparisons, as a caption. */
function howTested(comparisons: readonly PairedComparison[]): string {
  const methods = new Set(comparisons.map(({ method = 'resampled' }) => method));
  const parts = [
    methods.has('resampled') && 'corrected resampled t-test (Nadeau and Bengio 2003)',
    methods.has('delong') && "AUC: DeLong's test",
    methods.has('bootstrap') && 'paired bootstrap interval over patients, which gives no p-value',
    methods.has('wilson') &&
      'the same difference in every partition: no spread to test by, interval by Wilson on the patients',
  ].filter((part) => part !== false);
  return `Two-sided; ${parts.join('; ')}. –: no test.`;
}

/** A number of a comparison, which leads to its provenance by a click. */
export function tracedTest({ id }: EndpointResults, test: PairedComparison, shown: string): Html {
  return html`<a class="trace" href="#trace" data-trace="${id}/${test.a}:${test.b}/${test.metric}">${shown}</a>`;
}

/** A difference of shares with its sign. */
export function signedShare(difference: number): string {
  return signed(difference.toFixed(3));
}
