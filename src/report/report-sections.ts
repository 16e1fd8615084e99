import { describeAudit, describeAuditP } from '../evaluation/audit.ts';
import type { MetricName } from '../evaluation/metrics.ts';
import type { Assumption } from '../runtime/assumptions.ts';
import type { EndpointResults, FeatureSetResults, StudyResults } from '../study/results.ts';
import type { Provenance } from '../study/run-folder.ts';
import { armSection } from './arm-section.ts';
import { assumptionList } from './assumption-list.ts';
import { comparisonSection, signedShare, tracedTest } from './comparison-section.ts';
import type { ContentsEntry } from './contents.ts';
import type { Figure } from './figure.ts';
import { figurePlace } from './figure-place.ts';
import { fold, type Html, html, htmlTable } from './html.ts';
import { pValueText } from './p-value.ts';
import {
  type Ablation,
  ablations,
  bestReachableFor,
  paperRows,
  publishedColumns,
} from './paper-table.ts';
import { cohortTitle, noticesSaidOnce, sourceAndLicence } from './said-once.ts';
import { selectionTables } from './selection-tables.ts';
import { straightLineSentences } from './straight-line.ts';
import { subgroupSection } from './subgroup-section.ts';
import { traceDialog } from './trace-click.ts';

/** The cohort: warnings, assumptions, where the patients come from. Who was left out stands in the answer box. */
export function cohortSection(
  { cohort }: StudyResults,
  assumptions: readonly Assumption[] = [],
): Html {
  const whole = cohort.excluded.length === 0;
  return html`<section id="cohort">
${noticesSaidOnce(cohort).map((notice) => html`<p class="notice">${notice}</p>\n`)}
${assumptionList(assumptions)}
<h2>Cohort</h2>
<p>${cohortTitle(cohort)}: ${cohort.patients} patients. ${sourceAndLicence(cohort)}${whole ? ' No patient was left out of the joined table.' : ''}</p>
</section>`;
}

/** A section of an endpoint, by an id of its own, so that the contents can lead to it. */
export interface ReportPart {
  id: string;
  title: string;
  body: Html;
}

/**
 * One endpoint: the requested table, its picture, the ablation of scans and regions, the audit; then, folded, the
 * details.
 *
 * @param drawn figures of this endpoint, named `<endpoint>-<what>`
 * @param further parts that need the whole run, put before the details
 * @returns the content, and its parts for the contents of the page
 */
export function endpointBody(
  endpoint: EndpointResults,
  drawn: readonly Figure[],
  further: readonly ReportPart[] = [],
): { body: Html; entries: ContentsEntry[] } {
  const { patients, positives, positiveName, negativeName, featureSets, table } = endpoint;
  const main = drawn.filter(({ name }) => name === `${endpoint.id}-balanced-accuracy`);
  const rankings = drawn.filter(({ name }) => name.endsWith('-ranking'));
  const curves = drawn.filter(({ name }) => /-(roc|confusion)$/.test(name));
  const bySubgroup = drawn.filter(({ name }) => name === `${endpoint.id}-subgroups`);
  const id = (what: string) => `${endpoint.id}-section-${what}`;
  const parts: ReportPart[] = [
    {
      id: id('results'),
      title: 'Results',
      body: html`${table === undefined ? resultsOf(endpoint, featureSets) : paperTable(endpoint)}
${straightLineSentences(endpoint).map(
  (sentence) => html`<p><strong>${sentence}</strong></p>
`,
)}
${main.map(figurePlace)}`,
    },
    {
      id: id('reasons'),
      title: 'Why each arm ends where it does',
      body: armSection(endpoint),
    },
    {
      id: id('comparisons'),
      title: 'Feature sets compared on the same partitions',
      body: comparisonSection(endpoint),
    },
    {
      id: id('ablation'),
      title: 'Modalities and regions',
      body: html`${ablations(endpoint).map((one) => ablationTable(endpoint, one))}`,
    },
    {
      id: id('subgroups'),
      title: 'Subgroups',
      body: html`${bySubgroup.map(figurePlace)}${subgroupSection(endpoint)}`,
    },
    { id: id('audit'), title: 'Permuted-label audit', body: auditLines(endpoint) },
    ...further,
    {
      id: id('detail'),
      title: 'In detail',
      body: html`${fold('ROC curves, confusion', curves.map(figurePlace))}
${fold('Which features were selected', [selectionTables(endpoint), ...rankings.map(figurePlace)])}
${
  table === undefined
    ? html``
    : html`${fold(`All ${featureSets.length} feature sets, with F1 and Brier score`, [resultsOf(endpoint, featureSets)])}`
}`,
    },
  ].filter(({ body }) => body.text.trim() !== '');
  return {
    entries: parts.map(({ id, title }) => ({ id, title })),
    body: html`<p>${patients} patients: ${positives} ${positiveName}, ${patients - positives} ${negativeName}.</p>
${parts.map(({ id, title, body }) => html`<h3 id="${id}">${title}</h3>\n${body}\n`)}`,
  };
}

