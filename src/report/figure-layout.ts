import type { Data, Layout } from 'plotly.js-dist-min';
import { jupyterDisplay } from '../runtime/jupyter-display.ts';
import { type Figure, figureFormats, grey, ink } from './figure.ts';

/** Plotly's own types of the parts that figures are made of. */
export type Annotation = NonNullable<Layout['annotations']>[number];
export type Axis = NonNullable<Layout['xaxis']>;
export type LayoutImage = NonNullable<Layout['images']>[number];

/** A figure whose traces and layout are checked against plotly's own types. */
export function plotlyFigure(
  figure: Omit<Figure, 'data' | 'layout'> & {
    data: Data[];
    layout: Partial<Layout> & { width: number; height: number };
  },
): Figure {
  // Not enumerable: the figure stays plain data that JSON and threads carry. Kernels of JavaScript (Deno's, nacre's) look for
  // this function in the value of a cell.
  return Object.defineProperty(figure, jupyterDisplay, {
    value(this: Figure) {
      return figureFormats(this);
    },
  });
}

/** Title, fonts and margins that all figures share. The subtitle says whose patients these are. */
export function baseLayout(
  title: string,
  subtitle: string,
  { width, height }: { width: number; height: number },
): Partial<Layout> & { width: number; height: number } {
  return {
    width,
    height,
    title: {
      text: `<b>${title}</b>`,
      subtitle: { text: subtitle, font: { size: 13, color: grey } },
      x: 0,
      xanchor: 'left',
      xref: 'container',
      pad: { l: 16, t: 14 },
      y: 1,
      yanchor: 'top',
      yref: 'container',
      font: { size: 17, color: ink },
    },
    font: { family: 'Open Sans, Helvetica, Arial, sans-serif', size: 13, color: ink },
    paper_bgcolor: '#ffffff',
    plot_bgcolor: '#ffffff',
    margin: { l: 70, r: 24, t: 84, b: 60 },
    showlegend: false,
  };
}

/** An axis with a thin frame and grid; options of the single figure go on top. */
export function axis(title: string, more: Axis = {}): Axis {
  return {
    title: { text: title, standoff: 10, font: { size: 14 } },
    showline: true,
    linecolor: '#999999',
    ticks: 'outside',
    tickcolor: '#999999',
    gridcolor: '#e6e6e6',
    zeroline: false,
    ...more,
  };
}
