import { inspect } from 'node:util';
import type { Mask, Volume } from '../imaging/volume.ts';
import { type Figure, figureFormats } from '../report/figure.ts';
import { slicedPlanes } from '../report/figures/sliced-planes.ts';
import { threePlanes } from '../report/figures/three-planes.ts';
import type { StaticExporter } from '../report/static-export.ts';
import { jupyterDisplay, providedDisplay } from '../runtime/jupyter-display.ts';
import type { FeatureTable } from '../table/feature-table.ts';
import { type FrameLike, type FrameOptions, frameHtml, frameText, isFrame } from './frame-html.ts';

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
 * How a notebook shows something: a plotly figure, a data frame, a feature table or an array of plain objects (a table), a
 * volume (three planes, with region outlines and sliders through the slices), whatever brings its own formats under `Symbol.for('Jupyter.display')` (as in Deno);
 * undefined for anything else.
 */
export async function richBundle(
  what: unknown,
  options: BundleOptions = {},
): Promise<MimeBundle | undefined> {
  // First: a figure brings its own formats, but no picture.
  if (isFigure(what)) return figureBundle(what);
  const display = (what as Record<symbol, unknown> | null | undefined)?.[jupyterDisplay];
  // nacre's own function is the lines below without the options.
  if (typeof display === 'function' && display !== providedDisplay()) {
    return { data: (await display.call(what)) as Record<string, unknown>, metadata: {} };
  }
  if (isVolume(what)) return figureBundle(slicedPlanes(what, options), threePlanes(what, options));
  const frame = asFrame(what);
  return frame === undefined ? undefined : frameBundle(frame, options);
}

/** Bundle of a cell's result: that of `richBundle`, else text. */
export async function resultBundle(value: unknown): Promise<MimeBundle> {
  return (await richBundle(value)) ?? plainBundle(value);
}

/** Lines of text shown of a value that has no form of its own. */
const mostLines = 40;

/** Text form of a value, cut if it is long or deep. */
export function plainBundle(value: unknown): MimeBundle {
  const options = { depth: 3, maxArrayLength: 20, maxStringLength: 2000, breakLength: 100 };
  const lines = inspect(value, options).split('\n');
  const more = lines.length - mostLines;
  const shown = more > 1 ? [...lines.slice(0, mostLines), `… ${more} lines more`] : lines;
  return { data: { 'text/plain': shown.join('\n') }, metadata: {} };
}

function frameBundle(frame: FrameLike, options: BundleOptions): MimeBundle {
  const data = { 'text/html': frameHtml(frame, options), 'text/plain': frameText(frame, options) };
  return { data, metadata: {} };
}

let exporter: Promise<StaticExporter> | undefined;

/**
 * The interactive figure, and where outputs are saved for readers that cannot draw it (`NACRE_PICTURES=1`, which the
 * headless runner sets) a PNG beside it. In a live front end the interactive figure is enough and no browser is started.
 *
 * @param still what the PNG shows, where a control of the figure would be dead in it
 */
async function figureBundle(figure: Figure, still = figure): Promise<MimeBundle> {
  const data = figureFormats(figure);
  if (process.env.NACRE_PICTURES !== '1') return { data, metadata: {} };
  // Loaded here: it is not needed where no picture is drawn.
  const { startStaticExporter, whyNoPictures } = await import('../report/static-export.ts');
  if (whyNoPictures() !== undefined) return { data, metadata: {} };
  exporter ??= startStaticExporter();
  const { png } = await (await exporter).draw(still, { scale: pictureScale });
  data['image/png'] = Buffer.from(png).toString('base64');
  // The picture has more pixels than the figure: its size on the page is that of the figure.
  const { width, height } = still.layout;
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

/** A frame as it is; a feature table, or an array of plain objects (columns in order of first appearance), as one. */
function asFrame(what: unknown): FrameLike | undefined {
  if (isFrame(what)) return what;
  if (isFeatureTable(what)) {
    const { patients, columns } = what;
    return {
      columns: ['patient', ...columns.map(({ name }) => name)],
      values: patients.map((patient, row) => [
        patient,
        ...columns.map(({ values }) => values[row]),
      ]),
    };
  }
  if (!Array.isArray(what) || what.length === 0) return undefined;
  if (!what.every(isPlainObject)) return undefined;
  const rows = what as Record<string, unknown>[];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { columns, values: rows.map((row) => columns.map((column) => row[column])) };
}

function isFeatureTable(what: unknown): what is FeatureTable {
  const table = what as FeatureTable | null;
  return (
    typeof table === 'object' &&
    table !== null &&
    Array.isArray(table.patients) &&
    Array.isArray(table.columns) &&
    table.columns.every((column) => ArrayBuffer.isView(column?.values))
  );
}

/** Cells and library share one realm; objects of classes are shown as themselves. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
