import type { Data } from 'plotly.js-dist-min';
import { geometryDifferences } from '../../imaging/same-geometry.ts';
import type { Mask, Volume } from '../../imaging/volume.ts';
import { NacreError } from '../../runtime/errors.ts';
import { type Figure, plotText, syntheticMark } from '../figure.ts';
import {
  type Annotation,
  type Axis,
  axis,
  baseLayout,
  type LayoutImage,
  plotlyFigure,
} from '../figure-layout.ts';
import { greyPng } from '../grey-png.ts';
import { centreOf, greyPixels, percentiles } from '../plane-grey.ts';
import { outline, type PlaneSlice, planesThrough } from '../plane-slice.ts';
import { printed, significant } from '../printed-number.ts';
import { axisKeys } from './panel-grid.ts';

export interface ThreePlanesOptions {
  /** Masks on the volume's own grid, outlined in this order, by the name the legend gives them. */
  regions?: Record<string, Mask> | undefined;
  /** Voxel indices the planes pass through; default the centre of mass of the first region, else of the grid. */
  at?: readonly [number, number, number] | undefined;
  /** Grey values shown as black and white; default the 1st and 99th percentile of the shown planes. */
  window?: readonly [number, number] | undefined;
  /** Unit of the grey values: `HU` for CT. Default that of the volume, where it is known. */
  unit?: string | undefined;
  title?: string | undefined;
  /** True marks voxels that were made by code, where the volume does not carry the mark itself. */
  synthetic?: boolean | undefined;
}

const senses = ['x, right → left (mm)', 'y, front → back (mm)', 'z, foot → head (mm)'];

/**
 * A scan in three orthogonal planes with the outlines of its regions along voxel edges. Axes are LPS millimetres,
 * drawn to one scale the radiological way (patient's right on the left).
 *
 * @throws NacreError `geometry-mismatch` where a region lies on another grid
 */
