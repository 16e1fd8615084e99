import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import type { Browser, BrowserType, Page } from 'playwright-core';
import { NacreError } from '../runtime/errors.ts';
import { installedPackage } from '../runtime/installed-package.ts';
import { optionalPackage, packageMissing } from '../runtime/optional-package.ts';
import type { Figure } from './figure.ts';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Makes glyphs and pixels independent of the screen.
  '--font-render-hinting=none',
  '--force-color-profile=srgb',
  '--hide-scrollbars',
];

/** Playwright must not handle signals: an interrupted cell must not lose its kernel, nor a study its browser. */
const launchOptions = {
  args: flags,
  timeout: 60_000,
  handleSIGINT: false,
  handleSIGTERM: false,
  handleSIGHUP: false,
};

/** Where Chromium is: `NACRE_CHROMIUM`, else the first known name on PATH or in the usual places; undefined where none. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment.NACRE_CHROMIUM;
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
  const folders = [...(environment.PATH ?? '').split(delimiter), '/usr/bin', '/snap/bin'];
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  places.push('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
  return places.find((place) => existsSync(place));
}

/** Why this machine draws no static pictures, and what to do about it; undefined where it draws them. */
export function whyNoPictures(): string | undefined {
  if (findChromium() === undefined) return chromiumMissing();
  if (installedPackage('playwright-core') !== undefined) return undefined;
  return `PNG and SVG figures are left out (the interactive ones are in report.html): ${packageMissing('playwright-core').message}`;
}

/** Why no static pictures can be drawn where there is no Chromium, and what to do. */
export function chromiumMissing(): string {
  const named = process.env.NACRE_CHROMIUM;
  const why =
    named === undefined || named === ''
      ? 'no Chromium found on this machine'
      : `NACRE_CHROMIUM points at ${named}, which does not exist`;
  return `${why}: PNG and SVG figures are left out (the interactive ones are in report.html). Install Chromium or set NACRE_CHROMIUM to its executable.`;
}

/** A picture of one figure. */
export interface StaticPicture {
  svg: string;
  png: Uint8Array;
}

/** Draws plotly figures with headless Chromium. One browser for many figures, asked for at once or in turn; close it when done. */
export interface StaticExporter {
  draw(figure: Figure, options?: { scale?: number }): Promise<StaticPicture>;
  close(): Promise<void>;
}

/**
 * Starts headless Chromium with plotly loaded from node_modules; nothing comes from the network.
 *
 * @param pages figures drawn at once, a process of Chromium each; 1 or more
 * @throws NacreError `no-chromium`; `package-missing` where playwright-core is not installed
 */
export async function startStaticExporter(pages = 1): Promise<StaticExporter> {
  const shared = process.env.NACRE_BROWSER;
  const browser = await launched((chromium, options) =>
    shared ? chromium.connect(shared) : chromium.launch(options),
  );
  const lanes = await Promise.all(Array.from({ length: pages }, () => plotlyPage(browser)));
  /** The last task of each page; pages take figures in turn. */
  const busy: Promise<unknown>[] = lanes.map(() => Promise.resolve());
  let turn = 0;
  return {
    draw(figure, options = {}) {
      const lane = turn++ % lanes.length;
      const drawn = busy[lane].then(() => drawFigure(lanes[lane], figure, options.scale ?? 2));
      busy[lane] = drawn.catch(() => undefined);
      return drawn;
    },
    close: () => browser.close(),
  };
}

/** A browser that the kernels of several notebooks draw with: they find it by its address in `NACRE_BROWSER`. */
export interface SharedBrowser {
  address: string;
  close(): Promise<void>;
}

/**
 * Starts a browser for other processes of this machine to draw with, reached by an address that nobody can guess.
 *
 * @throws NacreError as `startStaticExporter`
 */
export async function shareBrowser(): Promise<SharedBrowser> {
  const server = await launched((chromium, options) =>
    chromium.launchServer({ ...options, host: '127.0.0.1' }),
  );
  return { address: server.wsEndpoint(), close: () => server.close() };
}

