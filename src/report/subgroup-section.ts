import { constantAnswerScore } from '../evaluation/fairness-score.ts';
import type { EndpointResults, FeatureSetResults, Interval } from '../study/results.ts';
import { type Html, html } from './html.ts';
import { printed } from './printed-number.ts';

const shown = [
  { metric: 'balancedAccuracy', title: 'balanced accuracy' },
  { metric: 'auc', title: 'AUC' },
  { metric: 'sensitivity', title: 'sensitivity' },
  { metric: 'specificity', title: 'specificity' },
  { metric: 'accuracy', title: 'accuracy' },
  { metric: 'f1', title: 'F1' },
  { metric: 'prAuc', title: 'PR-AUC' },
  { metric: 'brier', title: 'Brier (0 best)' },
] as const;

/** The parts of an endpoint's results that are broken down. */
export interface BrokenDown extends Pick<EndpointResults, 'positiveName'> {
  featureSets: readonly Pick<FeatureSetResults, 'title' | 'subgroups' | 'fairness'>[];
}

/** Part of the report: every metric by subgroup for each feature set, folded, and the challenge's score beside a constant answer's. */
export function subgroupSection(endpoint: BrokenDown): Html {
  const sets = endpoint.featureSets.filter(({ subgroups }) => (subgroups ?? []).length > 0);
  if (sets.length === 0) return html``;
  return html`${scoreTable(endpoint)}
<p>Test rows alone, by the level of each variable. Levels with fewer than five patients of a class, or whose test rows lack one in more than half of the partitions, have no numbers. Many small subgroups are looked at: a difference between two of them is a question, not an answer.</p>
${sets.map(
  (set, i) => html`<details${i === 0 ? html` open` : html``}><summary>${set.title}</summary>
${tableOf(endpoint, set)}</details>
`,
)}`;
}

function scoreTable({ featureSets }: BrokenDown): Html {
  const scored = featureSets.filter(({ fairness }) => fairness !== undefined);
  if (scored.length === 0) return html``;
  const variables = scored[0].fairness?.gaps.map(({ variable }) => variable) ?? [];
  const lacking = ['age', 'menopause', 'density'].filter(
    (name) => !variables.some((variable) => variable.includes(name.slice(0, 7))),
  );
  return html`<div class="scroll"><table>
<caption>Score of the MAMA-MIA challenge: half balanced accuracy, half one minus the mean gap in equalised odds (range of sensitivities plus range of false positive rates over the levels) over ${variables.join(', ')}${lacking.length > 0 ? `; the challenge also takes ${lacking.join(' and ')}` : ''}. <strong>An answer that is the same for every patient scores ${constantAnswerScore.toFixed(2)}</strong>, so that a score near it says nothing of the model.</caption>
<thead><tr><th scope="col">feature set</th>${['score', 'balanced accuracy', ...variables.map((name) => `gap: ${name}`)].map(numberHeader)}</tr></thead>
<tbody>
${scored.map(
  ({
    title,
    fairness,
  }) => html`<tr><th scope="row">${title}</th>${[fairness?.score, fairness?.balancedAccuracy, ...(fairness?.gaps ?? []).map(({ gap }) => gap)].map((value) => numberCell(number(value)))}</tr>
`,
)}
<tr><th scope="row">a constant answer</th>${[constantAnswerScore, 0.5, ...variables.map(() => 0)].map((value) => numberCell(number(value)))}</tr>
</tbody></table></div>
`;
}

function tableOf(
  { positiveName }: BrokenDown,
  { subgroups = [] }: Pick<FeatureSetResults, 'subgroups'>,
): Html {
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">subgroup</th>${['patients', positiveName, ...shown.map(({ title }) => title)].map(numberHeader)}</tr></thead>
${subgroups.map(
  ({
    title,
    levels,
    missing,
  }) => html`<tbody><tr><th scope="rowgroup" colspan="${3 + shown.length}">${title}${missing > 0 ? ` (${missing} without a value)` : ''}</th></tr>
${levels.map(
  ({
    name,
    patients,
    positives,
    summary,
  }) => html`<tr><th scope="row">${name}</th>${numberCell(patients)}${numberCell(positives)}${shown.map(({ metric }) => numberCell(summary === null ? '–' : interval(summary[metric])))}</tr>
`,
)}</tbody>
`,
)}</table></div>
`;
}

function numberHeader(title: string): Html {
  return html`<th scope="col" class="n">${title}</th>`;
}

function numberCell(value: string | number | Html): Html {
  return html`<td class="n">${value}</td>`;
}

function interval({ mean, low, high }: Interval): Html {
  return html`${number(mean)}<small>${number(low)} to ${number(high)}</small>`;
}

function number(value: number | null | undefined): string {
  return value === undefined || value === null || Number.isNaN(value)
    ? '–'
    : printed(value.toFixed(3));
}
