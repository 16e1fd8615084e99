import type { Data } from 'plotly.js-dist-min';
import type { CountMatrix } from '../../radiomics/algorithms/count-matrix.ts';
import { coOccurrenceMatrices } from '../../radiomics/classes/glcm.ts';
import { dependenceMatrix } from '../../radiomics/classes/gldm.ts';
import { distanceZoneMatrix } from '../../radiomics/classes/gldzm.ts';
import { runLengthMatrices } from '../../radiomics/classes/glrlm.ts';
import { sizeZoneMatrix } from '../../radiomics/classes/glszm.ts';
import { toneDifferenceMatrix } from '../../radiomics/classes/ngtdm.ts';
import type { DiscretisedRegion } from '../../radiomics/region-of-interest.ts';
import { log10 } from '../../runtime/elementary.ts';
import { type Figure, palette, syntheticMark } from '../figure.ts';
import { axis, baseLayout, plotlyFigure } from '../figure-layout.ts';

export type TextureClass = 'glcm' | 'glrlm' | 'glszm' | 'gldm' | 'ngtdm' | 'gldzm';

export interface TextureMatrixOptions {
  /** True adds SYNTHETIC to the title, for voxels that were made by code. */
  synthetic?: boolean | undefined;
}

/** Counts by (column value, grey level): where there is none, there is no entry. */
interface Entries {
  x: number[];
  level: number[];
  count: number[];
}

const titles: Record<TextureClass, [title: string, across: string, counted: string]> = {
  glcm: ['Co-occurrence matrix (GLCM)', 'grey level j of the neighbour', 'pairs'],
  glrlm: ['Run length matrix (GLRLM)', 'run length j (voxels)', 'runs'],
  glszm: ['Size zone matrix (GLSZM)', 'zone size j (voxels)', 'zones'],
  gldm: ['Dependence matrix (GLDM)', 'dependent neighbours + 1, j (voxels)', 'voxels'],
  ngtdm: ['Tone difference matrix (NGTDM)', '', ''],
  gldzm: ['Distance zone matrix (GLDZM)', 'distance d from the border (voxels)', 'zones'],
};

/**
 * A texture class at work: the region's grey levels in its middle slice, beside the matrix the class counts from the
 * whole region (GLCM and GLRLM: summed over directions; NGTDM: mean difference of each level from its neighbours).
 *
 * @param region grey levels from 1, as `discretise` gives them
 */
export function textureMatrix(
  region: DiscretisedRegion,
  texture: TextureClass,
  { synthetic = false }: TextureMatrixOptions = {},
): Figure {
  const [title, across, counted] = titles[texture];
  const mark = syntheticMark(synthetic || region.synthetic, 'volume');
  const tone = texture === 'ngtdm';
  const logarithmic = texture === 'glszm';
  const subtitle = `${mark}${region.voxels} voxels, ${region.presentLevels.length} grey levels present`;
  return plotlyFigure({
    name: `${texture}-matrix`,
    caption: tone
      ? 'Left: grey levels of the middle slice. Right: how much the voxels of a level differ from the mean of their neighbours.'
      : `Left: grey levels of the middle slice. Right: ${counted} by grey level i (up) and ${across} (across), colour by log10 of the count.`,
    data: [levelMap(region), tone ? toneBars(region) : matrixMap(region, texture, counted)],
    layout: {
      ...baseLayout(title, subtitle, { width: 980, height: 460 }),
      margin: { l: 66, r: 84, t: 92, b: 66 },
      xaxis: axis('x (mm from the box)', { domain: [0, 0.36], showgrid: false }),
      yaxis: axis('y (mm from the box)', {
        autorange: 'reversed',
        scaleanchor: 'x',
        constrain: 'domain',
        showgrid: false,
      }),
      xaxis2: axis(tone ? 'grey level i' : across, {
        domain: [0.58, 1],
        anchor: 'y2',
        ...(logarithmic ? { type: 'log' } : {}),
      }),
      yaxis2: axis(tone ? 'mean |difference| from neighbours (levels)' : 'grey level i', {
        anchor: 'x2',
      }),
    },
  });
}

