import type { Data } from 'plotly.js-dist-min';
import { type Figure, ink, plotText } from '../figure.ts';
import { axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { endpointOf, type OpenedRun } from '../open-run.ts';
import { missingValues as rowsOf } from '../patient-tables.ts';
import type { EndpointOptions } from './balanced-accuracy.ts';
import { cohortLine } from './cohort-line.ts';
import { shorten } from './ranking.ts';

/** Missing values of a run, a row per column and a mark per class: where the marks differ, missingness itself may predict. */
export function missingValues(
  run: OpenedRun,
  options: EndpointOptions & { top?: number } = {},
): Figure {
  const endpoint = endpointOf(run, options.endpoint);
  const { description, positiveName, negativeName } = endpoint;
  const rows = rowsOf(run, options);
  const shown = [...rows]
    .sort((a, b) => Number(b.missing) - Number(a.missing))
    .slice(0, options.top ?? 20);
  const complete = (description?.missing ?? []).map(
    ({ block, columns, incomplete }) => `${block} ${columns - incomplete} of ${columns}`,
  );
  const data: Data[] = [positiveName, negativeName].map((name, i) => ({
    type: 'scatter',
    mode: 'markers',
    name: plotText(name),
    x: shown.map((row) => Number(row[name])),
    y: shown.map((_, at) => at),
    marker: {
      size: 12,
      symbol: i === 0 ? 'circle' : 'diamond-open',
      color: ink,
      line: { width: 2, color: ink },
    },
    hovertemplate: '%{x:.1%}<extra></extra>',
  }));
  const most = Math.max(
    0.05,
    ...shown.map((row) => Math.max(Number(row[positiveName]), Number(row[negativeName]))),
  );
  const names = shown.map(({ variable }) => shorten(String(variable)));
  return plotlyFigure({
    name: `${endpoint.id}-missing`,
    caption: `Patients without a value, by class; ${shown.length === 0 ? 'no column lacks any' : `the ${shown.length} columns that lack most`}. Complete columns: ${complete.join(', ') || 'not recorded by this run'}.`,
    data,
    layout: {
      ...baseLayout(`What is missing: ${plotText(endpoint.title)}`, cohortLine(run, endpoint), {
        width: 1000,
        height: 190 + 24 * Math.max(1, shown.length),
      }),
      margin: {
        l: 40 + 6.4 * Math.max(4, ...names.map(({ length }) => length)),
        r: 40,
        t: 112,
        b: 62,
      },
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
      xaxis: axis('patients without a value (share of the class)', {
        range: [-0.02 * most, 1.08 * most],
        tickformat: '.0%',
      }),
      yaxis: {
        range: [Math.max(1, shown.length) - 0.4, -0.6],
        tickvals: shown.map((_, at) => at),
        ticktext: names.map(plotText),
        tickfont: { size: 12 },
        gridcolor: '#eeeeee',
        zeroline: false,
      },
    },
  });
}
