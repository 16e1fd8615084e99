import type { Data } from 'plotly.js-dist-min';
import type { EndpointResults, FeatureSetResults, Interval } from '../../study/results.ts';
import { setColours } from '../block-colours.ts';
import { type Figure, grey, plotText, wrapText } from '../figure.ts';
import { type Annotation, type Axis, axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, featureSetsOf, type OpenedRun } from '../open-run.ts';
import type { FeatureSetsOptions } from './balanced-accuracy.ts';
import { cohortLine } from './cohort-line.ts';
import { axisKeys, panelGrid, sharePanels } from './panel-grid.ts';

/** Which axes a trace of a panel is drawn on. */
export interface PanelAxes {
  xaxis: string;
  yaxis: string;
}

export interface UnitPanels {
  /** Last part of the figure's name: `roc`. */
  name: string;
  title: string;
  caption: string;
  x: string;
  y: (endpoint: EndpointResults) => string;
  /** How far the axes reach beyond 0 and 1. */
  beyond: number;
  /** What is written above a panel, with its mean and standard deviation over partitions. */
  score: { title: string; spread: (set: FeatureSetResults) => Interval };
  /** The traces of a panel, over its dashed diagonal. */
  draw: (
    set: FeatureSetResults,
    panel: { endpoint: EndpointResults; colour: string; on: PanelAxes },
  ) => Data[];
}

/** A panel per feature set whose axes both run from 0 to 1, with a dashed diagonal: ROC curves, calibration. */
export function unitPanels(
  run: OpenedRun,
  options: FeatureSetsOptions,
  { name, title, caption, x, y, beyond, score, draw }: UnitPanels,
): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const sets = featureSetsOf(endpoint, options.featureSets);
  const panels = panelGrid(sets.length, sharePanels);
  const data: Data[] = [];
  const axes: Record<string, Axis> = {};
  const annotations: Annotation[] = [];
  const colourOf = setColours(run);
  const range: [number, number] = [-beyond, 1 + beyond];
  const ticks = { range, dtick: 0.25 };
  sets.forEach((set, i) => {
    const keys = axisKeys(i);
    const on = { xaxis: keys.x, yaxis: keys.y };
    data.push(diagonal(on), ...draw(set, { endpoint, colour: colourOf(set), on }));
    const { x: across, y: up } = panels.boxes[i];
    axes[keys.layoutX] = axis(x, { ...ticks, domain: across, anchor: keys.y });
    axes[keys.layoutY] = axis(y(endpoint), { ...ticks, domain: up, anchor: keys.x });
    const { mean, sd } = score.spread(set);
    const spread = Number.isFinite(sd) ? ` ± ${sd.toFixed(3)}` : '';
    const above = `${score.title} ${mean.toFixed(3)}${spread}`;
    annotations.push(panels.title(i, `<b>${wrapText(set.title, 30)}</b><br>${above}`));
  });
  return plotlyFigure({
    name: `${endpoint.id}-${name}`,
    caption,
    data,
    layout: {
      ...baseLayout(`${title}: ${plotText(endpoint.title)}`, cohortLine(run, endpoint), panels),
      ...axes,
      margin: panels.margin,
      annotations,
    },
  });
}

/** The dashed diagonal of a panel: chance for ROC curves, perfect agreement for calibration. */
export function diagonal(on: object): Data {
  return {
    type: 'scatter',
    mode: 'lines',
    x: [0, 1],
    y: [0, 1],
    line: { color: grey, width: 1, dash: 'dash' },
    hoverinfo: 'skip',
    ...on,
  };
}
