import { inspect } from 'node:util';
import type { Mask, Volume } from '../imaging/volume.ts';
import type { Figure } from '../report/figure.ts';
import { threePlanes } from '../report/figures/three-planes.ts';
import type { StaticExporter } from '../report/static-export.ts';
import { textTable } from '../runtime/terminal/text-table.ts';
import { type FrameLike, type FrameOptions, formatCell, frameHtml, isFrame } from './frame-html.ts';

export interface BundleOptions extends FrameOptions {
  /** Regions outlined on a volume, by the name the legend gives them. */
  regions?: Record<string, Mask> | undefined;
}

/** One value in several formats; the front end shows the best one that it supports. */
export interface MimeBundle {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
}

/** Pixels per CSS pixel in saved pictures: legible when zoomed, small in the file. */
const pictureScale = 1.25;

/**
 * How a notebook shows something: a plotly figure, a data frame or an array of plain objects (a table), a volume (three
 * planes, with region outlines), whatever brings its own formats under `Symbol.for('Jupyter.display')` (as in Deno);
 * undefined for anything else.
 */
export async function richBundle(
  what: unknown,
  options: BundleOptions = {},
): Promise<MimeBundle | undefined> {
  const display = (what as Record<symbol, unknown> | null | undefined)?.[
    Symbol.for('Jupyter.display')
  ];
  if (typeof display === 'function') {
    return { data: (await display.call(what)) as Record<string, unknown>, metadata: {} };
  }
  if (isFigure(what)) return figureBundle(what);
  if (isVolume(what)) return figureBundle(threePlanes(what, options));
  const frame = asFrame(what);
  return frame === undefined ? undefined : frameBundle(frame, options);
}

/** Bundle of a cell's result: that of `richBundle`, else text. */
export async function resultBundle(value: unknown): Promise<MimeBundle> {
  return (await richBundle(value)) ?? plainBundle(value);
}

/** Text form of a value, cut if it is long or deep. */
export function plainBundle(value: unknown): MimeBundle {
  const text = inspect(value, { depth: 4, maxArrayLength: 20, breakLength: 100 });
  return { data: { 'text/plain': text }, metadata: {} };
}

function frameBundle(frame: FrameLike, options: BundleOptions): MimeBundle {
  const rows = frame.values
    .slice(0, options.rows ?? 30)
    .map((row) => (row as unknown[]).map((value) => formatCell(value, options.digits)));
  const data = {
    'text/html': frameHtml(frame, options),
    'text/plain': textTable(frame.columns, rows),
  };
  return { data, metadata: {} };
}

let exporter: Promise<StaticExporter> | undefined;

/**
 * The interactive figure, and where outputs are saved for readers that cannot draw it (`NACRE_PICTURES=1`, which the
 * headless runner sets) a PNG beside it. In a live front end the interactive figure is enough and no browser is started.
 */
async function figureBundle(figure: Figure): Promise<MimeBundle> {
  const data: Record<string, unknown> = {
    'application/vnd.plotly.v1+json': {
      data: figure.data,
      layout: figure.layout,
      config: { displaylogo: false },
    },
    'text/plain': `[figure ${figure.name}] ${figure.caption}`,
  };
  if (process.env.NACRE_PICTURES !== '1') return { data, metadata: {} };
  // Loaded here: it is not needed where no picture is drawn.
  const { startStaticExporter, whyNoPictures } = await import('../report/static-export.ts');
  if (whyNoPictures() !== undefined) return { data, metadata: {} };
  exporter ??= startStaticExporter();
  const { png } = await (await exporter).draw(figure, { scale: pictureScale });
  data['image/png'] = Buffer.from(png).toString('base64');
  // The picture has more pixels than the figure: its size on the page is that of the figure.
  const { width, height } = figure.layout;
  return { data, metadata: { 'image/png': { width, height } } };
}

function isFigure(what: unknown): what is Figure {
  const figure = what as Figure | null;
  return (
    typeof figure === 'object' &&
    figure !== null &&
    Array.isArray(figure.data) &&
    typeof figure.layout === 'object'
  );
}

function isVolume(what: unknown): what is Volume {
  const volume = what as Volume | null;
  return (
    typeof volume === 'object' &&
    volume !== null &&
    ArrayBuffer.isView(volume.data) &&
    Array.isArray(volume.size) &&
    Array.isArray(volume.spacing)
  );
}

/** A frame as it is, or an array of plain objects as one (columns in order of first appearance). */
function asFrame(what: unknown): FrameLike | undefined {
  if (isFrame(what)) return what;
  if (!Array.isArray(what) || what.length === 0) return undefined;
  if (!what.every(isPlainObject)) return undefined;
  const rows = what as Record<string, unknown>[];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { columns, values: rows.map((row) => columns.map((column) => row[column])) };
}

/** Cells and library share one realm; objects of classes are shown as themselves. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
