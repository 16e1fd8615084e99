import { calibrationNames } from '../evaluation/evaluate-predictions.ts';
import { metricNames } from '../evaluation/metrics.ts';
import type { Estimate } from '../evaluation/patient-bootstrap.ts';
import type { EvaluatedModel, ModelEvaluation } from '../study/evaluate-model.ts';
import { assumptionList } from './assumption-list.ts';
import { metricTitles } from './evaluation-rows.ts';
import { figurePlace } from './figure-place.ts';
import { elsewhere } from './figures/elsewhere.ts';
import { type Html, html, htmlTable } from './html.ts';
import { leftOutByReason } from './left-out.ts';
import { pValueText } from './p-value.ts';
import { printed } from './printed-number.ts';
import { sourceAndLicence } from './said-once.ts';
import { subgroupSection } from './subgroup-section.ts';

/** A model on another cohort, under the name of its file in the folder of evaluations. */
export interface NamedEvaluation {
  name: string;
  evaluation: ModelEvaluation;
}

/** All evaluations of a folder: first one table, then each in detail. */
export function evaluationBody(evaluations: readonly NamedEvaluation[]): Html {
  return html`<h1>Asked elsewhere: trained models on other patients</h1>
<p class="lead">${evaluations.length} evaluation${evaluations.length === 1 ? '' : 's'} · nacre ${[...new Set(evaluations.map(({ evaluation }) => evaluation.provenance.nacre))].join(', ')}</p>
<nav aria-label="Evaluations">${evaluations.map(({ name }) => html`<a href="#${name}">${name}</a>`)}</nav>
${summaryTable(evaluations)}
${evaluations.map(section)}`;
}

/** An interval in parentheses; a dash where it cannot be computed. */
export function estimateText({ value, low, high }: Estimate, digits = 3): string {
  const shown = (number: number | null) =>
    typeof number === 'number' && Number.isFinite(number) ? printed(number.toFixed(digits)) : '–';
  return `${shown(value)} (${shown(low)} to ${shown(high)})`;
}

function summaryTable(evaluations: readonly NamedEvaluation[]): Html {
  const rows = evaluations.map(({ evaluation }) => {
    const { model, cohort, results } = evaluation;
    return [
      html`${model.title}<small>trained on ${model.trainedOn.patients} patients: ${shortly(model.trainedOn)}</small>`,
      html`${shortly(cohort)}<small>${results.patients} patients, ${results.positives} ${model.endpoint.positiveName}</small>`,
      twoLines(results.metrics.balancedAccuracy),
      twoLines(results.metrics.auc),
      atHome(model, 'balancedAccuracy'),
      atHome(model, 'auc'),
      twoLines(results.calibration.intercept, 2),
      twoLines(results.calibration.slope, 2),
    ];
  });
  const header = [
    'model',
    'asked about',
    'balanced accuracy',
    'AUC',
    'at home: balanced accuracy',
    'at home: AUC',
    'calibration in the large',
    'calibration slope',
  ];
  return htmlTable(header, rows, {
    numeric: header.map((_, c) => c > 1),
    caption:
      'Below each number its 95% interval: of AUC by DeLong on the logit scale, of the others by a bootstrap over patients; at home over the partitions of the study that the model comes from (corrected resampled t-test). Balanced accuracy of chance is 0.5. Calibration in the large: 0 is calibrated, below 0 predictions are too high. Slope: 1 is calibrated, below 1 predictions are too extreme.',
  });
}

function twoLines({ value, low, high }: Estimate, digits = 3): Html {
  const text = estimateText({ value, low, high }, digits);
  const at = text.indexOf(' ');
  return html`${text.slice(0, at)}<small>${text.slice(at + 2, -1)}</small>`;
}

function atHome({ atHome: { metrics } }: EvaluatedModel, name: string): Html {
  const found = metrics[name];
  if (found === undefined) return html`–`;
  return twoLines({ value: found.mean, low: found.low, high: found.high });
}

