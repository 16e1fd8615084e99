import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { readParquet } from '../../src/machine/parquet.ts';
import { findChromium } from '../../src/report/static-export.ts';
import { accessibilityFaults, openBrowser, openPage } from '../accessibility/page-checks.ts';
import { captureOutput } from '../cli/captured-output.ts';
import { apart, deepOf, rowOf } from './deep-rows.ts';
import { type DeepSite, deepSite, whyNoDeepPage } from './deep-site.ts';

const place = mkdtempSync(join(tmpdir(), 'nacre-deep-page-'));
const at = (name: string) => join(place, name);
const said = captureOutput();
afterAll(() => rmSync(place, { recursive: true }));

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

interface Served {
  server: Server;
  address: string;
  asked: string[];
}

/** A folder over http on this machine. */
async function serve(folder: string, isolated: boolean): Promise<Served> {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const headers = {
      'Content-Type': types[extname(url)] ?? 'application/octet-stream',
      ...(isolated && {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      }),
    };
    try {
      const body = readFileSync(join(folder, url));
      response.writeHead(200, headers).end(body);
    } catch {
      response.writeHead(404, headers).end();
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

describe.skipIf(whyNoDeepPage !== undefined)('deep features in explore.html', () => {
  let site: DeepSite;
  let browser: Browser;

  beforeAll(async () => {
    site = await deepSite(place);
    browser = await openBrowser(findChromium() as string);
  });
  afterAll(() => browser?.close());

  async function open(address: string) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const errors: string[] = [];
    const foreign: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address.replace(/explore\.html$/, '')) && !/^(blob|data):/.test(url))
        foreign.push(url);
    });
    await page.goto(address);
    await page.locator('body[data-answers]').waitFor({ state: 'attached' });
    return { page, errors, foreign };
  }

  /** What the panel says once it has computed. */
  async function compute(page: Page): Promise<string> {
    await page.click('#deep-compute');
    // Every press, and every change before it, empties the status first.
    const ended = page.locator('body[data-deep="idle"] #deep-status:not(:empty)');
    await ended.waitFor({ state: 'attached', timeout: 300_000 });
    const problem = page.locator('#deep-problem');
    return `${await page.textContent('#deep-status')}${(await problem.isVisible()) ? await problem.textContent() : ''}`;
  }

  async function saved(page: Page): Promise<Record<string, string>> {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save-csv')]);
    return rowOf(await download.path());
  }

  it('are those of the command line and of the run, from files beside the page alone', async () => {
    const { server, address, asked } = await serve(at('site'), false);
    const { page, errors, foreign } = await open(`${address}/explore.html`);
    expect(asked.filter((url) => url !== '/favicon.ico')).toEqual(['/explore.html']);
    const said = await compute(page);
    expect(said).toMatch(
      /^512 features of resnet10-random0, which has RANDOM weights: input 32×32×32/,
    );
    expect(said).toContain('one thread (more need a server that sends');
    expect(await page.textContent('#deep-random')).toContain('RANDOM weights');
    const row = await saved(page);
    const { image, mask } = site.small.cohort.images?.ceT1[0] ?? { image: '', mask: '' };
    const settings = ['--size', '32', '--spacing', '1.875'];
    expect(apart(deepOf(row), await site.encoded(image, mask, ...settings))).toBeLessThan(1e-4);
    expect(row).toHaveProperty('original_glcm_Contrast');
    const { columns } = await readParquet(join(site.small.folder, 'features', 'resnet10.parquet'));
    const intra = columns.filter(({ name }) => name.includes('.intra.'));
    expect(
      apart(
        deepOf(row),
        intra.map(({ values }) => values[0]),
      ),
    ).toBeLessThan(1e-4);
    const { name, values } = intra[7];
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const cells = await page
      .locator('#deep-table tbody tr')
      .nth(7)
      .locator('th, td')
      .allTextContents();
    expect(cells[0]).toBe(name.replace('ceT1.intra.', ''));
    expect(cells[2].replaceAll('−', '-')).toBe(mean.toPrecision(5));
    const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
    const sd = Math.sqrt(squares / (values.length - 1));
    expect(Number(cells[3].replaceAll('−', '-'))).toBeCloseTo((values[0] - mean) / sd, 1);

    await page.fill('#bin-width-number', '12');
    await page.fill('#ring-number', '5.5');
    expect(await page.locator('#deep-table').isVisible()).toBe(true);
    await page.fill('#ring-number', '5');
    await page.check('input[name="region"][value="peri"]');
    expect(await page.locator('#deep-table').isVisible()).toBe(false);
    expect(await compute(page)).toMatch(/^512 features/);
    const ring = await site.encoded(image, mask, ...settings, '--region', 'peri', '--ring', '5');
    const inRing = deepOf(await saved(page));
    expect(apart(inRing, ring)).toBeLessThan(1e-4);
    expect(apart(inRing, deepOf(row))).toBeGreaterThan(1e-2);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    const looked = process.env.NACRE_LOOK;
    if (looked !== undefined) {
      await page.locator('#deep-title').scrollIntoViewIfNeeded();
      await page.screenshot({ path: `${looked}/1280.png` });
      await page.setViewportSize({ width: 390, height: 844 });
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.locator('#deep-title').scrollIntoViewIfNeeded();
      await page.locator('.deep').screenshot({ path: `${looked}/390.png` });
    }
    server.close();
  });

  it("of a scan of one's own are those of nacre encode; with threads where the page is isolated", async () => {
    const { server, address } = await serve(at('site'), true);
    const { page, errors, foreign } = await open(`${address}/explore.html`);
    await page.click('#open-own');
    await page.setInputFiles('#image-file', at('scan.nii.gz'));
    await page.setInputFiles('#mask-file', at('mask.nii.gz'));
    const before = await page.getAttribute('body', 'data-answers');
    await page.click('#read-own');
    await page
      .locator(`body[data-answers]:not([data-answers="${before}"])`)
      .waitFor({ state: 'attached' });
    const said = await compute(page);
    expect(said).toMatch(/input 64×64×64 voxels of 1\.5×1\.5×1\.5 mm/);
    expect(said).toMatch(/[2-4] threads\. The run has none of this network/);
    const other = await site.encoded(at('scan.nii.gz'), at('mask.nii.gz'));
    expect(apart(deepOf(await saved(page)), other)).toBeLessThan(1e-4);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    server.close();
  });

  it('the command refuses networks for a page that it leaves out', async () => {
    const words = [
      'site',
      site.small.folder,
      '--out',
      at('none'),
      '--deep',
      site.network,
      '--no-explore',
    ];
    expect(await runCli(['node', 'nacre', ...words])).toBe(2);
    expect(said.err).toContain('--deep is for explore.html');
  });

  it('refuses a network that was replaced', async () => {
    const { server, address } = await serve(at('site'), false);
    const { page } = await open(`${address}/explore.html`);
    await page.route(/\.onnx$/, (route) => route.fulfill({ body: 'another' }));
    expect(await compute(page)).toContain('the file beside the page is another one');
    server.close();
  });

  it('from disk the panel names what to do; axe-core finds nothing before and after it computed', async () => {
    const { page, errors } = await open(pathToFileURL(at('site/explore.html')).href);
    expect(await page.locator('#deep-from-disk').isVisible()).toBe(true);
    expect(await page.isDisabled('#deep-compute')).toBe(true);
    expect(errors).toEqual([]);
    const narrow = { width: 390, scheme: 'dark' } as const;
    const unguarded = await openPage(
      browser,
      at('site/explore.html'),
      narrow,
      'body[data-answers]',
    );
    expect(await accessibilityFaults(unguarded)).toEqual([]);
    await unguarded.click('#open-own');
    await unguarded.setInputFiles('#deep-folder', at('site/deep'));
    expect(await compute(unguarded)).toMatch(/^512 features/);
    expect(await accessibilityFaults(unguarded)).toEqual([]);
  });
});
