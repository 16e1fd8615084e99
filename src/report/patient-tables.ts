import type { GroupSummary } from '../evaluation/describe-columns.ts';
import { minimumSampleSize } from '../evaluation/sample-size.ts';
import type { EndpointResults, FeatureSetResults } from '../study/results.ts';
import type { EndpointOptions } from './figures/balanced-accuracy.ts';
import { flowSteps } from './figures/patient-flow.ts';
import { endpointOf, type OpenedRun } from './open-run.ts';
import { significant } from './printed-number.ts';
import type { TableRow } from './table-row.ts';

/** Share of the largest possible R² that Riley et al. advise where nothing is known of a model. */
export const expectedNagelkerke = 0.15;

/** Table 1: the patients of an endpoint by class. Empty for runs of earlier versions. */
export function tableOne(run: OpenedRun, options: EndpointOptions = {}): TableRow[] {
  const { description, patients, positives, positiveName, negativeName } = endpointOf(
    run,
    options.endpoint,
  );
  return (description?.tableOne ?? []).map(({ name, block, all, byClass, p }) => ({
    variable: name.startsWith(`${block}.`) ? name.slice(block.length + 1) : name,
    [`all (${patients})`]: groupText(all),
    [`${positiveName} (${positives})`]: groupText(byClass[0]),
    [`${negativeName} (${patients - positives})`]: groupText(byClass[1]),
    missing: all.missing,
    p: p ?? undefined,
  }));
}

/** `23 (41%)` for a yes or no, `49 (41 to 57)` for a number: median and quartiles. */
export function groupText({ known, ones, quartiles }: GroupSummary): string {
  if (known === 0) return '–';
  if (ones !== undefined) return `${ones} (${Math.round((100 * ones) / known)}%)`;
  if (quartiles === undefined) return '–';
  const [low, middle, high] = quartiles.map((value) => significant(value, 3));
  return `${middle} (${low} to ${high})`;
}

/** Missing values: a row per column that lacks some, those that lack most first; at most 20 per block. */
export function missingValues(run: OpenedRun, options: EndpointOptions = {}): TableRow[] {
  const { description, patients, positives, positiveName, negativeName } = endpointOf(
    run,
    options.endpoint,
  );
  return (description?.missing ?? []).flatMap(({ block, worst }) =>
    worst.map((one) => ({
      block,
      variable: one.name,
      missing: one.positives + one.negatives,
      share: (one.positives + one.negatives) / patients,
      [positiveName]: one.positives / Math.max(1, positives),
      [negativeName]: one.negatives / Math.max(1, patients - positives),
    })),
  );
}

/** Univariate tests with Benjamini and Hochberg's q over all columns: descriptive, no model uses them. */
export function univariate(run: OpenedRun, options: EndpointOptions = {}): TableRow[] {
  const { description } = endpointOf(run, options.endpoint);
  return (description?.univariate.top ?? []).map(({ name, block, auc, p, q }) => ({
    feature: name,
    block,
    AUC: auc,
    p: p ?? undefined,
    q: q ?? undefined,
  }));
}

/** Events per candidate and the minimum sample size after Riley et al. 2020, a row per feature set. */
export function sampleSize(run: OpenedRun, options: EndpointOptions = {}): TableRow[] {
  const endpoint = endpointOf(run, options.endpoint);
  return endpoint.featureSets.map((set) => {
    const needed = minimumFor(set);
    return {
      'feature set': set.title,
      patients: set.patients,
      events: eventsOf(set),
      candidates: set.candidates,
      'events per candidate': eventsOf(set) / set.candidates,
      'minimum patients': needed.patients,
      'minimum events per candidate': needed.eventsPerParameter,
      'patients at hand, share of the minimum': set.patients / needed.patients,
    };
  });
}

/** The smaller class: what a model of either outcome learns from. */
export function eventsOf({
  patients,
  positives,
}: Pick<FeatureSetResults, 'patients' | 'positives'>): number {
  return Math.min(positives, patients - positives);
}

/** Minimum sample size for the candidates of a set, at the prevalence at hand and an R² of 15% of the largest possible. */
export function minimumFor({ candidates, patients, positives }: FeatureSetResults) {
  return minimumSampleSize({
    parameters: candidates,
    prevalence: positives / patients,
    nagelkerke: expectedNagelkerke,
  });
}

/** Flow of patients, a row per step and per reason. */
export function flow(run: OpenedRun, options: EndpointOptions = {}): TableRow[] {
  return flowSteps(run, options).flatMap(({ text, patients, out }) => [
    { step: text, patients },
    ...out.map((one) => ({ step: `not taken further: ${one.reason}`, patients: one.patients })),
  ]);
}

/** True where the run describes its endpoints. */
export function hasDescription({ description }: EndpointResults): boolean {
  return description !== undefined;
}
