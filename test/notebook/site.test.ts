import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { peritumoralRing } from '../../src/imaging/peritumoral-ring.ts';
import { cleanHtml, markdownHtml } from '../../src/notebook/site/markdown.ts';
import { writeSite } from '../../src/notebook/site/write-site.ts';
import { syntheticScan } from '../../src/notebook/synthetic-scan.ts';
import { chromiumMissing, findChromium } from '../../src/report/static-export.ts';
import { packScan } from '../../src/report/viewer/viewer-scan.ts';
import { writeSyntheticRun } from '../report/synthetic-run.ts';
import { writtenScans } from './written-scans.ts';

const hostile = '</script><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
const place = () => mkdtempSync(join(tmpdir(), 'nacre-site-'));

describe('text of notebooks', () => {
  it('keeps what text needs and drops what runs, loads or covers', () => {
    const { text } = markdownHtml(
      `**b** ${hostile} [x](javascript:alert(1)) [y](data:text/html,1) ![z](https://a.b/c.png)\n\n` +
        '<details><summary>Solution</summary>\n\n`a < b`\n\n</details>\n\n<div style="position:fixed" onclick="x()">q</div><iframe src="https://a.b"></iframe><svg onload="x()"></svg><math><mtext></mtext></math><form action="x"></form>',
    );
    expect(text).toContain('<strong>b</strong>');
    expect(text).toContain('<summary>Solution</summary>');
    expect(text).toContain('<code>a &lt; b</code>');
    expect(text).not.toMatch(
      /<(?:script|iframe|svg|math|form|img)|onerror|onclick|onload|javascript:|data:text|position/,
    );
  });

  it('draws formulas as MathML, not prices or code', () => {
    expect(markdownHtml('mass $m_0$ of').text).toMatch(/mass <span class="katex"><math/);
    expect(markdownHtml('$$\\frac{a}{b}$$').text).toContain('display="block"');
    expect(markdownHtml('| a |\n|--:|\n| $x^2$ |').text).toMatch(
      /<td align="right"><span class="katex">/,
    );
    expect(markdownHtml('from $5 to $6, `$x$`').text).not.toContain('<math');
    const evil = markdownHtml(
      '$\\href{javascript:alert(1)}{x} \\text{<img src=x onerror=1>}$',
    ).text;
    expect(evil).not.toMatch(/<img|href="javascript/);
  });

  it('lets no forged place take a formula', () => {
    const { text } = markdownHtml('<a href="https://x/<span data-formula=0></span>">a</a> $y$');
    expect(text.match(/<math/g)).toHaveLength(1);
  });

  it('gives headings ids of their own and leads links to pages', () => {
    const link = (href: string) => (href === '06-x.ipynb' ? '06-x.html' : undefined);
    const { text } = markdownHtml('## A b\n\n## A b\n\n[x](06-x.ipynb) [y](https://a.b)', { link });
    expect(text).toContain('id="h-a-b"');
    expect(text).toContain('id="h-a-b-2"');
    expect(text).toContain('href="06-x.html"');
    expect(text).toContain('href="https://a.b"');
    expect(cleanHtml('<h2 id="gl" onclick=1>x</h2>').text).toBe('<h2 id="h-x">x</h2>');
  });
});

describe('the viewer of scans', () => {
  const { volume, tumour } = syntheticScan('ct');

  it('keeps grey values, takes the window of the scan, stands in the tumour', () => {
    const ct = packScan({ patient: 'P', scan: 'ct' }, volume, tumour);
    expect([ct.unit, ...ct.window]).toEqual(['HU', -160, 240]);
    expect(ct.centre[0]).toBeCloseTo(18, 0);
    expect(ct.peri).toBeUndefined();
    const mri = syntheticScan('mri');
    const packed = packScan({ patient: 'P', scan: 'ceT1' }, mri.volume, mri.tumour);
    expect(packed.unit).toBe('a.u.');
    // Tissue 120, lesion 260, sd 9.
    expect(packed.window[0]).toBeLessThan(120);
    expect(packed.window[1]).toBeGreaterThan(240);
    expect(packed.window[1]).toBeLessThan(300);
  });

  it('cuts a large scan to the surroundings of the tumour', () => {
    const size = [400, 400, 60] as const;
    const data = new Int16Array(400 * 400 * 60);
    const mask = new Uint8Array(data.length);
    mask[200 + 400 * (200 + 400 * 30)] = 1;
    const grid = { ...volume, size, spacing: [1, 1, 1] as const };
    const large = packScan(
      { patient: 'P', scan: 'ct' },
      { ...grid, data },
      { ...grid, data: mask },
    );
    expect(large.cropped).toBe(true);
    expect(large.centre).toEqual([200 - 48, 200 - 40, 30 - 42]);
  });

  it('refuses an empty mask', () => {
    const nothing = { ...tumour, data: new Uint8Array(tumour.data.length) };
    expect(() => packScan({ patient: 'P7', scan: 'ct' }, volume, nothing)).toThrow(/patient P7/);
    expect(peritumoralRing(tumour).data.some((v) => v === 1)).toBe(true);
  });
});

/** Two patients, one with a hostile id; the second lacks the MRI. */
function scanCohort(folder: string): Cohort {
  const { ct, mri } = writtenScans(folder);
  return {
    id: 'made',
    title: `Made ${hostile}`,
    citation: 'none',
    licence: 'MIT',
    synthetic: true,
    patients: ['P1', `P2 ${hostile}`, 'P3'],
    blocks: {},
    endpoints: {},
    images: {
      ct: [ct, ct, { image: join(folder, 'gone.nii.gz'), mask: ct.mask }],
      ceT1: [mri, undefined, undefined],
    },
    notices: [hostile],
    excluded: [],
    inputs: [],
  };
}

/** A notebook with every kind of output, and things that would like to run. */
function hostileNotebook(folder: string): string {
  const code = (source: string, outputs: object[]) => ({
    cell_type: 'code',
    id: source.slice(0, 8),
    metadata: {},
    execution_count: 1,
    source,
    outputs,
  });
  const shown = (data: object) => ({ output_type: 'display_data', data, metadata: {} });
  const dot =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  const figure = {
    data: [{ type: 'scatter', x: [1, 2], y: [3, 4], text: [hostile, 'b'], mode: 'text' }],
    layout: { width: 400, height: 300, title: { text: hostile } },
  };
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      {
        cell_type: 'markdown',
        id: 'a',
        metadata: {},
        source: `# 1 · Hostile: ${hostile}\n\n${hostile} $x$`,
      },
      code(`const a = "${hostile}";`, [
        { output_type: 'stream', name: 'stdout', text: [hostile] },
        shown({
          'application/vnd.plotly.v1+json': figure,
          'image/png': dot,
          'text/plain': `[figure f] ${hostile}`,
        }),
        shown({
          'text/html': `<table><tr><td style="text-align:right">7</td></tr></table>${hostile}`,
        }),
        shown({ 'text/markdown': `*md* ${hostile}` }),
        shown({
          'image/svg+xml': `<svg xmlns="http://www.w3.org/2000/svg" onload="window.hacked=1"/>`,
        }),
        shown({ 'image/png': dot }),
        shown({ 'text/plain': hostile }),
        {
          output_type: 'error',
          ename: 'E',
          evalue: hostile,
          traceback: [`\u001b[31m${hostile}\u001b[0m`],
        },
      ]),
    ],
  };
  const file = join(folder, 'hostile.ipynb');
  writeFileSync(file, JSON.stringify(notebook));
  return file;
}

