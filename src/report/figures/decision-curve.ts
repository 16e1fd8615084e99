import type { Data } from 'plotly.js-dist-min';
import { decisionCurve as curveOf, thresholdsTo } from '../../evaluation/decision-curve.ts';
import { setColours } from '../block-colours.ts';
import { type Figure, grey, ink, plotText, wrapText } from '../figure.ts';
import { type Annotation, type Axis, axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, featureSetsOf, type OpenedRun, predictionsByPartition } from '../open-run.ts';
import type { FeatureSetsOptions } from './balanced-accuracy.ts';
import { cohortLine } from './cohort-line.ts';
import { axisKeys, panelGrid, sharePanels } from './panel-grid.ts';

/** Largest threshold shown: beyond it the odds make every line a straight fall. */
const highest = 0.8;

/**
 * Decision curves, one panel per feature set: net benefit per patient against the threshold probability, beside treating all and
 * treating none (Vickers and Elkin 2006). Predictions of all partitions on held-out patients.
 */
export function decisionCurve(run: OpenedRun, options: FeatureSetsOptions = {}): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const sets = featureSetsOf(endpoint, options.featureSets);
  const panels = panelGrid(sets.length, sharePanels);
  const colourOf = setColours(run);
  const plotHeight = panels.height - panels.margin.t - panels.margin.b;
  const prevalence = endpoint.positives / endpoint.patients;
  const data: Data[] = [];
  const axes: Record<string, Axis> = {};
  const annotations: Annotation[] = [];
  sets.forEach((set, i) => {
    const keys = axisKeys(i);
    const rows = predictionsByPartition(run, endpoint.id, set.id).flat();
    const curve = curveOf(
      rows.map(({ label }) => label),
      rows.map(({ probability }) => probability),
      thresholdsTo(highest),
    );
    const line = (name: string, y: number[], style: object): Data => ({
      type: 'scatter',
      mode: 'lines',
      name,
      x: curve.map(({ threshold }) => threshold),
      y: y.map((value) => Math.round(value * 1e5) / 1e5),
      line: style,
      xaxis: keys.x,
      yaxis: keys.y,
      showlegend: i === 0,
      legendgroup: name,
      hovertemplate: `${name}: %{y:.3f} at %{x:.2f}<extra></extra>`,
    });
    data.push(
      line(
        'treat all',
        curve.map(({ all }) => all),
        { color: grey, width: 1.5, dash: 'dash' },
      ),
      line(
        'treat none',
        curve.map(({ none }) => none),
        { color: ink, width: 1.5 },
      ),
      line(
        'by the model',
        curve.map(({ model }) => model),
        { color: colourOf(set), width: 2.5 },
      ),
    );
    axes[keys.layoutX] = axis('threshold probability', {
      domain: panels.boxes[i].x,
      anchor: keys.y,
      range: [0, highest],
      dtick: 0.2,
    });
    axes[keys.layoutY] = axis('net benefit per patient', {
      domain: panels.boxes[i].y,
      anchor: keys.x,
      range: [-0.25 * prevalence, 1.08 * prevalence],
    });
    annotations.push(panels.title(i, `<b>${wrapText(set.title, 30)}</b>`));
  });
  return plotlyFigure({
    name: `${endpoint.id}-decision-curve`,
    caption: `Decision curves (Vickers and Elkin 2006) on held-out patients, predictions of all partitions together: a model is of use at a threshold where its line lies above both "treat all" and "treat none"; "treated" stands for acting on a predicted ${endpoint.positiveName}. The curve takes probabilities at their word: read it beside the calibration.`,
    data,
    layout: {
      ...baseLayout(
        `Decision curves: ${plotText(endpoint.title)}`,
        cohortLine(run, endpoint),
        panels,
      ),
      ...axes,
      margin: panels.margin,
      annotations,
      showlegend: true,
      legend: {
        orientation: 'h',
        x: 0,
        xanchor: 'left',
        y: 1 + 34 / plotHeight,
        yanchor: 'bottom',
      },
    },
  });
}
