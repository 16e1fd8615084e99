import { describeAudit } from '../evaluation/audit.ts';
import type { MetricName } from '../evaluation/metrics.ts';
import { textTable } from '../runtime/text-table.ts';
import type { EndpointResults, Interval, StudyResults } from '../study/results.ts';
import { leftOutByReason } from './left-out.ts';

/** Columns of the results table, as a reader of the paper looks for them. */
const columns: readonly { metric: MetricName; title: string }[] = [
  { metric: 'balancedAccuracy', title: 'balanced accuracy' },
  { metric: 'sensitivity', title: 'sensitivity' },
  { metric: 'specificity', title: 'specificity' },
  { metric: 'auc', title: 'AUC' },
];

/** The results table of a run as plain text: an endpoint a block, published numbers in columns of their own. */
export function resultsTable(results: StudyResults): string {
  const { study, cohort } = results;
  const head = [
    `${study.title}${cohort.synthetic ? ' (SYNTHETIC patients: these numbers say nothing about cancer)' : ''}`,
    `cohort ${cohort.id}, ${cohort.patients} patients; ${study.partitions} stratified partitions, ${percent(study.testShare)}% held out, seed ${study.seed}`,
    ...cohort.notices.map((notice) => `note: ${notice}`),
    ...leftOut(cohort.excluded),
  ];
  return [...head, ...results.endpoints.map((endpoint) => `\n${endpointTable(endpoint)}`)].join(
    '\n',
  );
}

/** Patients left out, a line a reason; the report names each of them. */
function leftOut(excluded: StudyResults['cohort']['excluded']): string[] {
  return leftOutByReason(excluded).map(({ reason, patients }) => {
    const shown = patients.slice(0, 3).join(', ');
    const more = patients.length > 3 ? ` and ${patients.length - 3} more` : '';
    return `left out: ${patients.length} (${reason}): ${shown}${more}`;
  });
}

function endpointTable(endpoint: EndpointResults): string {
  const { title, patients, positives, positiveName, negativeName, published } = endpoint;
  const header = [
    'features',
    ...columns.flatMap((column) => [`${column.title} %`, '95% interval']),
    ...published.map((row) => `published ${row.label}`),
  ];
  const rows = endpoint.featureSets.map((set) => [
    set.title,
    ...columns.flatMap(({ metric }) => cells(set.summary[metric])),
    ...published.map(({ balancedAccuracy }) =>
      balancedAccuracy === undefined ? '–' : percent(balancedAccuracy),
    ),
  ]);
  const audits = endpoint.featureSets.flatMap((set) =>
    set.audit === undefined
      ? []
      : [`permuted-label audit, ${set.title}: ${describeAudit(set.audit)}`],
  );
  return [
    `${title}: ${patients} patients, ${positives} ${positiveName}, ${patients - positives} ${negativeName}`,
    ...(published.length > 0
      ? ['published columns: balanced accuracy %, other patients and images, to compare with']
      : []),
    textTable(header, rows),
    ...audits,
  ].join('\n');
}

function cells({ mean, sd, low, high }: Interval): string[] {
  return [`${percent(mean)} ± ${percent(sd)}`, `${percent(low)} to ${percent(high)}`];
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
