import type { Data } from 'plotly.js-dist-min';
import { meanAndSd } from '../../evaluation/resampled-t.ts';
import { setColours } from '../block-colours.ts';
import { type Figure, plotText } from '../figure.ts';
import { axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, featureSetsOf, type OpenedRun } from '../open-run.ts';
import type { FeatureSetsOptions } from './balanced-accuracy.ts';
import { chanceLine } from './chance-line.ts';
import { cohortLine } from './cohort-line.ts';

const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'x', 'cross'] as const;

/**
 * Learning curve: balanced accuracy on the same test patients with fewer training patients, a line per feature set that has one.
 * A curve that still rises at its right end asks for more patients.
 */
export function learningCurve(run: OpenedRun, options: FeatureSetsOptions = {}): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const sets = featureSetsOf(endpoint, options.featureSets).filter((set) => set.learningCurve);
  const colourOf = setColours(run);
  const data: Data[] = sets.map((set, i) => {
    const points = set.learningCurve ?? [];
    const sd = points.map(({ metrics }) => meanAndSd(metrics.balancedAccuracy.values).sd);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: plotText(set.title),
      x: points.map(({ trainPatients }) => trainPatients),
      y: points.map(({ metrics }) => metrics.balancedAccuracy.mean),
      error_y: { type: 'data', array: sd, thickness: 1.2, width: 4 },
      line: { color: colourOf(set), width: 2.5 },
      marker: { color: colourOf(set), size: 9, symbol: symbols[i % symbols.length] },
      hovertemplate: '%{x} patients: %{y:.3f}<extra></extra>',
    };
  });
  return plotlyFigure({
    name: `${endpoint.id}-learning-curve`,
    caption:
      sets.length === 0
        ? 'The study asks for no learning curve (learningCurve in the study file).'
        : 'Balanced accuracy on the same held-out patients with a share of the training patients, drawn within each class, smaller shares out of larger ones; bars: ± one standard deviation over partitions. The last point is the study itself. A curve that still rises asks for more patients.',
    data,
    layout: {
      ...baseLayout(`Learning curve: ${plotText(endpoint.title)}`, cohortLine(run, endpoint), {
        width: 900,
        height: 460,
      }),
      margin: { l: 80, r: 30, t: 120, b: 60 },
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
      xaxis: axis('training patients', { rangemode: 'tozero' }),
      yaxis: axis('balanced accuracy (share, 0.5 = chance)', { tickformat: '.2f' }),
      shapes: [
        { ...chanceLine('between'), x0: 0, x1: 1, xref: 'paper', y0: 0.5, y1: 0.5, yref: 'y' },
      ],
    },
  });
}
