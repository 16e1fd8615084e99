import type { Data } from 'plotly.js-dist-min';
import type { DiscretisedRegion } from '../../radiomics/region-of-interest.ts';
import { colourOf, type Figure, ink, syntheticMark } from '../figure.ts';
import { type Annotation, axis, baseLayout, plotlyFigure } from '../figure-layout.ts';

export interface IntensityHistogramOptions {
  /** Unit of the intensities: `HU` for CT. Default none. */
  unit?: string | undefined;
  /** Vertical lines, by the name written above each. */
  marks?: Record<string, number> | undefined;
  /** True adds SYNTHETIC to the title, for voxels that were made by code. */
  synthetic?: boolean | undefined;
}

/** Voxels of a region by grey level, drawn at the intensities the levels stand for. */
export function intensityHistogram(
  region: DiscretisedRegion,
  { unit, marks = {}, synthetic = false }: IntensityHistogramOptions = {},
): Figure {
  const { binEdges, levelVoxels, levelCount } = region;
  const x: number[] = [];
  const y: number[] = [];
  const widths: number[] = [];
  for (let level = 1; level <= levelCount; level++) {
    x.push((binEdges[level - 1] + binEdges[level]) / 2);
    widths.push(binEdges[level] - binEdges[level - 1]);
    y.push(levelVoxels[level]);
  }
  const named = Object.entries(marks).sort(([, a], [, b]) => a - b);
  const annotations = named.map(
    ([text, at], i): Annotation => ({
      text,
      x: at,
      y: 1,
      yref: 'paper',
      yanchor: 'bottom',
      // Neighbours stand at different heights, so that close marks stay legible.
      yshift: 2 + 16 * (i % 3),
      showarrow: false,
    }),
  );
  const mark = syntheticMark(synthetic || region.synthetic, 'volume');
  return plotlyFigure({
    name: 'intensity-histogram',
    caption:
      'Voxels of the region in each bin of intensity; dashed lines are first-order features.',
    data: [{ type: 'bar', x, y, width: widths, marker: { color: colourOf(0, 0.6) } } as Data],
    layout: {
      ...baseLayout('Intensities of the region', `${mark}${region.voxels} voxels`, {
        width: 780,
        height: 440,
      }),
      margin: { l: 76, r: 24, t: 136, b: 66 },
      bargap: 0.02,
      xaxis: axis(unit === undefined ? 'intensity' : `intensity (${unit})`),
      yaxis: axis('voxels'),
      shapes: named.map(([, at]) => ({
        type: 'line',
        x0: at,
        x1: at,
        y0: 0,
        y1: 1,
        yref: 'paper',
        line: { color: ink, width: 1.5, dash: 'dash' },
      })),
      annotations,
    },
  });
}