export function threePlanes(volume: Volume, options: ThreePlanesOptions = {}): Figure {
  const regions = Object.entries(options.regions ?? {});
  for (const [name, mask] of regions) requireSameGrid(volume, mask, name);
  const slices = planesThrough(volume, options.at ?? centreOf(volume, regions[0]?.[1]));
  const window = planeWindow(volume, slices, options);
  const extents = slices.map((s) => s.width * s.stepAcross);
  const total = extents.reduce((sum, e) => sum + e, 0);
  const gap = 0.08;
  const data: Data[] = [];
  const axes: Record<string, Axis> = {};
  const images: LayoutImage[] = [];
  const annotations: Annotation[] = [];
  let from = 0;
  slices.forEach((slice, i) => {
    const keys = axisKeys(i);
    const to = from + (extents[i] / total) * (1 - 2 * gap);
    const right = slice.left + slice.width * slice.stepAcross;
    const bottom = slice.top + slice.height * slice.stepDown;
    images.push({
      source: planePicture(volume, slice, window),
      xref: keys.x,
      yref: keys.y,
      x: slice.left,
      y: slice.top,
      sizex: Math.abs(right - slice.left),
      sizey: Math.abs(bottom - slice.top),
      sizing: 'stretch',
      layer: 'below',
    });
    const outlines = planeOutlines(regions, slice);
    // The first region goes on top: the inner edge of a ring would hide the tumour's own outline.
    for (let r = regions.length - 1; r >= 0; r--) {
      const [name] = regions[r];
      data.push({
        type: 'scatter',
        mode: 'lines',
        name: plotText(name),
        ...outlines[r],
        line: { color: outlineColours[r % outlineColours.length], width: 2 },
        legendgroup: name,
        showlegend: i === 0,
        hoverinfo: 'skip',
        xaxis: keys.x,
        yaxis: keys.y,
      });
    }
    // An empty trace keeps the axes of a panel without regions.
    data.push({
      type: 'scatter',
      x: [null],
      y: [null],
      showlegend: false,
      xaxis: keys.x,
      yaxis: keys.y,
    });
    const frame: Axis = { showgrid: false, constrain: 'domain', nticks: 6 };
    axes[keys.layoutX] = axis(senses[slice.across], {
      ...frame,
      domain: [from, Math.min(1, to)],
      anchor: keys.y,
      range: [slice.left, right],
    });
    axes[keys.layoutY] = axis(senses[slice.down], {
      ...frame,
      anchor: keys.x,
      range: [bottom, slice.top],
      scaleanchor: keys.x,
      scaleratio: 1,
    });
    annotations.push({
      text: planeTitle(slice),
      x: (from + Math.min(1, to)) / 2,
      xref: 'paper',
      y: 1,
      yref: 'paper',
      xanchor: 'center',
      yanchor: 'bottom',
      yshift: 4,
      showarrow: false,
    });
    from = to + gap;
  });
  const tallest = Math.max(...slices.map((s) => s.height * Math.abs(s.stepDown)));
  const width = 1080;
  const plotHeight = Math.min(520, Math.max(200, ((width - 90) * (1 - 2 * gap) * tallest) / total));
  const known = options.unit ?? volume.unit;
  const unit = known === undefined ? '' : ` ${known}`;
  const spacing = volume.spacing.map((s) => Number(s.toFixed(2))).join(' × ');
  const mark = syntheticMark(options.synthetic || volume.synthetic, 'volume');
  const below = regions.length > 0 ? 108 : 64;
  return plotlyFigure({
    name: 'three-planes',
    caption: `Three orthogonal planes${regions.length > 0 ? `, outlined: ${regions.map(([name]) => name).join(', ')}` : ''}. LPS millimetres; patient's right on the left of axial and coronal planes.`,
    data,
    layout: {
      ...baseLayout(
        plotText(options.title ?? 'Scan'),
        `${mark}voxels ${spacing} mm · grey from ${significant(window[0], 4)} to ${significant(window[1], 4)}${unit}`,
        { width, height: Math.round(plotHeight + 112 + below) },
      ),
      ...axes,
      margin: { l: 66, r: 24, t: 112, b: below },
      showlegend: regions.length > 0,
      legend: {
        orientation: 'h',
        traceorder: 'reversed',
        x: 0,
        y: 0,
        yref: 'container',
        yanchor: 'bottom',
      },
      images,
      annotations,
    },
  });
}

/** Grey values shown as black and white. */
export type PlaneWindow = readonly [number, number];

export function planeWindow(
  volume: Volume,
  slices: readonly PlaneSlice[],
  { window }: ThreePlanesOptions,
): PlaneWindow {
  return window ?? percentiles(volume, slices);
}

/** The picture of a plane as a data address. */
export function planePicture(volume: Volume, slice: PlaneSlice, window: PlaneWindow): string {
  const png = greyPng(greyPixels(volume, slice, window), slice.width, slice.height);
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}

/** Outlines of the regions in a plane, in their order. */
export function planeOutlines(regions: readonly [string, Mask][], slice: PlaneSlice) {
  return regions.map(([, mask]) => outline(mask.data, slice));
}

/** Number of a region's trace in a panel: the first region is drawn last, and each panel ends with an empty trace. */
export function regionTrace(panel: number, region: number, regions: number): number {
  return panel * (regions + 1) + (regions - 1 - region);
}

/** Title of a plane: its name and where it lies. */
export function planeTitle({ name, through, position }: PlaneSlice): string {
  return `<b>${name}</b>, ${'xyz'[through]} = ${printed(position.toFixed(1))} mm`;
}

/** Colours of Okabe and Ito's palette that stand out on grey. */
const outlineColours = ['#E69F00', '#56B4E9', '#009E73', '#F0E442', '#CC79A7'];

function requireSameGrid(volume: Volume, mask: Mask, name: string): void {
  const differences = geometryDifferences(volume, mask);
  if (differences.length === 0) return;
  throw new NacreError('geometry-mismatch', `region ${name} lies on another grid than the scan`, {
    found: differences.join('; '),
    expected: 'the grid of the scan',
    todo: 'resample the mask onto the scan first',
  });
}