const metricTitles: readonly { metric: MetricName; title: string }[] = [
  { metric: 'balancedAccuracy', title: 'balanced accuracy' },
  { metric: 'sensitivity', title: 'sensitivity' },
  { metric: 'specificity', title: 'specificity' },
  { metric: 'auc', title: 'AUC' },
  { metric: 'f1', title: 'F1' },
  { metric: 'brier', title: 'Brier (0 best)' },
];

/** How the numbers of a table are to be read, by how its intervals were made. */
function howToRead({ featureSets }: EndpointResults): string {
  const shares = 'Shares from 0 to 1; balanced accuracy of chance is 0.5.';
  return featureSets[0].summary.auc.method === 'delong'
    ? `All test patients together, each tested once, ± standard deviation over groups where there are several; below, the 95% interval over patients (AUC: DeLong; sensitivity and specificity: Wilson; the others: bootstrap). ${shares}`
    : `Mean ± standard deviation over partitions; below, the 95% interval (corrected resampled variance on the angular scale). ${shares}`;
}

/** Sets as rows, metrics as columns, then published numbers that belong to no row. */
function resultsOf(endpoint: EndpointResults, sets: readonly FeatureSetResults[]): Html {
  const published = publishedColumns(endpoint);
  const rows = sets.map((set) => [
    html`${set.title}<small>${set.patients} patients, ${set.positives} ${endpoint.positiveName}, ${set.candidates} candidates</small>`,
    ...metricTitles.map(({ metric }) => traced(endpoint, set, metric)),
    ...published.map(publishedCell),
  ]);
  const header = [
    'feature set',
    ...metricTitles.map(({ title }) => title),
    ...published.map((p) => `published: ${p.label}`),
  ];
  return htmlTable(header, rows, {
    numeric: header.map((_, c) => c > 0),
    caption: `${howToRead(endpoint)}${sources(published)}`,
  });
}

/** The paper's table: clinical variables and extractors, the reference tested against each other. */
function paperTable(endpoint: EndpointResults): Html {
  const reference = endpoint.featureSets.find(({ id }) => id === endpoint.table?.reference);
  const shown = metricTitles.slice(0, 4);
  const extra = publishedColumns(endpoint);
  const rows = paperRows(endpoint).map(({ set, test, published }) => [
    html`${set.title}<small>${set.candidates} candidates</small>`,
    ...shown.map(({ metric }) => traced(endpoint, set, metric)),
    test === undefined
      ? html`–`
      : html`${tracedTest(endpoint, test, signedShare(test.difference))}<small>${signedShare(test.low)} to ${signedShare(test.high)}</small>`,
    test === undefined ? html`–` : tracedTest(endpoint, test, pValueText(test.pHolm ?? test.p)),
    ...(endpoint.reachable === undefined
      ? []
      : [html`${publishedValue(bestReachableFor(endpoint, set))}`]),
    published === undefined ? html`–` : publishedCell(published),
    ...extra.map(publishedCell),
  ]);
  const header = [
    'features',
    ...shown.map(({ title }) => title),
    `${reference?.title ?? 'reference'} minus it`,
    'p (Holm)',
    ...(endpoint.reachable === undefined ? [] : ['best reachable']),
    'published balanced accuracy',
    ...extra.map((p) => `published: ${p.label}`),
  ];
  return htmlTable(header, rows, {
    numeric: header.map((_, c) => c > 0),
    caption: `${howToRead(endpoint)} Differences of balanced accuracy on the same partitions; p corrected by Holm for all comparisons of the endpoint (below).${endpoint.reachable === undefined ? '' : ' Best reachable: balanced accuracy of the Bayes rule of these patients made by code, given the same data; nothing can be better in the long run.'}${sources(endpoint.published)}`,
  });
}