function where({ title, only }: Pick<ModelEvaluation['cohort'], 'title' | 'only'>): string {
  return only === undefined ? title : `${title}, only ${only.column} = ${only.values.join(' or ')}`;
}

/** The id of a cohort and the choice of its patients, for headings. */
function shortly({ id, only }: Pick<ModelEvaluation['cohort'], 'id' | 'only'>): string {
  return only === undefined ? id : `${id}, ${only.column} ${only.values.join(' or ')}`;
}

function section({ name, evaluation }: NamedEvaluation): Html {
  const { model, cohort, results, comparison, refused, unknownOutcome, remarks } = evaluation;
  const { positiveName, negativeName } = model.endpoint;
  return html`<section id="${name}"><h2>Trained on ${shortly(model.trainedOn)}; asked about ${shortly(cohort)}</h2>
${cohort.synthetic ? html`<p class="synthetic"><strong>SYNTHETIC patients, made by code.</strong> The numbers below show that the evaluation runs; they say nothing about cancer.</p>` : html``}
${[...new Set([...model.warnings, ...cohort.notices])].map((notice) => html`<p class="notice">${notice}</p>\n`)}
<p>The model was trained on ${model.trainedOn.patients} patients (${model.trainedOn.positives} ${positiveName}) of ${where(model.trainedOn)} and asked about ${evaluation.patients.length} patients of ${where(cohort)}. ${results.patients} of these have a known outcome: ${results.positives} ${positiveName}, ${results.patients - results.positives} ${negativeName}${unknownOutcome > 0 ? `; the outcome of ${unknownOutcome} is unknown` : ''}. ${featuresText(evaluation)}</p>
${figurePlace(elsewhere(evaluation, name))}
<div class="columns">${metricTable(evaluation)}${calibrationTable(evaluation)}</div>
${comparison === undefined ? html`` : comparisonPart(evaluation, comparison)}
${subgroupPart(evaluation)}
${refusedPart(refused)}
${
  remarks.length === 0
    ? html``
    : html`<details><summary>Remarks on predicted patients: ${remarks.length} kinds</summary>${htmlTable(
        ['remark (the first of its kind)', 'patients'],
        remarks.map((one) => [one.remark, String(one.patients)]),
        { numeric: [false, true] },
      )}</details>`
}
${assumptionList(evaluation.assumptions)}
<details><summary>Provenance</summary><p>${sourceAndLicence(cohort)} SHA-256 over the evaluated patients: <code>${evaluation.provenance.patientsSha256}</code>; over the inputs: <code>${evaluation.provenance.inputsSha256}</code>; over the patients of training: <code>${model.patientsSha256}</code>. Bootstrap: ${results.bootstrap.resamples} samples, seed ${results.bootstrap.seed}${results.bootstrap.redrawn > 0 ? `, ${results.bootstrap.redrawn} samples of one class drawn again` : ''}.</p></details>
</section>
`;
}

function featuresText({ features }: ModelEvaluation): string {
  if (features === 'none') return 'It needs no image features.';
  return features === 'read'
    ? 'Image features were read from the tables of the cohort.'
    : 'Image features were made from the scans by the recipe in the model file.';
}

function metricTable({ results, model }: ModelEvaluation): Html {
  const { truePositive, falsePositive, trueNegative, falseNegative } = results.confusion;
  const { positiveName, negativeName } = model.endpoint;
  return htmlTable(
    ['metric', 'elsewhere (95% interval)', 'at home'],
    metricNames.map((metric) => {
      const home = model.atHome.metrics[metric];
      return [
        metricTitles[metric],
        estimateText(results.metrics[metric]),
        home === undefined
          ? '–'
          : estimateText({ value: home.mean, low: home.low, high: home.high }),
      ];
    }),
    {
      numeric: [false, true, true],
      caption: `At the threshold ${results.threshold.toFixed(3)} of the model: ${truePositive} ${positiveName} found, ${falseNegative} missed; ${trueNegative} ${negativeName} found, ${falsePositive} called ${positiveName}.`,
    },
  );
}

