import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';

export interface Looked {
  /** Pixels. */
  width: number;
  /** Default 900. WebGL 2 without a graphics card takes a second for a picture of a large screen: what draws so has a low one. */
  height?: number | undefined;
  scheme: 'light' | 'dark';
}

/**
 * A phone in the dark and a wide screen in the light: a page must pass in both. The other two pairs would add nothing, because the
 * width changes the layout alone and the scheme the colours alone; a test of the style sheets holds that.
 */
export const looks = {
  phone: { width: 390, scheme: 'dark' },
  wide: { width: 1280, scheme: 'light' },
} as const satisfies Record<string, Looked>;

/** WebGL 2 without a graphics card. */
const withWebGl = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const withoutWebGl = ['--disable-gpu', '--disable-3d-apis'];

export async function openBrowser(
  executablePath: string,
  { webGl = true }: { webGl?: boolean } = {},
): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  const args = ['--headless', '--no-sandbox', ...(webGl ? withWebGl : withoutWebGl)];
  return chromium.launch({ executablePath, args });
}

/**
 * Opens a page from disk, with every fold open and every figure drawn.
 *
 * @param ready selector that is there once the page is complete
 */
export async function openPage(
  browser: Browser,
  file: string,
  { width, height = 900, scheme }: Looked = { width: 1280, scheme: 'light' },
  ready = 'body',
): Promise<Page> {
  // axe is put into the page: its content policy would refuse it.
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: scheme,
    bypassCSP: true,
  });
  await page.goto(pathToFileURL(file).href);
  await page.waitForSelector(ready);
  await page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true");
  await page.waitForFunction(
    "[...document.querySelectorAll('[data-figure]')].every((place) => place.querySelector('.js-plotly-plot'))",
  );
  await twoFrames(page);
  return page;
}

/** What scrolls is made reachable after layout. */
async function twoFrames(page: Page): Promise<void> {
  await page.evaluate(
    '(async () => { for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame); })()',
  );
}

/** Turns the screen of a page that is open: the page stays as it is, and is not drawn again. */
export async function turnTo(page: Page, { width, height = 900, scheme }: Looked): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme });
  await twoFrames(page);
}

/**
 * Empties the drawings of plotly and keeps each as one image with its name and size. The thousands of elements inside cost axe most
 * of its time, and are the same in every look: plotly draws once, for no width and no scheme. Look at them once, then empty them.
 */
export async function emptyDrawings(page: Page): Promise<void> {
  await page.evaluate(
    "for (const drawing of document.querySelectorAll('svg.main-svg')) drawing.replaceChildren()",
  );
  await twoFrames(page);
}

const axe = () =>
  readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  violations: { id: string; impact: string | null; nodes: { html: string }[] }[];
}

/**
 * What axe-core finds on a page as it stands, one line per rule and element, and whether the page is wider than the screen.
 * Minor and moderate findings count too: there is no reason to keep them.
 */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe());
  const { violations } = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] })",
  )) as AxeResults;
  const [wide, room] = (await page.evaluate(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  )) as [number, number];
  return [
    ...violations.flatMap(({ id, impact, nodes }) =>
      nodes.map(({ html }) => `${impact} ${id}: ${html.slice(0, 160)}`),
    ),
    ...(wide > room ? [`the page is ${wide} pixels wide, the screen ${room}`] : []),
  ];
}

/** Roles that tell a reader where they are and what can be done; text and the cells of tables are left out. */
const kept =
  /^\s*- (?:banner|navigation|main|contentinfo|complementary|region|article|form|group|dialog|application|heading|table|figure|img|button|checkbox|radio|radiogroup|combobox|slider|spinbutton|textbox|searchbox|status|alert|link)\b/;

/** Roles and names in reading order, as assistive software is given them, one element per line. */
export async function readingOrder(page: Page): Promise<string> {
  const tree = await page.locator('body').ariaSnapshot();
  const lines = tree.split('\n').filter((line) => kept.test(line));
  return `${lines.map((line) => line.replace(/:( .*)?$/, '')).join('\n')}\n`;
}
