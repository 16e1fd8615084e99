import type { StudyConfig } from '../study/config.ts';
import type { EndpointResults, FeatureSetResults, StudyResults } from '../study/results.ts';
import { type Answer, answerOf, percent, signedPoints } from './answer.ts';
import { type Html, html } from './html.ts';
import { leftOutByReason } from './left-out.ts';
import { pValueText } from './p-value.ts';
import { bestReachableFor } from './paper-table.ts';

/**
 * The first thing on the page: who the patients are, then for each endpoint the question, our number with its interval, the
 * published one, chance, the best arm without images, and a sentence made of them. Says once that patients are synthetic.
 */
export function answerBox(results: StudyResults, config: StudyConfig): Html {
  const { cohort, study, endpoints } = results;
  return html`<section id="answer" class="answer" aria-label="The answer">
${patientsLeftOut(cohort)}
${
  cohort.synthetic
    ? html`<p class="synthetic"><strong>SYNTHETIC patients, made by code.</strong> The numbers below show that the study runs; they say nothing about cancer.</p>`
    : html``
}
<div class="cards">${endpoints.map((endpoint) => card(answerOf(endpoint, config)))}</div>
<p class="small">Balanced accuracy: the mean of sensitivity and specificity on patients held out, over ${study.partitions} partitions; a guess reaches 50%. Intervals: 95%. A number underlined with dots opens its trail.</p>
</section>`;
}

function card(answer: Answer): Html {
  const { endpoint, ours, withoutImages, published, difference, chance } = answer;
  const reachable = bestReachableFor(endpoint, ours);
  const rows: [string, Html][] = [
    ...published.map(({ label, balancedAccuracy, source }): [string, Html] => [
      'published',
      html`${percent(balancedAccuracy ?? Number.NaN)}<small>${label}; ${source}; other patients</small>`,
    ]),
    ['chance', html`${percent(chance, 0)}`],
    ...(reachable === undefined
      ? []
      : [
          [
            'best reachable',
            html`${percent(reachable)}<small>by the formula that made these patients, from the same data</small>`,
          ] as [string, Html],
        ]),
    [
      'best without images',
      withoutImages === undefined
        ? html`–<small>no such arm in this study</small>`
        : html`${number(endpoint, withoutImages)}<small>${withoutImages.title}</small>`,
    ],
    ...(withoutImages === undefined || difference === undefined
      ? []
      : [
          [
            'what images add',
            html`${signedPoints(difference.difference)} points (${signedPoints(difference.low)} to ${signedPoints(difference.high)})<small>p ${pValueText(difference.p)}${difference.pHolm === undefined ? '' : `, corrected by Holm ${pValueText(difference.pHolm)}`}; same partitions</small>`,
          ] as [string, Html],
        ]),
  ];
  return html`<article class="card" aria-label="${endpoint.title}">
<h2>${endpoint.title}</h2>
<p class="question">${answer.question}</p>
<p class="number">${number(endpoint, ours)}</p>
<p class="small">${ours.title}${choiceText(answer)}; ${ours.patients} patients, ${ours.positives} ${endpoint.positiveName}</p>
<dl>${rows.map(([what, value]) => html`<dt>${what}</dt><dd>${value}</dd>`)}</dl>
<p class="sentence">${answer.sentence}</p>
</article>
`;
}

/** A balanced accuracy with its interval, which leads to its trail. */
function number({ id }: EndpointResults, { id: set, summary }: FeatureSetResults): Html {
  const { mean, low, high } = summary.balancedAccuracy;
  return html`<a class="trace" href="#trace" data-trace="${id}/${set}/balancedAccuracy">${percent(mean)}</a> <span class="interval">(${percent(low)} to ${percent(high)})</span>`;
}

function choiceText({ chosen, armsWithImages }: Answer): string {
  if (chosen !== 'best') return '';
  return armsWithImages > 1
    ? `, the best of ${armsWithImages} arms with images, picked by this very number and so a little too good`
    : ', the best arm, picked by this very number and so a little too good';
}

/** Largest number of ids shown per reason; longer lists are folded. */
const fewEnough = 3;

/** One line per reason, with every id; long lists are folded so that the results stay in sight. */
export function patientsLeftOut({ excluded }: StudyResults['cohort']): Html {
  if (excluded.length === 0) return html``;
  return html`<div class="left-out"><strong>Patients left out: ${excluded.length}</strong>${leftOutByReason(
    excluded,
  ).map(({ reason, patients }) =>
    patients.length <= fewEnough
      ? html`<p><strong>${patients.join(', ')}</strong>: ${reason}</p>\n`
      : html`<details><summary>${patients.length}: ${reason}</summary><p>${patients.join(', ')}</p></details>\n`,
  )}</div>`;
}
