import type { Shape } from 'plotly.js-dist-min';
import { grey, ink } from '../figure.ts';

/** Dashed line at a balanced accuracy of 50%, what guessing gets, over the height of the figure. */
export function chanceLine(layer?: 'below' | 'between') {
  return {
    type: 'line' as const,
    ...{ x0: 0.5, x1: 0.5, y0: 0, y1: 1, yref: 'paper' as const },
    line: { color: ink, width: 1.5, dash: 'dash' as const },
    ...(layer && { layer }),
  };
}

/** A dashed line from the bottom to the top of a plot, below what is drawn there. */
export function uprightLine(x: number): Partial<Shape> {
  return {
    type: 'line',
    x0: x,
    x1: x,
    y0: 0,
    y1: 1,
    yref: 'paper',
    line: { color: grey, width: 1.5, dash: 'dash' },
    layer: 'below',
  };
}
