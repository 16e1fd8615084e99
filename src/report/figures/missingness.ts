import type { Data } from 'plotly.js-dist-min';
import type { Cohort } from '../../cohort/cohort.ts';
import { type Figure, ink, plotText, syntheticMark } from '../figure.ts';
import { axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { shorten } from './ranking.ts';

export interface MissingnessOptions {
  /** Block of the cohort. Default `clinical`. */
  block?: string | undefined;
  /** Id of the endpoint whose classes are distinguished; default the first one. */
  endpoint?: string | undefined;
  /** Columns shown, most often missing first. Default 25. */
  top?: number | undefined;
}

/**
 * Share of patients without a value, a row per column of one block, in each class of an endpoint: if the marks
 * of a row differ, missingness itself may predict the outcome.
 */
export function missingness(cohort: Cohort, options: MissingnessOptions = {}): Figure {
  const endpoint = cohort.endpoints[options.endpoint ?? Object.keys(cohort.endpoints)[0]];
  const block =
    options.block ??
    (cohort.blocks.clinical === undefined ? Object.keys(cohort.blocks)[0] : 'clinical');
  const classes = [1, 0].map((label) =>
    cohort.patients.flatMap((_, row) => (endpoint.labels[row] === label ? [row] : [])),
  );
  const share = (values: Float64Array, rows: readonly number[]) =>
    rows.filter((row) => Number.isNaN(values[row])).length / Math.max(1, rows.length);
  const columns = cohort.blocks[block].columns
    .map(({ name, values }) => ({
      name,
      all: share(
        values,
        cohort.patients.map((_, row) => row),
      ),
      byClass: classes.map((rows) => share(values, rows)),
    }))
    .sort((a, b) => b.all - a.all || (a.name < b.name ? -1 : 1));
  const shown = columns.slice(0, options.top ?? 25);
  const names = [endpoint.positiveName, endpoint.negativeName];
  const data: Data[] = names.map((name, i) => ({
    type: 'scatter',
    mode: 'markers',
    name: `${plotText(name)} (${classes[i].length})`,
    x: shown.map(({ byClass }) => byClass[i]),
    y: shown.map((_, row) => row),
    marker: {
      size: 12,
      symbol: i === 0 ? 'circle' : 'diamond-open',
      color: ink,
      line: { width: 2, color: ink },
    },
    hovertemplate: '%{x:.1%}<extra></extra>',
  }));
  const most = Math.max(0.05, ...shown.flatMap(({ byClass }) => byClass));
  const longest = Math.max(4, ...shown.map(({ name }) => shorten(name).length));
  const whole = columns.filter(({ all }) => all === 0).length;
  return plotlyFigure({
    name: `missing-${block}`,
    caption: `Share of patients without a value in block ${block}, by ${endpoint.title}; ${shown.length} of ${columns.length} columns, most often missing first (${whole} have every value).`,
    data,
    layout: {
      ...baseLayout(
        `What is missing: ${plotText(block)}`,
        `${syntheticMark(cohort.synthetic, 'patients')}${plotText(cohort.title)} · ${cohort.patients.length} patients`,
        { width: 1000, height: 180 + 24 * shown.length },
      ),
      margin: { l: 40 + 6.4 * longest, r: 40, t: 112, b: 62 },
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
      xaxis: axis('patients without a value (share of the class)', {
        range: [-0.02 * most, 1.08 * most],
        tickformat: '.0%',
      }),
      yaxis: {
        range: [shown.length - 0.4, -0.6],
        tickvals: shown.map((_, row) => row),
        ticktext: shown.map(({ name }) => plotText(shorten(name))),
        tickfont: { size: 12 },
        gridcolor: '#eeeeee',
        zeroline: false,
      },
    },
  });
}
