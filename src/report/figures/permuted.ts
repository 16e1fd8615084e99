import type { Data } from 'plotly.js-dist-min';
import { type Figure, grey, ink, plotText, wrapText } from '../figure.ts';
import { axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, type OpenedRun } from '../open-run.ts';
import { pValueText } from '../p-value.ts';
import type { EndpointOptions } from './balanced-accuracy.ts';
import { chanceLine } from './chance-line.ts';
import { cohortLine } from './cohort-line.ts';

/**
 * The permuted-label audit: for every audited feature set the balanced accuracy with shuffled labels, one dot per
 * permutation, and with the real ones. Dots scatter about 0.5 where nothing leaks.
 */
export function permuted(run: OpenedRun, options: EndpointOptions = {}): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const sets = endpoint.featureSets.flatMap((set) =>
    set.audit === undefined ? [] : [{ ...set, audit: set.audit }],
  );
  const rows = sets.length;
  const at = (i: number) => rows - 1 - i;
  const real = sets.map(({ summary }) => summary.balancedAccuracy.mean);
  const all = [...sets.flatMap(({ audit }) => audit.balancedAccuracy), ...real, 0.5];
  const data: Data[] = [
    {
      type: 'scatter',
      mode: 'markers',
      name: 'shuffled labels',
      x: sets.flatMap(({ audit }) => audit.balancedAccuracy),
      y: sets.flatMap(({ audit }, i) =>
        // Spread over a third of the row by number, not by chance: the same picture every time.
        audit.balancedAccuracy.map((_, k) => at(i) + 0.16 * (((k * 7) % 11) / 5 - 1)),
      ),
      marker: { color: grey, size: 7, opacity: 0.75, symbol: 'circle' },
      hovertemplate: 'shuffled: %{x:.3f}<extra></extra>',
    },
    {
      type: 'scatter',
      mode: 'markers',
      name: 'mean of shuffled, ± 2 standard errors',
      x: sets.map(({ audit }) => audit.mean),
      y: sets.map((_, i) => at(i) - 0.3),
      error_x: {
        type: 'data',
        array: sets.map(({ audit }) => 2 * (audit.standardError ?? 0)),
        color: ink,
        thickness: 1.6,
        width: 5,
      },
      marker: { color: ink, size: 7, symbol: 'square-open', line: { width: 1.5 } },
      hovertemplate: 'mean of shuffled: %{x:.3f}<extra></extra>',
    },
    {
      type: 'scatter',
      mode: 'markers',
      name: 'real labels',
      x: real,
      y: sets.map((_, i) => at(i)),
      marker: {
        color: ink,
        size: 13,
        symbol: 'diamond',
        line: { color: '#ffffff', width: 1 },
      },
      text: sets.map(({ audit }) => `p = ${pValueText(audit.p)}`),
      hovertemplate: 'real: %{x:.3f} (%{text})<extra></extra>',
    },
  ];
  return plotlyFigure({
    name: `${endpoint.id}-permuted`,
    caption:
      'Permuted-label audit. Grey: mean balanced accuracy of the whole study with labels shuffled over patients, one dot a permutation; square: their mean ± two standard errors, at 0.5 where nothing leaks; diamond: the real labels, with a p-value not below 1 / (permutations + 1).',
    data,
    layout: {
      ...baseLayout(
        `What the study finds in nothing: ${plotText(endpoint.title)}`,
        cohortLine(run, endpoint),
        { width: 900, height: 200 + 64 * Math.max(1, rows) },
      ),
      margin: { l: 210, r: 40, t: 124, b: 62 },
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
      xaxis: axis('balanced accuracy (share, 0.5 = chance)', {
        range: [Math.min(...all) - 0.03, Math.max(...all) + 0.03],
        tickformat: '.2f',
      }),
      yaxis: {
        range: [-0.6, rows - 0.4],
        tickvals: sets.map((_, i) => at(i)),
        ticktext: sets.map(({ title }) => wrapText(title, 28)),
        showgrid: false,
        zeroline: false,
      },
      shapes: [chanceLine('below')],
    },
  });
}
