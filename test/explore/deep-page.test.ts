import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { runtimeFiles } from '../../src/explore/deep-protocol.ts';
import { readParquet } from '../../src/machine/parquet.ts';
import { findChromium } from '../../src/report/static-export.ts';
import { accessibilityFaults, looks, openBrowser, openPage } from '../accessibility/page-checks.ts';
import { captureOutput } from '../cli/captured-output.ts';
import { apart, deepOf, rowOf } from './deep-rows.ts';
import { type DeepSite, deepSite, whyNoDeepPage } from './deep-site.ts';
import { dragFiles } from './drag-files.ts';
import { type OpenedExplore, openExplore } from './open-explore.ts';

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

let site: DeepSite;
let browser: Browser;
beforeAll(async () => {
  if (whyNoDeepPage !== undefined) return;
  site = await deepSite(place);
  browser = await openBrowser(findChromium() as string, { webGl: false });
});
afterAll(() => browser?.close());

describe.skipIf(whyNoDeepPage !== undefined)('deep features in explore.html', () => {
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
    await page.close();
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
    await page.close();
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
    await page.close();
    server.close();
  });

  it('from disk, on a phone in the dark, axe-core finds nothing before and after it computed', async () => {
    const page = await openPage(
      browser,
      at('site/explore.html'),
      looks.phone,
      'body[data-answers]',
    );
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.click('#open-own');
    await page.setInputFiles('#deep-folder', at('site/deep'));
    expect(await compute(page)).toMatch(/^512 features/);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.close();
  });
});

describe.skipIf(whyNoDeepPage !== undefined)('deep features in explore.html, from disk', () => {
  let opened: OpenedExplore;

  beforeEach(async () => {
    opened = await openExplore(at('site/explore.html'), browser);
    await opened.page.locator('body[data-answers]').waitFor({ timeout: 120_000 });
  });
  afterEach(async () => {
    await opened.page.context().close();
    // The policy of the page refuses every address; what left it would be seen here.
    expect(opened.requests).toEqual([]);
    expect(opened.errors).toEqual([]);
  });

  /** What the panel says once it has computed, or refused. */
  async function compute({ page }: { page: Page }): Promise<{ status: string; problem: string }> {
    await page.locator('#deep-compute:enabled').click();
    // Every press, and every change before it, empties the status first.
    const ended = page.locator('body[data-deep="idle"] #deep-status:not(:empty)');
    await ended.waitFor({ state: 'attached', timeout: 300_000 });
    const problem = page.locator('#deep-problem');
    return {
      status: (await page.textContent('#deep-status')) ?? '',
      problem: (await problem.isVisible()) ? ((await problem.textContent()) ?? '') : '',
    };
  }

  it('are those of nacre encode, from the chosen folder, with one thread', async () => {
    const { page } = opened;
    expect(await page.textContent('#deep-chosen')).toBe('Nothing chosen.');
    expect(await page.locator('#deep-from-disk').isVisible()).toBe(true);
    expect(await page.isDisabled('#deep-compute')).toBe(true);
    await page.setInputFiles('#deep-folder', at('site/deep'));
    expect(await page.textContent('#deep-chosen')).toBe(
      'The 5 files for resnet10-random0 are here.',
    );
    const { status, problem } = await compute(opened);
    expect(problem).toMatch(/^Warning: the input is 32×32×32 voxels/);
    expect(status).toMatch(/^512 features of resnet10-random0.*one thread/);
    const { image, mask } = site.small.cohort.images?.ceT1[0] ?? { image: '', mask: '' };
    const ofRun = deepOf(rowOf(await opened.save('#save-csv')));
    const settings = ['--size', '32', '--spacing', '1.875'];
    expect(apart(ofRun, await site.encoded(image, mask, ...settings))).toBeLessThan(1e-4);

    await opened.drop(at('scan.nii.gz'), at('mask.nii.gz'));
    expect((await compute(opened)).problem).toBe('');
    const own = deepOf(rowOf(await opened.save('#save-csv')));
    expect(apart(own, await site.encoded(at('scan.nii.gz'), at('mask.nii.gz')))).toBeLessThan(1e-4);
    expect(apart(own, ofRun)).toBeGreaterThan(1e-2);

    // The patient that was open before is one choice away.
    const patient = page.locator('#patient');
    expect(await patient.locator('option:checked').textContent()).toBe('your own scan');
    const [first] = site.small.cohort.patients;
    await opened.measured(() => patient.selectOption(first));
    expect(await patient.locator('option').allTextContents()).not.toContain('your own scan');
    expect(await page.locator('.mark').first().textContent()).toBe('SYNTHETIC');
    expect(await page.inputValue('#scan')).toBe('ceT1');
  });

  it('names what is missing, and what is of another length', async () => {
    const { page } = opened;
    await page.setInputFiles('#deep-files', at('scan.nii.gz'));
    expect(await page.textContent('#deep-chosen')).toMatch(/^None of the files of deep\/ is among/);
    await page.setInputFiles('#deep-files', at(`site/deep/${runtimeFiles.binary}`));
    const sentence = await page.textContent('#deep-chosen');
    expect(sentence).toContain('resnet10-random0.onnx is missing');
    expect(sentence).not.toContain(`${runtimeFiles.binary} is missing`);
    const short = at(runtimeFiles.loader);
    writeFileSync(short, 'export default 7');
    await page.setInputFiles('#deep-files', short);
    const length = readFileSync(at(`site/deep/${runtimeFiles.loader}`)).length;
    expect(await page.textContent('#deep-chosen')).toContain(
      `${runtimeFiles.loader} is another file: found 16 bytes, expected ${length}`,
    );
    expect(await page.isDisabled('#deep-compute')).toBe(true);
  });

  it('takes dropped folders, which are no scan; refuses each file of another checksum, and goes on with the right one', async () => {
    const { page } = opened;
    const other = at('other');
    const drop = async () => {
      await dragFiles(page, [other]);
      await page.getByText('The 5 files for resnet10-random0 are here.').waitFor();
      expect(await page.locator('#own').isVisible()).toBe(false);
    };
    cpSync(at('site/deep'), other, { recursive: true });
    const { program, binary } = runtimeFiles;
    // In the order in which they are loaded: that the next one is refused shows that the page went on with the one before.
    for (const file of ['deep-worker.js', program, binary, 'resnet10-random0.onnx']) {
      const right = readFileSync(join(other, file));
      const bytes = Uint8Array.from(right);
      bytes[bytes.length - 2] ^= 1;
      writeFileSync(join(other, file), bytes);
      if (file === 'deep-worker.js') await drop();
      else await page.setInputFiles('#deep-folder', other);
      const { status, problem } = await compute(opened);
      expect(status).toBe('Nothing was computed.');
      expect(problem).toMatch(
        new RegExp(
          `${file.replaceAll('.', '\\.')}: the file beside the page is another one: found sha256`,
        ),
      );
      writeFileSync(join(other, file), right);
    }
    await drop();
    expect((await compute(opened)).status).toMatch(/^512 features/);
  });
});
