import type { Data } from 'plotly.js-dist-min';
import { wilsonInterval } from '../../evaluation/share-interval.ts';
import type { ModelEvaluation } from '../../study/evaluate-model.ts';
import { colourOf, type Figure, plotText, syntheticMark, wrapText } from '../figure.ts';
import { type Axis, axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { cohortTitle } from '../said-once.ts';
import { calibrationBins } from './calibration.ts';
import { axisKeys, panelGrid, sharePanels } from './panel-grid.ts';
import { type LabelledAnswer, rocCurve } from './roc.ts';
import { diagonal } from './unit-panels.ts';

/**
 * A model on the patients of another cohort: its ROC curve with the point of its threshold, and its calibration in bins of equal
 * counts with Wilson's 95% intervals. A second model, where one was compared, is the second curve.
 */
export function elsewhere(evaluation: ModelEvaluation, name = 'elsewhere'): Figure {
  const { model, cohort, results, comparison } = evaluation;
  const first = answersOf(evaluation, ({ probability }) => probability);
  const second = comparison && answersOf(evaluation, ({ rival }) => rival);
  const panels = panelGrid(2, { ...sharePanels, columns: 2, width: 330, height: 310, gapX: 100 });
  const [left, right] = [axisKeys(0), axisKeys(1)];
  const on = { xaxis: left.x, yaxis: left.y };
  const data: Data[] = [diagonal(on), diagonal({ xaxis: right.x, yaxis: right.y })];
  const models = [
    { answers: first, title: model.title, sensitivity: results.metrics.sensitivity.value },
    ...(second && comparison ? [{ answers: second, title: comparison.model.title }] : []),
  ];
  models.forEach(({ answers, title }, i) => {
    const curve = rocCurve(answers);
    data.push({
      type: 'scatter',
      mode: 'lines',
      x: curve.falsePositive.map(round),
      y: curve.truePositive.map(round),
      line: { color: colourOf(i), width: 2.5 },
      name: plotText(title),
      hovertemplate: 'false positive %{x:.2f}, true positive %{y:.2f}<extra></extra>',
      ...on,
    });
    data.push(...calibrationTrace(answers, i, { xaxis: right.x, yaxis: right.y }));
  });
  const { sensitivity, specificity, auc, brier } = results.metrics;
  data.push({
    type: 'scatter',
    mode: 'markers',
    x: [round(1 - specificity.value)],
    y: [round(sensitivity.value)],
    marker: { color: colourOf(0), size: 11, line: { color: '#ffffff', width: 2 } },
    hovertemplate: `at the threshold ${results.threshold.toFixed(3)}: sensitivity %{y:.2f}<extra></extra>`,
    ...on,
  });
  const place = (i: number, x: string, y: string) => {
    const keys = axisKeys(i);
    const frame: Axis = { range: [-0.02, 1.02], dtick: 0.25 };
    return {
      [keys.layoutX]: axis(x, { ...frame, domain: panels.boxes[i].x, anchor: keys.y }),
      [keys.layoutY]: axis(y, { ...frame, domain: panels.boxes[i].y, anchor: keys.x }),
    };
  };
  const { only } = cohort;
  const part = only === undefined ? '' : `${only.column} ${only.values.join(' or ')} · `;
  const counts = `${part}${results.patients} patients, ${results.positives} ${model.endpoint.positiveName}`;
  const title = cohortTitle(cohort);
  const room = cohort.synthetic ? 80 : 115;
  const whose =
    title.length + counts.length < room
      ? plotText(`${title} · ${counts}`)
      : `${wrapText(title, room)}<br>${wrapText(counts, 115)}`;
  const subtitle = syntheticMark(cohort.synthetic, 'patients') + whose;
  // A cohort may have a long title: the panels stay as they are, and the figure grows by the lines.
  const more = 18 * (subtitle.split('<br>').length - 1);
  const against = comparison ? ` (blue; orange: ${comparison.auc.b.auc.toFixed(3)})` : '';
  return plotlyFigure({
    name,
    caption: `Left: receiver operating characteristic; the dot is the threshold of the model, which was fixed in training. Right: observed share against predicted probability in bins of equal counts, with Wilson's 95% intervals. Dashed: chance, and predicted equals observed.${comparison ? ` Blue: ${model.title}; orange: ${comparison.model.title}, on the patients that both predict.` : ''}`,
    data,
    layout: {
      ...baseLayout(`${plotText(model.title)}, asked elsewhere`, subtitle, {
        width: panels.width,
        height: panels.height + more,
      }),
      ...place(0, 'false positive rate (1 − specificity)', 'true positive rate (sensitivity)'),
      ...place(
        1,
        'predicted probability',
        `observed share of ${plotText(model.endpoint.positiveName)}`,
      ),
      margin: { ...panels.margin, t: 112 + more },
      annotations: [
        panels.title(0, `<b>ROC</b><br>AUC ${auc.value.toFixed(3)}${against}`),
        panels.title(1, `<b>Calibration</b><br>Brier ${brier.value.toFixed(3)}`),
      ],
    },
  });
}

/** Labelled answers of a model, those it has. */
function answersOf(
  { patients }: ModelEvaluation,
  probabilityOf: (one: ModelEvaluation['patients'][number]) => number | undefined,
): LabelledAnswer[] {
  return patients.flatMap((one) => {
    const probability = probabilityOf(one);
    if (one.label === null || probability === undefined) return [];
    return [{ label: one.label, probability }];
  });
}

function calibrationTrace(answers: readonly LabelledAnswer[], i: number, on: object): Data[] {
  const bins = calibrationBins([[...answers]], answers.length >= 200 ? 10 : 5);
  const bounds = bins.map(({ observed, count }) => wilsonInterval(observed, count));
  return [
    {
      type: 'scatter',
      mode: 'lines+markers',
      x: bins.map((b) => round(b.predicted)),
      y: bins.map((b) => round(b.observed)),
      error_y: {
        type: 'data',
        symmetric: false,
        array: bins.map((b, k) => round(bounds[k].high - b.observed)),
        arrayminus: bins.map((b, k) => round(b.observed - bounds[k].low)),
        thickness: 1.5,
        width: 4,
      },
      line: { color: colourOf(i), width: 2 },
      marker: { color: colourOf(i), size: 8 },
      text: bins.map((b) => `${b.count} patients`),
      hovertemplate: 'predicted %{x:.2f}, observed %{y:.2f} (%{text})<extra></extra>',
      ...on,
    },
  ];
}

/** Four digits are more than a screen shows. */
function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
