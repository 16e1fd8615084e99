import { metricNames } from '../evaluation/metrics.ts';
import type { EndpointResults, StudyResults } from '../study/results.ts';
import { bestReachableFor } from './paper-table.ts';
import type { TableRow } from './table-row.ts';

/**
 * All numbers of a run's tables, one per row, for other programs: every metric of every set, the comparisons, then the published
 * numbers. Shares in [0, 1]; `trace` is the name by which `nacre trace` follows the number.
 */
export function resultRows({ cohort, endpoints }: StudyResults): TableRow[] {
  return endpoints.flatMap((endpoint) => [
    ...setRows(endpoint, cohort.synthetic),
    ...comparisonRows(endpoint, cohort.synthetic),
    ...subgroupRows(endpoint, cohort.synthetic),
    ...endpoint.published.flatMap((row) =>
      (['balancedAccuracy', 'auc'] as const).flatMap((metric) =>
        row[metric] === undefined
          ? []
          : [
              {
                ...blank,
                kind: 'published',
                endpoint: endpoint.id,
                set: row.set,
                title: row.label,
                metric,
                value: row[metric],
                source: row.source,
                synthetic: false,
              },
            ],
      ),
    ),
  ]);
}

/** Every row has every column, in this order. */
const blank: TableRow = {
  kind: undefined,
  endpoint: undefined,
  set: undefined,
  title: undefined,
  metric: undefined,
  value: undefined,
  sd: undefined,
  low: undefined,
  high: undefined,
  p: undefined,
  pHolm: undefined,
  patients: undefined,
  positives: undefined,
  candidates: undefined,
  bestReachable: undefined,
  synthetic: undefined,
  source: undefined,
  trace: undefined,
};

function setRows(endpoint: EndpointResults, synthetic: boolean): TableRow[] {
  return endpoint.featureSets.flatMap((set) =>
    metricNames.map((metric) => {
      const { mean, sd, low, high } = set.summary[metric];
      return {
        ...blank,
        kind: 'result',
        endpoint: endpoint.id,
        set: set.id,
        title: set.title,
        metric,
        value: mean,
        sd,
        low,
        high,
        patients: set.patients,
        positives: set.positives,
        candidates: set.candidates,
        bestReachable: metric === 'balancedAccuracy' ? bestReachableFor(endpoint, set) : undefined,
        synthetic,
        source: 'this run',
        trace: `${endpoint.id}/${set.id}/${metric}`,
      };
    }),
  );
}

/** One row per set, level and metric where the level could be measured. */
function subgroupRows(endpoint: EndpointResults, synthetic: boolean): TableRow[] {
  return endpoint.featureSets.flatMap((set) =>
    (set.subgroups ?? []).flatMap(({ column, levels }) =>
      levels.flatMap(({ name, patients, positives, summary }) =>
        metricNames.map((metric) => ({
          ...blank,
          kind: 'subgroup',
          endpoint: endpoint.id,
          set: set.id,
          title: `${column}: ${name}`,
          metric,
          value: summary?.[metric].mean,
          sd: summary?.[metric].sd,
          low: summary?.[metric].low,
          high: summary?.[metric].high,
          patients,
          positives,
          candidates: set.candidates,
          synthetic,
          source: 'this run',
        })),
      ),
    ),
  );
}

function comparisonRows(endpoint: EndpointResults, synthetic: boolean): TableRow[] {
  return endpoint.comparisons.map(({ a, b, metric, difference, low, high, p, pHolm }) => ({
    ...blank,
    kind: 'difference',
    endpoint: endpoint.id,
    set: `${a}:${b}`,
    title: `${a} minus ${b}`,
    metric,
    value: difference,
    low,
    high,
    p: p ?? undefined,
    pHolm: pHolm ?? undefined,
    patients: endpoint.patients,
    positives: endpoint.positives,
    synthetic,
    source: 'this run',
    trace: `${endpoint.id}/${a}:${b}/${metric}`,
  }));
}
