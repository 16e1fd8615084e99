import type { Data } from 'plotly.js-dist-min';
import type { SelectionTrail } from '../../learning/feature-selection.ts';
import { type Figure, grey, ink, plotText, syntheticMark } from '../figure.ts';
import { axis, baseLayout, plotlyFigure } from '../figure-layout.ts';
import { printed } from '../printed-number.ts';
import { shorten } from './ranking.ts';

export interface MrmrStepsOptions {
  /** Source of the training rows: endpoint, feature set and partition. */
  title?: string | undefined;
  /** Picks shown, from the first. Default 25. */
  top?: number | undefined;
  /** Measure of relevance, with its unit. Default `F statistic`. */
  measure?: string | undefined;
  /** True for synthetic patients; the subtitle states it. */
  synthetic?: boolean | undefined;
}

/**
 * mRMR's picks in the order of picking, with their relevance; filled marks are those that recursive elimination kept.
 * A pick that stands further left than a later one was preferred because it repeats less of what was picked before.
 */
export function mrmrSteps(trail: SelectionTrail, options: MrmrStepsOptions = {}): Figure {
  const shown = trail.mrmr.slice(0, options.top ?? 25);
  const dropped = new Set(trail.eliminated.flat());
  const longest = Math.max(4, ...shown.map(({ feature }) => shorten(feature).length));
  const marks = (kept: boolean): Data => {
    const picks = shown
      .map((pick, row) => ({ pick, row }))
      .filter(({ pick }) => dropped.has(pick.feature) !== kept);
    return {
      type: 'scatter',
      mode: 'markers',
      name: kept ? 'kept by RFE' : 'dropped by RFE',
      x: picks.map(({ pick }) => pick.relevance),
      y: picks.map(({ row }) => row),
      marker: {
        size: 11,
        symbol: kept ? 'circle' : 'circle-open',
        color: kept ? ink : grey,
        line: { width: 1.5, color: kept ? ink : grey },
      },
      text: picks.map(
        ({ pick, row }) => `pick ${row + 1}, score ${printed(pick.score.toPrecision(3))}`,
      ),
      hovertemplate: '%{text}, relevance %{x:.3g}<extra></extra>',
    };
  };
  return plotlyFigure({
    name: 'mrmr-steps',
    caption: `The first ${shown.length} of ${trail.mrmr.length} picks of mRMR, from the top, with their relevance on the training rows. The order is that of picking, not of relevance. Filled: still there after recursive feature elimination.`,
    data: [marks(true), marks(false)],
    layout: {
      ...baseLayout(
        'The order in which mRMR picks',
        `${syntheticMark(options.synthetic, 'patients')}${plotText(options.title ?? '')}`,
        {
          width: 1000,
          height: 190 + 22 * shown.length,
        },
      ),
      margin: { l: 40 + 6.4 * longest, r: 40, t: 112, b: 62 },
      showlegend: true,
      legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1, yanchor: 'bottom' },
      xaxis: axis(`relevance (${options.measure ?? 'F statistic'})`, { rangemode: 'tozero' }),
      yaxis: {
        range: [shown.length - 0.4, -0.6],
        tickvals: shown.map((_, row) => row),
        ticktext: shown.map(({ feature }, row) => `${plotText(shorten(feature))}  ${row + 1}`),
        tickfont: { size: 12 },
        gridcolor: '#eeeeee',
        zeroline: false,
      },
    },
  });
}