/** The middle slice of the box, grey levels of the region alone. */
function levelMap({ size, spacing, levels, levelCount }: DiscretisedRegion): Data {
  const [nx, ny, nz] = size;
  const start = nx * ny * (nz >> 1);
  const z = Array.from({ length: ny }, (_, j) =>
    Array.from({ length: nx }, (_, i) => {
      const level = levels[start + j * nx + i];
      return level === 0 ? null : level;
    }),
  );
  return {
    type: 'heatmap',
    z,
    dx: spacing[0],
    dy: spacing[1],
    // Bright is high, as in a scan; the brightest level still stands out from the white around the region.
    colorscale: [
      [0, '#101010'],
      [1, '#e4e4e4'],
    ],
    zmin: 1,
    zmax: levelCount,
    colorbar: { title: { text: 'level' }, x: 0.37, thickness: 12, len: 0.9 },
  } as Data;
}

function matrixMap(region: DiscretisedRegion, texture: TextureClass, counted: string): Data {
  const { x, level, count } = entriesOf(region, texture);
  return {
    type: 'scatter',
    mode: 'markers',
    xaxis: 'x2',
    yaxis: 'y2',
    x,
    y: level,
    customdata: count,
    marker: {
      symbol: 'square',
      size: markerSize(region, texture),
      color: count.map((n) => log10(n)),
      colorscale: 'Viridis',
      colorbar: { title: { text: `log10<br>${counted}` }, x: 1.01, thickness: 12, len: 0.9 },
    },
    hovertemplate: `i = %{y}, j = %{x}: %{customdata} ${counted}<extra></extra>`,
  } as Data;
}

/** Squares of a cell's height where cells are levels; zone sizes lie far apart and stay small. */
function markerSize({ levelCount }: DiscretisedRegion, texture: TextureClass): number {
  return Math.max(4, Math.min(texture === 'glszm' ? 9 : 16, Math.floor(290 / (levelCount + 1))));
}

function toneBars(region: DiscretisedRegion): Data {
  const { grey, count, difference } = toneDifferenceMatrix(region);
  return {
    type: 'bar',
    xaxis: 'x2',
    yaxis: 'y2',
    x: Array.from(grey),
    y: Array.from(difference, (s, i) => (count[i] > 0 ? s / count[i] : 0)),
    marker: { color: palette[0] },
  };
}

function entriesOf(region: DiscretisedRegion, texture: TextureClass): Entries {
  if (texture === 'glcm' || texture === 'glrlm') {
    const matrices =
      texture === 'glcm'
        ? coOccurrenceMatrices(region).map((m) => ({ columns: m.levels, counts: m.counts }))
        : runLengthMatrices(region);
    const { presentLevels } = region;
    const column = (j: number) => (texture === 'glcm' ? presentLevels[j] : j + 1);
    return summed(matrices, presentLevels, column);
  }
  const { i, j, count } = countMatrix(region, texture);
  return { x: Array.from(j), level: Array.from(i), count: Array.from(count) };
}

function countMatrix(region: DiscretisedRegion, texture: TextureClass): CountMatrix {
  if (texture === 'glszm') return sizeZoneMatrix(region);
  return texture === 'gldzm' ? distanceZoneMatrix(region) : dependenceMatrix(region);
}

function summed(
  matrices: readonly { columns: number; counts: Float64Array }[],
  levels: Int32Array,
  column: (j: number) => number,
): Entries {
  const entries: Entries = { x: [], level: [], count: [] };
  const columns = matrices[0]?.columns ?? 0;
  for (let row = 0; row < levels.length; row++) {
    for (let j = 0; j < columns; j++) {
      let count = 0;
      for (const { counts } of matrices) count += counts[row * columns + j];
      if (count === 0) continue;
      entries.x.push(column(j));
      entries.level.push(levels[row]);
      entries.count.push(count);
    }
  }
  return entries;
}
