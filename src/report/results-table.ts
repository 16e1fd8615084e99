import { describeAudit, describeAuditP } from '../evaluation/audit.ts';
import { constantAnswerScore } from '../evaluation/fairness-score.ts';
import type { MetricName } from '../evaluation/metrics.ts';
import { type Cell, fittedTable } from '../runtime/terminal/fitted-table.ts';
import { wrapWords } from '../runtime/terminal/wrap-words.ts';
import type {
  EndpointResults,
  FeatureSetResults,
  Interval,
  StudyResults,
} from '../study/results.ts';
import { designLine, intervalLine } from './design-text.ts';
import { leftOutByReason } from './left-out.ts';
import { pValueText } from './p-value.ts';
import {
  type Ablation,
  ablations,
  bestReachableFor,
  paperRows,
  publishedColumns,
} from './paper-table.ts';
import { noticesOfTerminal } from './said-once.ts';
import { straightLineSentences } from './straight-line.ts';

/** Columns of the results table. */
const columns: readonly { metric: MetricName; title: string }[] = [
  { metric: 'balancedAccuracy', title: 'balanced accuracy' },
  { metric: 'sensitivity', title: 'sensitivity' },
  { metric: 'specificity', title: 'specificity' },
  { metric: 'auc', title: 'AUC' },
];

export interface ResultsTableOptions {
  /** Characters per line, such as `terminalWidth()`. Default: no limit, one line per row. */
  width?: number | undefined;
}

/**
 * The results table of a run as plain text: one block per endpoint, published numbers in separate columns. Where a row is wider
 * than the terminal, intervals stand below their means; where that is still too wide, columns go to a table of their own.
 */
export function resultsTable(
  results: StudyResults,
  { width = Number.POSITIVE_INFINITY }: ResultsTableOptions = {},
): string {
  const { study, cohort } = results;
  const head = [
    `${study.title}${cohort.synthetic ? ' (SYNTHETIC patients: these numbers say nothing about cancer)' : ''}`,
    `cohort ${cohort.id}, ${cohort.patients} patients; ${designLine(study)}`,
    intervalLine(study),
    ...leftOut(cohort.excluded),
    ...noticesOfTerminal(cohort).map((notice) => `note: ${notice}`),
  ];
  return [
    ...fitted(head, width),
    ...results.endpoints.map((endpoint) => `\n${endpointTable(endpoint, width)}`),
  ].join('\n');
}

/** Patients left out, one line per reason; the report names each of them. */
function leftOut(excluded: StudyResults['cohort']['excluded']): string[] {
  return leftOutByReason(excluded).map(({ reason, patients }) => {
    const shown = patients.slice(0, 3).join(', ');
    const more = patients.length > 3 ? ` and ${patients.length - 3} more` : '';
    return `left out: ${patients.length} (${reason}): ${shown}${more}`;
  });
}

/** Sentences on as many lines as they need. */
function fitted(sentences: readonly string[], width: number): string[] {
  return sentences.flatMap((sentence) => wrapWords(sentence, width, { indent: '  ' }));
}

function endpointTable(endpoint: EndpointResults, width: number): string {
  const { title, patients, positives, positiveName, negativeName, published } = endpoint;
  const audits = endpoint.featureSets.flatMap((set) =>
    set.audit === undefined
      ? []
      : [
          `permuted-label audit, ${set.title}: ${describeAudit(set.audit)}; real labels ${describeAuditP(set.audit)}`,
        ],
  );
  const grids = ablations(endpoint);
  const shown = new Set([
    ...(endpoint.table?.sets ?? []),
    ...grids.flatMap(({ rows, columns: across, at }) =>
      rows.flatMap((row) => across.flatMap((column) => at(row, column)?.id ?? [])),
    ),
  ]);
  const others = endpoint.featureSets.filter(({ id }) => !shown.has(id));
  const head = [
    `${title}: ${patients} patients, ${positives} ${positiveName}, ${patients - positives} ${negativeName}`,
    ...(published.length > 0
      ? ['published columns: balanced accuracy %, other patients and images, to compare with']
      : []),
    ...(endpoint.reachable === undefined
      ? []
      : [
          'best reachable: balanced accuracy % of the Bayes rule of these synthetic patients, given the same data',
        ]),
  ];
  return [
    ...fitted(head, width),
    ...(endpoint.table === undefined ? [] : [paperTable(endpoint, width)]),
    ...grids.map((grid) => ablationTable(grid, width)),
    ...(others.length > 0 ? [setsTable(endpoint, others, width)] : []),
    ...groupTables(endpoint, width),
    ...fitted(straightLineSentences(endpoint), width),
    ...fitted(fairnessLines(endpoint), width),
    ...fitted(audits, width),
  ].join('\n');
}

