import type { Data } from 'plotly.js-dist-min';
import { setColours } from '../block-colours.ts';
import { type Figure, grey, ink, plotText, tint, wrapText } from '../figure.ts';
import { type Annotation, axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, featureSetsOf, type OpenedRun } from '../open-run.ts';
import { chanceLine } from './chance-line.ts';
import { cohortLine } from './cohort-line.ts';

export interface EndpointOptions {
  /** Id of the endpoint; default the first one of the run. */
  endpoint?: string | undefined;
}

export interface FeatureSetsOptions extends EndpointOptions {
  /** Ids of the feature sets shown, in this order; default all of the run. */
  featureSets?: readonly string[] | undefined;
}

/**
 * Balanced accuracy of every feature set: a box with one point per partition, the mean as a vertical bar,
 * chance at 0.5, and published numbers on rows of their own.
 */
export function balancedAccuracy(run: OpenedRun, options: FeatureSetsOptions = {}): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const sets = featureSetsOf(endpoint, options.featureSets);
  const published = endpoint.published.filter((p) => p.balancedAccuracy !== undefined);
  const rows = sets.length + published.length;
  const data: Data[] = [];
  const labels: string[] = [];
  const beside: Annotation[] = [];
  const colourOf = setColours(run);
  sets.forEach((set, i) => {
    const colour = colourOf(set);
    const y = rows - 1 - i;
    const values = set.partitions.map((p) => p.metrics.balancedAccuracy);
    labels[y] = wrapText(set.title, 26);
    data.push({
      type: 'box',
      orientation: 'h',
      name: plotText(set.title),
      x: values,
      y: values.map(() => y),
      width: 0.5,
      boxpoints: 'all',
      jitter: 0.6,
      pointpos: 0,
      fillcolor: tint(colour, 0.18),
      line: { color: colour, width: 1.5 },
      marker: {
        color: colour,
        size: 7,
        opacity: 0.85,
        line: { color: '#ffffff', width: 0.5 },
      },
      text: set.partitions.map((p) => `partition ${p.index}, seed ${p.seed}`),
      hovertemplate: '%{x:.3f} (%{text})<extra></extra>',
    });
    beside.push(besideRow(y, meanText(set.summary.balancedAccuracy)));
  });
  published.forEach((number, i) => {
    const y = published.length - 1 - i;
    const value = number.balancedAccuracy as number;
    labels[y] = `<i>published:</i><br>${wrapText(number.label, 26)}`;
    data.push({
      type: 'scatter',
      mode: 'markers',
      x: [value],
      y: [y],
      marker: { symbol: 'diamond-open', size: 12, color: ink, line: { width: 2 } },
      hovertemplate: `${plotText(number.label)}: %{x:.3f}<br>${plotText(number.source)}<extra></extra>`,
    });
    beside.push(besideRow(y, value.toFixed(3)));
  });
  const lowest = Math.min(
    0.5,
    ...sets.flatMap((s) => s.partitions.map((p) => p.metrics.balancedAccuracy)),
  );
  const layout = baseLayout(
    `Balanced accuracy: ${plotText(endpoint.title)}`,
    cohortLine(run, endpoint),
    { width: 900, height: 210 + 62 * rows },
  );
  return plotlyFigure({
    name: `${endpoint.id}-balanced-accuracy`,
    caption:
      'Balanced accuracy on the held-out patients of each partition: one point per partition, box from the first to the third quartile, line at the median. Right: mean ± standard deviation over partitions. Open diamonds: numbers from papers, on other patients.',
    data,
    layout: {
      ...layout,
      margin: { l: 190, r: 140, t: 104, b: 62 },
      xaxis: axis('balanced accuracy (share, 0.5 = chance)', {
        range: [Math.floor((lowest - 0.03) * 10) / 10, 1.005],
        dtick: 0.1,
        tickformat: '.1f',
      }),
      yaxis: {
        range: [-0.6, rows - 0.4],
        tickvals: labels.map((_, y) => y),
        ticktext: labels,
        showgrid: false,
        zeroline: false,
      },
      shapes: [chanceLine('between')],
      annotations: [
        ...beside,
        {
          x: 1,
          xref: 'paper',
          xanchor: 'left',
          xshift: 12,
          y: 1,
          yref: 'paper',
          yanchor: 'bottom',
          text: 'mean ± sd',
          showarrow: false,
          font: { size: 12, color: grey },
        },
        {
          x: 0.5,
          y: 1,
          yref: 'paper',
          yanchor: 'bottom',
          text: 'chance',
          showarrow: false,
          font: { size: 12, color: ink },
        },
      ],
    },
  });
}

/** Text to the right of the frame, level with row `y`. */
function besideRow(y: number, text: string): Annotation {
  return {
    x: 1,
    xref: 'paper',
    xanchor: 'left',
    xshift: 12,
    y,
    yanchor: 'middle',
    text,
    showarrow: false,
    font: { size: 13, color: ink },
  };
}

function meanText({ mean, sd }: { mean: number; sd: number }): string {
  return mean.toFixed(3) + (Number.isFinite(sd) ? ` ± ${sd.toFixed(3)}` : '');
}