async function launched<T>(
  launch: (
    chromium: BrowserType,
    options: typeof launchOptions & { executablePath: string },
  ) => Promise<T>,
): Promise<T> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new NacreError('no-chromium', chromiumMissing());
  // Loaded here: commands that draw nothing do not wait for it.
  const { chromium } = await optionalPackage('playwright-core', () => import('playwright-core'));
  try {
    return await launch(chromium, { ...launchOptions, executablePath });
  } catch (cause) {
    throw new NacreError('no-chromium', 'Chromium does not start', {
      file: executablePath,
      found: (cause as Error).message.split('\n')[0],
      todo: 'set NACRE_CHROMIUM to a working executable',
      cause,
    });
  }
}

async function plotlyPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.setContent('<!doctype html><meta charset="utf-8"><body></body>');
  await page.addScriptTag({ path: plotlyBundle() });
  return page;
}

/** Path of plotly's bundle in node_modules. */
export function plotlyBundle(): string {
  return createRequire(import.meta.url).resolve('plotly.js-dist-min');
}

async function drawFigure(page: Page, figure: Figure, scale: number): Promise<StaticPicture> {
  const [svg, png] = await page.evaluate(drawInPage, {
    data: figure.data as unknown[],
    layout: figure.layout as unknown as { width: number; height: number },
    scale,
  });
  return { svg, png: Buffer.from(png, 'base64') };
}

/** The parts of the page that this code uses. */
interface InPage {
  Plotly: { toImage(figure: object, options: object): Promise<string> };
  DOMParser: new () => {
    parseFromString(text: string, type: string): { querySelectorAll(all: '*'): Iterable<Element> };
  };
  XMLSerializer: new () => { serializeToString(document: object): string };
  Image: new () => { src: string; decode(): Promise<void> };
  document: { createElement(name: 'canvas'): Canvas };
}

interface Canvas {
  width: number;
  height: number;
  getContext(kind: '2d'): { drawImage(image: object, ...box: number[]): void };
  toDataURL(type: 'image/png'): string;
}

interface Element {
  attributes: Iterable<{ name: string }>;
  removeAttributeNode(attribute: { name: string }): void;
  setAttributeNodeNS(attribute: { name: string }): void;
}

/**
 * Runs inside the page. Equal figures give equal bytes, whatever the page drew before: plotly names clip paths at random (a fixed
 * sequence here) and sets attributes in an order that depends on earlier drawings (sorted here).
 */
async function drawInPage(input: {
  data: unknown[];
  layout: { width: number; height: number };
  scale: number;
}): Promise<[string, string]> {
  const { data, layout, scale } = input;
  let state = 1;
  Math.random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  const { Plotly, DOMParser, XMLSerializer, Image, document } = globalThis as unknown as InPage;
  const { width, height } = layout;
  const figure = { data, layout, config: { staticPlot: true } };
  const svg = await Plotly.toImage(figure, { format: 'svg', width, height });
  // The pixels from the drawing as it is, where plotly would draw all once more.
  const drawing = new Image();
  drawing.src = svg;
  await drawing.decode();
  const canvas = Object.assign(document.createElement('canvas'), {
    width: scale * width,
    height: scale * height,
  });
  canvas.getContext('2d').drawImage(drawing, 0, 0, canvas.width, canvas.height);
  const png = canvas.toDataURL('image/png');
  const text = decodeURIComponent(svg.slice(svg.indexOf(',') + 1));
  const picture = new DOMParser().parseFromString(text, 'image/svg+xml');
  for (const element of picture.querySelectorAll('*')) {
    const attributes = Array.from(element.attributes);
    for (const attribute of attributes) element.removeAttributeNode(attribute);
    attributes.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const attribute of attributes) element.setAttributeNodeNS(attribute);
  }
  return [new XMLSerializer().serializeToString(picture), png.slice(png.indexOf(',') + 1)];
}
