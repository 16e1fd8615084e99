import { classifierTitles } from '../study/feature-sets.ts';
import type { EndpointResults, FeatureSetResults, PairedComparison } from '../study/results.ts';

/** One row of the paper's table: a set, its test against the reference, the number that was published for it. */
export interface PaperRow {
  set: FeatureSetResults;
  /** Reference minus this set, in balanced accuracy; undefined for the reference itself. */
  test: PairedComparison | undefined;
  published: EndpointResults['published'][number] | undefined;
}

/** Rows of the paper's table in the order that the study asks for; none where it asks for no table. */
export function paperRows(endpoint: EndpointResults): PaperRow[] {
  const { table, featureSets, comparisons, published } = endpoint;
  return (table?.sets ?? []).flatMap((id) => {
    const set = featureSets.find((one) => one.id === id);
    if (set === undefined) return [];
    return {
      set,
      test: comparisons.find(
        ({ a, b, metric }) => a === table?.reference && b === id && metric === 'balancedAccuracy',
      ),
      published: published.find((row) => row.set === id),
    };
  });
}

/** Published numbers that belong to no row and therefore stand in columns of their own. */
export function publishedColumns(endpoint: EndpointResults): EndpointResults['published'] {
  return endpoint.published.filter(({ set }) => set === undefined);
}

/** One extractor (or mix) over scans and regions: the accuracy when some of them are removed. */
export interface Ablation {
  /** `resnet34`, `resnet34 + clinical`. */
  title: string;
  /** Scans, fewest first: `CT`, `MRI`, `MRI + CT`. */
  rows: string[];
  /** Regions, fewest first: `intra`, `peri`, `intra + peri`. */
  columns: string[];
  /** The set in a row and column; undefined where the study has none. */
  at(row: string, column: string): FeatureSetResults | undefined;
}

/** Every family of sets that differ in scans and regions alone, in the order of the study. */
export function ablations({ featureSets }: Pick<EndpointResults, 'featureSets'>): Ablation[] {
  const families = new Map<string, FeatureSetResults[]>();
  for (const set of featureSets) {
    if (set.parts === undefined || set.parts.extractors.length === 0) continue;
    const { extractors, clinical } = set.parts;
    const { classifier } = set;
    const what = [...extractors, ...(clinical ? ['clinical'] : [])].join(' + ');
    const title = classifier === undefined ? what : `${what}, ${classifierTitles[classifier]}`;
    families.set(title, [...(families.get(title) ?? []), set]);
  }
  return [...families].flatMap(([title, sets]) => {
    if (sets.length < 2) return [];
    const scans = (set: FeatureSetResults) => set.parts?.scansTitle ?? '';
    const regions = (set: FeatureSetResults) => set.parts?.regions.join(' + ') ?? '';
    return {
      title,
      rows: fewestFirst(sets, scans, (set) => set.parts?.scans.length ?? 0),
      columns: fewestFirst(sets, regions, (set) => set.parts?.regions.length ?? 0),
      at: (row, column) => sets.find((set) => scans(set) === row && regions(set) === column),
    };
  });
}

function fewestFirst(
  sets: readonly FeatureSetResults[],
  name: (set: FeatureSetResults) => string,
  count: (set: FeatureSetResults) => number,
): string[] {
  const counts = new Map(sets.map((set) => [name(set), count(set)]));
  return [...counts].sort(([, a], [, b]) => a - b).map(([title]) => title);
}

/**
 * For a synthetic cohort, the best balanced accuracy that is possible with the data of a set: clinical
 * variables, scans, or both. Undefined for real cohorts and for sets whose parts are not known.
 */
export function bestReachableFor(
  { reachable }: Pick<EndpointResults, 'reachable'>,
  { parts }: Pick<FeatureSetResults, 'parts'>,
): number | undefined {
  if (reachable === undefined || parts === undefined) return undefined;
  if (parts.extractors.length === 0) return reachable.clinical;
  // A block that is no measurement of the scans, such as the phantom's noise, has its own.
  const [only, ...more] = parts.extractors;
  if (more.length === 0 && Object.hasOwn(reachable, only)) {
    return parts.clinical ? Math.max(reachable[only], reachable.clinical) : reachable[only];
  }
  return parts.clinical ? reachable.scansAndClinical : reachable.scans;
}
