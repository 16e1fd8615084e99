import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumMissing, findChromium } from '../../src/report/static-export.ts';

/** Why pages are not run here; undefined where they are. */
export const whyNoPage = findChromium() === undefined ? chromiumMissing() : undefined;
if (whyNoPage !== undefined) process.stdout.write(`pages: not run, ${whyNoPage}\n`);

const site = 'http://nacre.test/';

export interface OpenPage {
  page: Page;
  /** Errors that nobody caught, and requests to anywhere else. */
  faults: string[];
  close(): Promise<void>;
}

/**
 * Opens a page in Chromium, offline: its files come from here, and every other request is a fault.
 *
 * @param files by their name
 * @param start the one that is the page
 */
export async function openPage(
  files: Readonly<Record<string, string | Uint8Array>>,
  start = 'index.html',
): Promise<OpenPage> {
  const browser: Browser = await chromium.launch({
    executablePath: findChromium() as string,
    args: ['--no-sandbox'],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const faults: string[] = [];
  const page = await browser.newPage();
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (line) => {
    if (line.type() === 'error') faults.push(line.text());
  });
  await page.route('**/*', async (route) => {
    const name = route.request().url().replace(site, '');
    const body = files[name];
    if (body === undefined) {
      faults.push(`request to ${route.request().url()}`);
      await route.abort();
    } else {
      const types = { html: 'text/html', js: 'text/javascript' } as Record<string, string>;
      const contentType = types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
      await route.fulfill({ body: Buffer.from(body), contentType });
    }
  });
  await page.goto(`${site}${start}`);
  return { page, faults, close: () => browser.close() };
}

/** A file of test/fixtures. */
export function fixture(...path: string[]): Uint8Array {
  return readFileSync(join(import.meta.dirname, '..', 'fixtures', ...path));
}
