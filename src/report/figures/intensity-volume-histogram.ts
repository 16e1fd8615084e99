import type { Data } from 'plotly.js-dist-min';
import { type RegionOfInterest, regionIntensities } from '../../radiomics/region-of-interest.ts';
import { type Figure, ink, palette, syntheticMark } from '../figure.ts';
import { type Annotation, axis, baseLayout, plotlyFigure } from '../figure-layout.ts';

export interface IntensityVolumeHistogramOptions {
  /** Unit of the intensities: `HU` for CT. Default none. */
  unit?: string | undefined;
  /** Points of the curve to mark, by name: an intensity, whose share is read off. */
  marks?: Record<string, number> | undefined;
  /** True adds SYNTHETIC to the title, for voxels that were made by code. */
  synthetic?: boolean | undefined;
}

/** Steps of the curve from 1 to 0, at most. */
const finest = 300;

/** The share of a region's voxels that reach an intensity, falling from 1: steps at the intensities that occur. */
export function intensityVolumeHistogram(
  region: RegionOfInterest,
  { unit, marks = {}, synthetic = false }: IntensityVolumeHistogramOptions = {},
): Figure {
  const sorted = regionIntensities(region).sort();
  const n = sorted.length;
  const x: number[] = [];
  const y: number[] = [];
  let drawn = -1;
  for (let at = 0; at < n; at++) {
    if (at > 0 && sorted[at] === sorted[at - 1]) continue;
    // Steps too small to be seen are left out, so that a large region is not a large figure.
    if (drawn >= 0 && at - drawn < n / finest && sorted[at] < sorted[n - 1]) continue;
    x.push(sorted[at]);
    y.push((n - at) / n);
    drawn = at;
  }
  const share = (intensity: number) => sorted.filter((value) => value >= intensity).length / n;
  const annotations = Object.entries(marks).map(
    ([text, at]): Annotation => ({ text, x: at, y: share(at), ax: 36, ay: -28, arrowcolor: ink }),
  );
  const mark = syntheticMark(synthetic || region.synthetic, 'volume');
  return plotlyFigure({
    name: 'intensity-volume-histogram',
    caption: 'Share of the voxels of the region with this intensity or more.',
    data: [
      // A share holds from just above the intensity before to this one.
      { type: 'scatter', mode: 'lines', x, y, line: { shape: 'vh', color: palette[0] } } as Data,
    ],
    layout: {
      ...baseLayout('Intensity-volume histogram', `${mark}${n} voxels`, {
        width: 780,
        height: 420,
      }),
      xaxis: axis(unit === undefined ? 'intensity' : `intensity (${unit})`),
      yaxis: axis('share of voxels that reach it', { range: [0, 1.05] }),
      annotations,
    },
  });
}
