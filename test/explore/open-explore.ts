import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Download, type Page } from 'playwright-core';
import type { ExploreData } from '../../src/explore/explore-data.ts';
import { explorePage } from '../../src/explore/explore-page.ts';
import { drawnFormulas } from '../../src/explore/formulas.ts';
import type { PageScripts } from '../../src/explore/page-scripts.ts';
import { findChromium } from '../../src/report/static-export.ts';

/** A page of no run: one drops scans on it. */
export function writePageWithoutRun(file: string, scripts: PageScripts): string {
  const data: ExploreData = {
    title: 'A page of no run',
    synthetic: false,
    version: '0',
    contents: ['Nothing.'],
    scans: [],
    columns: {},
    formulas: drawnFormulas((latex) => latex),
    endpoints: [],
  };
  writeFileSync(file, explorePage({ data, parts: new Map(), scripts }));
  return file;
}

/** explore.html in Chromium, from disk; every request that leaves the page is noted and refused. */
export interface OpenedExplore {
  /** Its own, or the one that was lent. */
  browser: Browser;
  page: Page;
  requests: string[];
  /** Errors of the page and of its console. */
  errors: string[];
  /** The status after the next measurement, or the sentence of its failure. */
  measured(act: () => Promise<unknown>): Promise<string>;
  /** Chooses a scan and a mask and reads them. */
  drop(image: string, mask: string, kind?: 'file' | 'folder'): Promise<string>;
  save(button: string): Promise<string>;
}

export async function openExplore(file: string, lent?: Browser): Promise<OpenedExplore> {
  const executablePath = findChromium() as string;
  const browser = lent ?? (await chromium.launch({ executablePath, args: ['--no-sandbox'] }));
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  const requests: string[] = [];
  const errors: string[] = [];
  await page.route(/^(?!file:|blob:|data:)/, (route) => {
    requests.push(route.request().url());
    return route.abort();
  });
  page.on('request', (request) => {
    const address = request.url();
    if (address !== pathToFileURL(file).href && !address.startsWith('blob:'))
      requests.push(address);
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(pathToFileURL(file).href);
  const count = async () => Number((await page.getAttribute('body', 'data-answers')) ?? 0);
  const measured = async (act: () => Promise<unknown>) => {
    // What was asked for before must not be taken for the answer to this.
    await page
      .locator('body:not([data-features="busy"])')
      .waitFor({ state: 'attached', timeout: 120_000 });
    const before = await count();
    await act();
    // The page's policy refuses conditions that would be evaluated: its marks are waited for.
    const next = `body[data-features="idle"]:not([data-answers="${before}"])`;
    await page.locator(next).waitFor({ state: 'attached', timeout: 120_000 });
    const problem = page.locator('#problem');
    return (await problem.isVisible())
      ? ((await problem.textContent()) ?? '')
      : ((await page.locator('#status').textContent()) ?? '');
  };
  return {
    browser,
    page,
    requests,
    errors,
    measured,
    async drop(image, mask, kind = 'file') {
      if (!(await page.locator('#own').isVisible())) await page.click('#open-own');
      await page.setInputFiles(`#image-${kind}`, image);
      await page.setInputFiles(`#mask-${kind}`, mask);
      return measured(() => page.click('#read-own'));
    },
    async save(button) {
      const [download] = await Promise.all([
        page.waitForEvent('download') as Promise<Download>,
        page.click(button),
      ]);
      return download.path();
    },
  };
}
