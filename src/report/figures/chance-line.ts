import { ink } from '../figure.ts';

/** Dashed line at a balanced accuracy of 50%, what guessing gets, over the height of the figure. */
export function chanceLine(layer?: 'below' | 'between') {
  return {
    type: 'line' as const,
    ...{ x0: 0.5, x1: 0.5, y0: 0, y1: 1, yref: 'paper' as const },
    line: { color: ink, width: 1.5, dash: 'dash' as const },
    ...(layer && { layer }),
  };
}
