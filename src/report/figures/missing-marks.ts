import type { Data } from 'plotly.js-dist-min';
import { ink, plotText } from '../figure.ts';
import { axis } from '../figure-layout.ts';
import { shorten } from './ranking.ts';

/** A column with the share of patients without a value in each of two classes. */
export interface MissingRow {
  name: string;
  byClass: readonly number[];
}

/** Marks and axes of a figure of missing values: a row per column, a mark per class. */
export function missingMarks(rows: readonly MissingRow[], classes: readonly string[]) {
  const data: Data[] = classes.map((name, i) => ({
    type: 'scatter',
    mode: 'markers',
    name: plotText(name),
    x: rows.map(({ byClass }) => byClass[i]),
    y: rows.map((_, row) => row),
    marker: {
      size: 12,
      symbol: i === 0 ? 'circle' : 'diamond-open',
      color: ink,
      line: { width: 2, color: ink },
    },
    hovertemplate: '%{x:.1%}<extra></extra>',
  }));
  const most = Math.max(0.05, ...rows.flatMap(({ byClass }) => byClass));
  const names = rows.map(({ name }) => shorten(name));
  const layout = {
    margin: {
      l: 40 + 6.4 * Math.max(4, ...names.map(({ length }) => length)),
      r: 40,
      t: 112,
      b: 62,
    },
    showlegend: true,
    legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' } as const,
    xaxis: axis('patients without a value (share of the class)', {
      range: [-0.02 * most, 1.08 * most],
      tickformat: '.0%',
    }),
    yaxis: {
      range: [Math.max(1, rows.length) - 0.4, -0.6] as [number, number],
      tickvals: rows.map((_, row) => row),
      ticktext: names.map(plotText),
      tickfont: { size: 12 },
      gridcolor: '#eeeeee',
      zeroline: false,
    },
  };
  return { data, layout };
}