/** Ablation tables: accuracy without some scans or regions. */
function ablationTable(endpoint: EndpointResults, { title, rows, columns, at }: Ablation): Html {
  return html`<h4>${title}</h4>${htmlTable(
    ['scans', ...columns],
    rows.map((row) => [
      html`${row}`,
      ...columns.map((column) => {
        const set = at(row, column);
        if (set === undefined) return html`–`;
        return html`${traced(endpoint, set, 'balancedAccuracy')}<small>AUC ${set.summary.auc.mean.toFixed(3)}, ${set.candidates} candidates</small>`;
      }),
    ]),
    {
      numeric: [false, ...columns.map(() => true)],
      caption: 'Balanced accuracy, with the 95% interval below. The same partitions in every cell.',
    },
  )}`;
}

function sources(published: EndpointResults['published']): string {
  if (published.length === 0) return '';
  return ` Published numbers are balanced accuracies on other patients: ${published.map((p) => `${p.label}, ${p.source}`).join('; ')}.`;
}

function publishedCell(p: EndpointResults['published'][number]): Html {
  return p.auc === undefined
    ? html`${publishedValue(p.balancedAccuracy)}`
    : html`${publishedValue(p.balancedAccuracy)}<small>AUC ${publishedValue(p.auc)}</small>`;
}

/** A number of a table, which leads to its provenance by a click. */
function traced(endpoint: EndpointResults, set: FeatureSetResults, metric: MetricName): Html {
  const { mean, sd, low, high } = set.summary[metric];
  return html`<a class="trace" href="#trace" data-trace="${endpoint.id}/${set.id}/${metric}">${mean.toFixed(3)}${Number.isFinite(sd) ? ` ± ${sd.toFixed(3)}` : ''}</a><small>${low.toFixed(3)} to ${high.toFixed(3)}</small>`;
}

function auditLines({ featureSets }: EndpointResults): Html {
  const audited = featureSets.filter((set) => set.audit !== undefined);
  if (audited.length === 0) return html``;
  return html`<p>With labels shuffled over patients there is nothing to learn: an evaluation without leakage comes out at 0.5.</p>
${audited.map(({ title, audit }) =>
  audit === undefined
    ? html``
    : html`<p class="${audit.atChance === true ? 'good' : 'synthetic'}"><strong>${title}</strong>: ${describeAudit(audit)}; the real labels against the permuted ones: ${describeAuditP(audit)}.</p>\n`,
)}`;
}

/** Where each number comes from. Times and worker counts stay in provenance.json: they differ between equal runs. */
export function provenanceSection(provenance: Provenance, results: StudyResults): Html {
  const { hardware } = provenance;
  const rows: [string, string][] = [
    ['nacre', provenance.nacre],
    [
      'git commit',
      `${provenance.gitCommit ?? 'not known'}${provenance.gitDirty ? ' (with local changes)' : ''}`,
    ],
    ['Node', provenance.node],
    ['configuration, SHA-256', results.study.configSha256],
    ['seed', String(results.study.seed)],
    ...(provenance.booster === undefined
      ? []
      : [['booster', provenance.booster.engine] as [string, string]]),
    ['machine', `${hardware.cpu}, ${hardware.cores} cores, ${hardware.platform} ${hardware.arch}`],
    ...Object.entries(provenance.packages).map(([name, version]): [string, string] => [
      name,
      version,
    ]),
  ];
  return html`<section id="provenance"><h2>Provenance</h2>
${htmlTable(
  ['what', 'value'],
  rows.map(([what, value]) => [what, html`<code>${value}</code>`]),
)}
${traceDialog()}
${fold(`Inputs: ${provenance.inputs.length} files`, [
  htmlTable(
    ['file', 'SHA-256'],
    provenance.inputs.map(({ file, sha256 }) => [file, html`<code>${sha256}</code>`]),
  ),
])}
</section>`;
}

function publishedValue(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(3);
}
