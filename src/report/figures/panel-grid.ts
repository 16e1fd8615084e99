import type { XAxisName, YAxisName } from 'plotly.js-dist-min';
import type { Annotation } from '../figure-layout.ts';

export interface PanelSizes {
  /** Largest number of panels per row. */
  columns: number;
  /** A panel's frame, pixels. */
  width: number;
  height: number;
  /** Between frames, pixels: room for tick labels and axis titles, and above each panel for its own title. */
  gapX: number;
  gapY: number;
  /** Around all panels, pixels. */
  margin: { l: number; r: number; t: number; b: number };
}

export interface PanelGrid {
  /** Where each panel sits, in shares of the plot (plotly domains), row by row from the top. */
  boxes: { x: [number, number]; y: [number, number] }[];
  /** Size of the whole figure, pixels; the size of a panel does not depend on their number. */
  width: number;
  height: number;
  margin: PanelSizes['margin'];
  /** A title centred above the i-th panel. */
  title(i: number, text: string): Annotation;
}

/** Narrower figures would cut their own title, pixels. */
const narrowest = 560;

/** Panels of equal size, row by row. */
export function panelGrid(
  count: number,
  { columns, width, height, gapX, gapY, margin }: PanelSizes,
): PanelGrid {
  const across = Math.min(count, columns);
  const down = Math.ceil(count / columns);
  const plotWidth = Math.max(across * width + (across - 1) * gapX, narrowest - margin.l - margin.r);
  const plotHeight = down * height + (down - 1) * gapY;
  const boxes = Array.from({ length: count }, (_, i): PanelGrid['boxes'][number] => {
    const left = (i % columns) * (width + gapX);
    const top = Math.floor(i / columns) * (height + gapY);
    return {
      x: [left / plotWidth, Math.min(1, (left + width) / plotWidth)],
      y: [Math.max(0, 1 - (top + height) / plotHeight), 1 - top / plotHeight],
    };
  });
  return {
    boxes,
    width: margin.l + plotWidth + margin.r,
    height: margin.t + plotHeight + margin.b,
    margin,
    title: (i, text) => ({
      text,
      x: (boxes[i].x[0] + boxes[i].x[1]) / 2,
      y: boxes[i].y[1],
      xref: 'paper',
      yref: 'paper',
      xanchor: 'center',
      yanchor: 'bottom',
      yshift: 3,
      showarrow: false,
    }),
  };
}

/** Names of the axes of the i-th panel: as keys of a layout (`xaxis2`) and as a trace refers to them (`x2`). */
export function axisKeys(i: number) {
  const n = i === 0 ? '' : String(i + 1);
  return {
    layoutX: `xaxis${n}`,
    layoutY: `yaxis${n}`,
    x: `x${n}` as XAxisName,
    y: `y${n}` as YAxisName,
  };
}

/** A share from 0 to 1 on both axes of the i-th panel: ROC and calibration. */
export const sharePanels: PanelSizes = {
  columns: 3,
  width: 260,
  height: 240,
  gapX: 84,
  gapY: 128,
  margin: { l: 70, r: 30, t: 136, b: 60 },
};
