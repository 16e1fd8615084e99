import type { Mask, Vector3, Volume } from '../../imaging/volume.ts';
import type { Figure, FigureLayout } from '../figure.ts';
import { centreOf } from '../plane-grey.ts';
import { type PlaneSlice, planesThrough } from '../plane-slice.ts';
import { axisKeys } from './panel-grid.ts';
import {
  type PlaneWindow,
  planeOutlines,
  planePicture,
  planeTitle,
  planeWindow,
  regionTrace,
  type ThreePlanesOptions,
  threePlanes,
} from './three-planes.ts';

/** Pixels of all slices of a plane together: some megabytes in a notebook. */
const mostPixels = 3_000_000;
/** Slices that a slider can show; a larger scan is shown in every second or further slice. */
const mostSlices = 48;
/** CSS pixels: below the panels, where the axes' titles end, and of the sliders. */
const axisHeight = 50;
const sliderHeight = 44;

/**
 * A scan in three planes, each with a slider through its slices. Interactive only: a still picture of it is that of
 * `threePlanes`.
 *
 * @throws NacreError `geometry-mismatch` where a region lies on another grid
 */
export function slicedPlanes(volume: Volume, options: ThreePlanesOptions = {}): Figure {
  const figure = threePlanes(volume, options);
  const regions = Object.entries(options.regions ?? {});
  const at = options.at ?? centreOf(volume, regions[0]?.[1]);
  const slices = planesThrough(volume, at);
  const window = planeWindow(volume, slices, options);
  const layout = figure.layout as PlanesLayout;
  const sliders = slices.map((slice, panel) => {
    const indices = shownSlices(volume.size[slice.axis], at[slice.axis], slice);
    const { domain } = layout[axisKeys(panel).layoutX] as { domain: [number, number] };
    return {
      active: indices.indexOf(at[slice.axis]),
      steps: indices.map((index) => step(volume, regions, at, { panel, index, window })),
      x: domain[0],
      len: domain[1] - domain[0],
      // In shares of the panels' height.
      y: -axisHeight / (layout.height - layout.margin.t - layout.margin.b),
      yanchor: 'top' as const,
      pad: { t: 0, b: 0, l: 0, r: 0 },
      currentvalue: { visible: false },
      ticklen: 0,
      minorticklen: 0,
      font: { color: 'rgba(0,0,0,0)' },
    };
  });
  return {
    ...figure,
    name: 'sliced-planes',
    layout: {
      ...layout,
      height: layout.height + sliderHeight,
      margin: { ...layout.margin, b: layout.margin.b + sliderHeight },
      sliders,
    } as Figure['layout'],
  };
}

/** The parts of the layout of `threePlanes` that are moved here. */
interface PlanesLayout extends FigureLayout {
  margin: { l: number; r: number; t: number; b: number };
  [axis: string]: unknown;
}

/** Slices on both sides of the first one, as dense as the limits allow, ascending. */
function shownSlices(count: number, first: number, { width, height }: PlaneSlice): number[] {
  const most = Math.max(2, Math.min(mostSlices, Math.floor(mostPixels / (width * height))));
  const every = Math.max(1, Math.ceil(count / most));
  const indices: number[] = [];
  for (let index = first % every; index < count; index += every) indices.push(index);
  return indices;
}

/** What a position of the slider changes: the picture, the outlines and the title of its panel. */
function step(
  volume: Volume,
  regions: readonly [string, Mask][],
  at: Vector3,
  { panel, index, window }: { panel: number; index: number; window: PlaneWindow },
) {
  const { axis } = planesThrough(volume, at)[panel];
  const through = at.map((n, a) => (a === axis ? index : n)) as unknown as Vector3;
  const slice = planesThrough(volume, through)[panel];
  // The legend leaves out a trace without points.
  const outlines = planeOutlines(regions, slice).map(({ x, y }) => ({
    x: x.length > 0 ? x : [null],
    y: y.length > 0 ? y : [null],
  }));
  const traces = regions.map((_, r) => regionTrace(panel, r, regions.length));
  return {
    label: slice.position.toFixed(1),
    method: 'update' as const,
    args: [
      { x: outlines.map(({ x }) => x), y: outlines.map(({ y }) => y) },
      {
        [`images[${panel}].source`]: planePicture(volume, slice, window),
        [`annotations[${panel}].text`]: planeTitle(slice),
      },
      traces,
    ],
  };
}