/** Titles of a metric and of its interval. */
function titleOf({ title }: { title: string }): Cell {
  return { value: `${title} %`, detail: '95% interval' };
}

function setsTable(
  endpoint: EndpointResults,
  sets: readonly FeatureSetResults[],
  width: number,
): string {
  const published = publishedColumns(endpoint);
  return fittedTable(
    ['features', ...columns.map(titleOf), ...published.map((row) => `published ${row.label}`)],
    sets.map((set) => [
      set.title,
      ...columns.map(({ metric }) => cell(set.summary[metric])),
      ...published.map(({ balancedAccuracy }) => percentOrDash(balancedAccuracy)),
    ]),
    width,
  );
}

/** The challenge's score of each set, that of a constant answer beside it. */
function fairnessLines({ featureSets }: EndpointResults): string[] {
  const scored = featureSets.flatMap(({ title, fairness }) =>
    fairness === undefined ? [] : [`${title} ${fairness.score.toFixed(2)}`],
  );
  if (scored.length === 0) return [];
  const variables = featureSets.flatMap(({ fairness }) => fairness?.gaps ?? []);
  const names = [...new Set(variables.map(({ variable }) => variable))].join(', ');
  return [
    `MAMA-MIA challenge's score over ${names}: ${scored.join('; ')}; an answer that is the same for everybody scores ${constantAnswerScore}`,
    'subgroups: every metric in the report, and by --format csv',
  ];
}

/** Of leave-one-group-out: each group that was held out, the AUC with its interval by DeLong. */
function groupTables(endpoint: EndpointResults, width: number): string[] {
  const [first] = endpoint.featureSets;
  if (first.byGroup === undefined) return [];
  const table = fittedTable(
    [
      'held out',
      'patients',
      endpoint.positiveName,
      ...endpoint.featureSets.map(({ title }) => title),
    ],
    first.byGroup.map(({ name, patients, positives }, at) => [
      name,
      String(patients),
      String(positives),
      ...endpoint.featureSets.map((set) => cell(set.byGroup![at].summary.auc)),
    ]),
    width,
  );
  return [`\nAUC % by the group that was held out, each with its 95% interval (DeLong):\n${table}`];
}

/** The paper's table: its rows, the reference tested against each other, the published numbers in their rows. */
function paperTable(endpoint: EndpointResults, width: number): string {
  const reference = endpoint.featureSets.find(({ id }) => id === endpoint.table?.reference);
  const extra = publishedColumns(endpoint);
  return fittedTable(
    [
      'features',
      ...columns.map(titleOf),
      `${reference?.title} minus it`,
      'p (Holm)',
      ...(endpoint.reachable === undefined ? [] : ['best reachable']),
      'published',
      ...extra.map((row) => `published ${row.label}`),
    ],
    paperRows(endpoint).map(({ set, test, published }) => [
      set.title,
      ...columns.map(({ metric }) => cell(set.summary[metric])),
      test === undefined ? '–' : points(test.difference),
      pValueText(test?.pHolm ?? test?.p),
      ...(endpoint.reachable === undefined ? [] : [percentOrDash(bestReachableFor(endpoint, set))]),
      percentOrDash(published?.balancedAccuracy),
      ...extra.map(({ balancedAccuracy }) => percentOrDash(balancedAccuracy)),
    ]),
    width,
  );
}

function ablationTable({ title, rows, columns: across, at }: Ablation, width: number): string {
  const grid = fittedTable(
    ['scans', ...across],
    rows.map((row) => [
      row,
      ...across.map((column): Cell => {
        const set = at(row, column);
        return set === undefined ? '–' : cell(set.summary.balancedAccuracy);
      }),
    ]),
    width,
  );
  return `\nmodalities and regions, ${title}, balanced accuracy %:\n${grid}`;
}

function cell({ mean, sd, low, high }: Interval): Cell {
  return {
    // One test set has no spread over partitions.
    value: Number.isFinite(sd) ? `${percent(mean)} ± ${percent(sd)}` : percent(mean),
    detail: `${percent(low)} to ${percent(high)}`,
  };
}

function percent(share: number): string {
  return (100 * share).toFixed(1);
}

function percentOrDash(share: number | undefined): string {
  return share === undefined ? '–' : percent(share);
}

function points(difference: number): string {
  return `${difference < 0 ? '-' : '+'}${percent(Math.abs(difference))}`;
}