const input = place();
const run = writeSyntheticRun(join(input, 'run'), { title: hostile });
const options = {
  notebooks: [hostileNotebook(input)],
  scans: { cohort: scanCohort(input) },
};
const site = join(input, 'site');

function hashes(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) =>
    e.isFile(),
  );
  return Object.fromEntries(
    names
      .map((e) => join(e.parentPath, e.name))
      .map((path) => [
        path.slice(folder.length),
        createHash('sha256').update(readFileSync(path)).digest('hex'),
      ]),
  );
}

describe('the study site', () => {
  it('writes one folder, the same bytes again, nothing of which asks the network', async () => {
    const { files, messages } = await writeSite(site, run, options);
    expect(files).toEqual(
      expect.arrayContaining(['index.html', 'hostile.html', 'viewer.html', 'assets/plotly.js']),
    );
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(/patient P3/);
    const again = join(input, 'again');
    await writeSite(again, run, options);
    expect(hashes(again)).toEqual(hashes(site));
    for (const page of ['index.html', 'hostile.html', 'viewer.html']) {
      const text = readFileSync(join(site, page), 'utf8');
      expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\/[^"]*\.(?:js|css|png)/);
      // Data blocks only: no script stands in a page.
      expect(text).not.toMatch(/<script(?! type="application\/json"| src="assets\/)/);
      expect(text).not.toContain('<img src=x');
    }
  });

  it('takes away what a smaller site no longer writes, and nothing else', async () => {
    const folder = place();
    writeFileSync(join(folder, 'mine.txt'), 'kept');
    await writeSite(folder, run, { notebooks: options.notebooks });
    expect(existsSync(join(folder, 'hostile.html'))).toBe(true);
    await writeSite(folder, run, {});
    expect(existsSync(join(folder, 'hostile.html'))).toBe(false);
    expect(existsSync(join(folder, 'pictures', 'hostile-1.png'))).toBe(false);
    expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('kept');
  });

  it('writes nothing where a notebook or the run cannot be read', async () => {
    const out = join(place(), 'none');
    const broken = join(input, 'broken.ipynb');
    writeFileSync(broken, '{');
    await expect(writeSite(out, run, { notebooks: [broken] })).rejects.toThrow('not valid JSON');
    await expect(writeSite(out, input, {})).rejects.toThrow('no finished run');
    const twin = options.notebooks[0];
    await expect(writeSite(out, run, { notebooks: [twin, twin] })).rejects.toThrow('one name');
    expect(existsSync(out)).toBe(false);
  });
});

const chromium = findChromium();
if (chromium === undefined)
  process.stderr.write(`site in Chromium: skipped, ${chromiumMissing()}\n`);

describe.skipIf(chromium === undefined)('in Chromium, from disk', () => {
  let browser: Browser;
  let page: Page;
  const troubles: string[] = [];

  beforeAll(async () => {
    await writeSite(site, run, options);
    const playwright = await import('playwright-core');
    browser = await playwright.chromium.launch({
      executablePath: chromium as string,
      // WebGL 2 without a graphics card.
      args: [
        '--headless',
        '--no-sandbox',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
      ],
    });
    page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    page.on('request', (request) => {
      if (!/^(?:file|data|blob):/.test(request.url())) troubles.push(`asked for ${request.url()}`);
    });
  });
  afterAll(() => browser?.close());

  const open = (name: string) => page.goto(pathToFileURL(join(site, name)).href);
  const hacked = () => page.evaluate('window.hacked');

  it('draws every figure of report and notebook, folds code, runs nothing of the data', async () => {
    for (const [name, count] of [
      ['index.html', 14],
      ['hostile.html', 1],
    ] as const) {
      await open(name);
      await page.waitForSelector('body[data-drawn=yes]');
      // What is folded away is drawn when its fold is opened.
      await page.evaluate(
        "for (const fold of document.querySelectorAll('details')) fold.open = true",
      );
      const places = await page.locator('[data-figure]').count();
      expect(places).toBeGreaterThanOrEqual(count);
      await page.waitForFunction(
        `document.querySelectorAll('[data-figure] > .js-plotly-plot').length === ${places}`,
      );
      expect(await page.locator('[data-figure] > img').count()).toBe(0);
    }
    expect(await page.locator('td').textContent()).toBe('7');
    const listing = page.locator('details.code pre').first();
    expect(await listing.isVisible()).toBe(true);
    await page.click('#fold');
    expect(await listing.isVisible()).toBe(false);
    expect(await hacked()).toBeUndefined();
    expect(troubles).toEqual([]);
  });

  it('a click on a number opens its trail', async () => {
    await open('index.html');
    const link = page.locator('a.trace').first();
    await link.scrollIntoViewIfNeeded();
    await link.click();
    const dialog = page.locator('#trace-dialog');
    expect(await dialog.isVisible()).toBe(true);
    const number = await link.getAttribute('data-trace');
    expect(await dialog.locator('h3').textContent()).toBe(number);
    expect(await dialog.locator('tbody tr').count()).toBeGreaterThan(1);
    expect(await hacked()).toBeUndefined();
    expect(troubles).toEqual([]);
  });

  it('shows scans with their regions, chosen by patient and scan, and says synthetic', async () => {
    await page.setViewportSize({ width: 700, height: 500 });
    await open('viewer.html');
    await page.selectOption('#view', 'axial');
    await page.waitForSelector('body[data-shown="P1 ct"]');
    const orange = () => page.evaluate(countReddish);
    const both = await orange();
    expect(both).toBeGreaterThan(500);
    expect(await page.locator('#made').textContent()).toBe('SYNTHETIC');
    expect(await page.locator('#where').textContent()).toMatch(
      /^P1, ct \(synthetic\): \S+ HU at .* mm \(LPS\), intratumoral$/,
    );
    await page.uncheck('#intra');
    expect(await orange()).toBeLessThan(both / 10);
    await page.check('#intra');
    await page.selectOption('#scan', 'ceT1');
    await page.waitForSelector('body[data-shown="P1 ceT1"]');
    expect(await page.locator('#unit').textContent()).toBe('a.u.');
    expect(await orange()).toBeGreaterThan(500);
    // The second patient lacks that scan: the other one is chosen.
    await page.selectOption('#patient', `P2 ${hostile}`);
    await page.waitForSelector('body[data-shown^="P2 "]');
    expect(await page.locator('#scan').inputValue()).toBe('ct');
    expect(await page.locator('#note').isHidden()).toBe(true);
    expect(await hacked()).toBeUndefined();
    expect(troubles).toEqual([]);
  });
});

/** Runs in the page: pixels of the drawn scene that are much redder than blue, the intratumoral colour over grey. */
function countReddish(): number {
  const viewer = (globalThis as unknown as { nacreViewer: { drawScene(): void; gl: GlLike } })
    .nacreViewer;
  viewer.drawScene();
  const { gl } = viewer;
  const [width, height] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
  const pixels = new Uint8Array(4 * width * height);
  gl.readPixels(0, 0, width, height, 6408, 5121, pixels);
  let count = 0;
  for (let i = 0; i < pixels.length; i += 4)
    if (pixels[i] > pixels[i + 2] + 40 && pixels[i + 1] < 200) count++;
  return count;
}

interface GlLike {
  drawingBufferWidth: number;
  drawingBufferHeight: number;
  readPixels(...args: unknown[]): void;
}