function calibrationTable({ results }: ModelEvaluation): Html {
  const { recalibrated: update } = results;
  const rows = (Object.keys(calibrationNames) as (keyof typeof calibrationNames)[]).map((name) => [
    calibrationNames[name],
    estimateText(results.calibration[name]),
  ]);
  const after =
    update === undefined
      ? [['recalibrated', 'not possible: too few of a class, or classes that are separated']]
      : [
          [
            'recalibrated: new log-odds',
            `${printed(update.intercept.toFixed(3))} ${added(update.slope.toFixed(3))} × old`,
          ],
          [
            'Brier score before → recalibrated',
            `${results.metrics.brier.value.toFixed(3)} → ${update.brier.toFixed(3)}`,
          ],
          [
            'balanced accuracy before → recalibrated',
            `${results.metrics.balancedAccuracy.value.toFixed(3)} → ${update.balancedAccuracy.toFixed(3)}`,
          ],
          [
            'sensitivity, specificity recalibrated',
            `${update.sensitivity.toFixed(3)}, ${update.specificity.toFixed(3)}`,
          ],
        ];
  return htmlTable(['calibration', 'value (95% interval)'], [...rows, ...after], {
    numeric: [false, true],
    caption: `Recalibrated: logistic recalibration on these patients, measured on folds it was not fitted on${update === undefined ? '' : ` (${update.folds} folds)`}, at the same threshold (a threshold moved along with the probabilities would leave the classes as they are). It uses outcomes of this cohort; the model as it is does not.`,
  });
}

function comparisonPart(
  { model, results }: ModelEvaluation,
  {
    auc,
    classes,
    patients,
    model: rival,
    balancedAccuracy,
  }: NonNullable<ModelEvaluation['comparison']>,
): Html {
  return html`<h3>Against ${rival.title}, ${where(rival.trainedOn)}</h3>
${htmlTable(
  ['test', model.title, rival.title, 'difference (95% interval)', 'p'],
  [
    [
      'AUC (DeLong)',
      auc.a.auc.toFixed(3),
      auc.b.auc.toFixed(3),
      estimateText({ value: auc.difference, low: auc.low, high: auc.high }),
      pValueText(auc.p),
    ],
    [
      'right where the other is wrong (McNemar, exact)',
      String(classes.onlyFirst),
      String(classes.onlySecond),
      '',
      pValueText(classes.exact),
    ],
  ],
  {
    numeric: [false, true, true, true, true],
    caption: `On the ${patients} patients that both predict, each at its own threshold; balanced accuracy of the second ${balancedAccuracy.toFixed(3)}${patients === results.patients ? `, of the first ${results.metrics.balancedAccuracy.value.toFixed(3)}` : ''}.`,
  },
)}`;
}

function subgroupPart({ model, subgroups, fairness }: ModelEvaluation): Html {
  if (subgroups.length === 0) return html``;
  return html`<h3>Sites and subgroups</h3>
${subgroupSection({
  positiveName: model.endpoint.positiveName,
  featureSets: [{ title: model.title, subgroups, fairness }],
})}`;
}

function refusedPart(refused: ModelEvaluation['refused']): Html {
  if (refused.length === 0) return html`<p>No patient was refused.</p>`;
  // The text of an error names the patient: patients refused for one reason have one code.
  const kinds = new Map<string, typeof refused>();
  for (const one of refused) kinds.set(one.code, [...(kinds.get(one.code) ?? []), one]);
  return html`<div class="left-out"><strong>Without an answer that counts: ${refused.length}</strong>
${[...kinds].map(
  ([code, those]) => html`<details><summary>${those.length}: ${code.replaceAll('-', ' ')}</summary>
${leftOutByReason(those).map(({ reason, patients }) => html`<p><strong>${patients.join(', ')}</strong>: ${reason}</p>\n`)}</details>\n`,
)}</div>`;
}

/** A number as the second term of a sum: `+ 0.912`, `− 0.125`. */
function added(text: string): string {
  const size = printed(text);
  return size.startsWith('−') ? `− ${size.slice(1)}` : `+ ${size}`;
}
