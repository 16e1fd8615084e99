import { describeAudit } from '../evaluation/audit.ts';
import type { EndpointResults, Interval, StudyResults } from '../study/results.ts';
import type { Provenance } from '../study/run-folder.ts';
import type { Figure } from './figure.ts';
import { type Html, html, htmlTable } from './html.ts';
import { leftOutByReason } from './left-out.ts';

/** What a reader must know before any number: whose patients, what to beware of, who was left out. */
export function cohortSection({ cohort }: StudyResults): Html {
  const excluded =
    cohort.excluded.length === 0
      ? html`<p>No patient was left out of the joined table.</p>`
      : html`<h3>Patients left out: ${cohort.excluded.length}</h3>${leftOut(cohort.excluded)}`;
  return html`<section id="cohort">
${
  cohort.synthetic
    ? html`<p class="synthetic"><strong>SYNTHETIC patients, made by code.</strong> The numbers below show that the study runs; they say nothing about cancer.</p>`
    : html``
}
${cohort.notices.map((notice) => html`<p class="notice">${notice}</p>\n`)}
<h2>Cohort</h2>
<p>${cohort.title}: ${cohort.patients} patients. ${cohort.citation.replace(/\.$/, '')}. Licence: ${cohort.licence}.</p>
${excluded}
</section>`;
}

/** A line a reason, with the patients folded behind it: every id is there, none pushes the results off the page. */
function leftOut(excluded: StudyResults['cohort']['excluded']): Html[] {
  return leftOutByReason(excluded).map(
    ({ reason, patients }) =>
      html`<details><summary>${patients.length}: ${reason}</summary><p>${patients.join(', ')}</p></details>\n`,
  );
}

/** Results, comparisons and audit of one endpoint, as tables. */
export function endpointTables(endpoint: EndpointResults): Html {
  const { published } = endpoint;
  const rows = endpoint.featureSets.map((set) => [
    html`${set.title}<small>${set.patients} patients, ${set.positives} ${endpoint.positiveName}, ${set.candidates} candidates</small>`,
    cell(set.summary.balancedAccuracy),
    cell(set.summary.sensitivity),
    cell(set.summary.specificity),
    cell(set.summary.auc),
    cell(set.summary.f1),
    cell(set.summary.brier),
    ...published.map((p) =>
      p.auc === undefined
        ? html`${publishedValue(p.balancedAccuracy)}`
        : html`${publishedValue(p.balancedAccuracy)}<small>AUC ${publishedValue(p.auc)}</small>`,
    ),
  ]);
  const header = [
    'feature set',
    'balanced accuracy',
    'sensitivity',
    'specificity',
    'AUC',
    'F1',
    'Brier (0 best)',
    ...published.map((p) => `published: ${p.label}`),
  ];
  return html`<p>${endpoint.patients} patients: ${endpoint.positives} ${endpoint.positiveName}, ${endpoint.patients - endpoint.positives} ${endpoint.negativeName}.</p>
${htmlTable(header, rows, {
  numeric: header.map((_, c) => c > 0),
  caption: `Mean ± standard deviation over partitions; below, the 95% interval (corrected resampled t-test). Shares from 0 to 1; balanced accuracy of chance is 0.5.${
    published.length > 0
      ? ` Published numbers are balanced accuracies on other patients: ${published.map((p) => `${p.label}, ${p.source}`).join('; ')}.`
      : ''
  }`,
})}
${comparisonTable(endpoint)}${auditLines(endpoint)}`;
}

function comparisonTable({ comparisons }: EndpointResults): Html {
  if (comparisons.length === 0) return html``;
  const names: Record<string, string> = { balancedAccuracy: 'balanced accuracy', auc: 'AUC' };
  return html`<h3>Feature sets compared on the same partitions</h3>${htmlTable(
    ['first', 'second', 'metric', 'first − second', '95% interval', 't', 'p'],
    comparisons.map((c) => [
      c.a,
      c.b,
      names[c.metric] ?? c.metric,
      signed(c.difference),
      `${signed(c.low)} to ${signed(c.high)}`,
      c.t.toFixed(2),
      c.p < 0.001 ? '< 0.001' : c.p.toFixed(3),
    ]),
    {
      numeric: [false, false, false, true, true, true, true],
      caption:
        'Two-sided, corrected resampled t-test; not corrected for the number of comparisons.',
    },
  )}`;
}

function auditLines({ featureSets }: EndpointResults): Html {
  const audited = featureSets.filter((set) => set.audit !== undefined);
  if (audited.length === 0) return html``;
  return html`<h3>Permuted-label audit</h3>
<p>With labels shuffled over patients there is nothing to learn: an evaluation without leakage comes out at 0.5.</p>
${audited.map(({ title, audit }) =>
  audit === undefined
    ? html``
    : html`<p class="${audit.atChance ? 'good' : 'synthetic'}"><strong>${title}</strong>: ${describeAudit(audit)}; the real labels against the permuted ones: p = ${audit.p.toFixed(3)}.</p>\n`,
)}`;
}

/** A place for a figure; the script at the end of the page draws it. */
export function figurePlace(figure: Figure): Html {
  return html`<figure><div class="plot" data-figure="${figure.name}" style="width:${figure.layout.width}px;height:${figure.layout.height}px"></div><figcaption>${figure.caption}</figcaption></figure>\n`;
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
<h3>Inputs</h3>
${htmlTable(
  ['file', 'SHA-256'],
  provenance.inputs.map(({ file, sha256 }) => [file, html`<code>${sha256}</code>`]),
)}
</section>`;
}

function cell({ mean, sd, low, high }: Interval): Html {
  return html`${mean.toFixed(3)} ± ${sd.toFixed(3)}<small>${low.toFixed(3)} to ${high.toFixed(3)}</small>`;
}

function publishedValue(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(3);
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}
