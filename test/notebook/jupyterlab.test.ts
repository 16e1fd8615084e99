import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { chromiumMissing, findChromium } from '../../src/report/static-export.ts';
import { HandInLab } from './jupyterlab/hand-in-lab.ts';
import { complaints, runInLab } from './jupyterlab/lab-notebook.ts';
import {
  findJupyterLab,
  findNotebook,
  jupyterLabMissing,
  type LabServer,
  notebookMissing,
  startLab,
} from './jupyterlab/lab-server.ts';

it('installs kernel and figure extension below a prefix, the kernel alone in a named folder', async () => {
  const prefix = mkdtempSync(join(tmpdir(), 'nacre-prefix-'));
  expect(await runCli(['node', 'nacre', 'kernel', 'install', '--prefix', prefix])).toBe(0);
  const share = join(prefix, 'share', 'jupyter');
  const kernel = JSON.parse(readFileSync(join(share, 'kernels', 'nacre', 'kernel.json'), 'utf8'));
  expect(kernel.display_name).toBe('TypeScript (nacre)');
  const extension = join(share, 'labextensions', 'nacre-plotly');
  const about = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8'));
  expect(existsSync(join(extension, about.jupyterlab._build.load))).toBe(true);
  expect(statSync(join(extension, 'static', 'plotly.js')).size).toBeGreaterThan(1e6);
  const alone = join(prefix, 'alone');
  expect(await runCli(['node', 'nacre', 'kernel', 'install', '--dir', alone])).toBe(0);
  expect(existsSync(join(alone, 'nacre', 'kernel.json'))).toBe(true);
  expect(existsSync(join(prefix, 'labextensions'))).toBe(false);
  rmSync(prefix, { recursive: true });
});

const lab = findJupyterLab();
const chromium = findChromium();
const asked = process.env.NACRE_E2E === '1';
const absent = !asked
  ? 'it takes half a minute: npm run e2e, or NACRE_E2E=1'
  : lab === undefined
    ? jupyterLabMissing
    : chromiumMissing();
const ready = asked && lab !== undefined && chromium !== undefined;
if (!ready) process.stderr.write(`JupyterLab in Chromium: skipped, ${absent}\n`);

/** One small notebook; `npm run e2e` runs this, then opens all of `notebooks/`. */
const cells = [
  'import { show } from "nacre";\nconst wide = 1080;',
  'await show([{ patient: "P1", "volume (mL)": 1.25 }, { patient: "P2", "volume (mL)": 2.5 }]);',
  `await show({
  name: "f", caption: "Made by a test.", data: [{ type: "bar", x: ["a", "b"], y: [1, 2] }],
  layout: { width: wide, height: 400, xaxis: { title: { text: "group" } }, yaxis: { title: { text: "mm" } } },
});`,
  'const broken: number = wide;\nthrow new Error("made to fail");',
];

/** Opens the small notebook, runs all cells and looks at them. */
async function runSmall(browser: Browser, server: LabServer, root: string): Promise<void> {
  writeNotebook(join(root, 'small.ipynb'), cells);
  const page = await browser.newPage({ viewport: { width: 1300, height: 1000 } });
  const seen = await runInLab(page, server.address('small.ipynb'));
  expect(seen).toMatchObject({
    executed: 4,
    figures: 1,
    figuresDrawn: 1,
    tables: 1,
    tablesDrawn: 1,
  });
  // Nothing else is wrong: the wide figure fits its cell, nothing is cut, nothing is raw.
  expect(complaints(seen)).toEqual(['code cell 4: Error: made to fail']);
  // Shown smaller, the figure still knows where the mouse is.
  await page.locator('.js-plotly-plot .point').last().hover({ force: true });
  await page.waitForSelector('.js-plotly-plot .hovertext');
  expect(await page.locator('.js-plotly-plot .hovertext').textContent()).toContain('b');
  await page.close();
}

const notebookSeven = findNotebook();
const absentSeven = !asked
  ? 'npm run e2e, or NACRE_E2E=1'
  : notebookSeven === undefined
    ? notebookMissing
    : chromiumMissing();
const readySeven = asked && notebookSeven !== undefined && chromium !== undefined;
if (!readySeven) process.stderr.write(`Notebook 7 in Chromium: skipped, ${absentSeven}\n`);

describe.skipIf(!readySeven)('Notebook 7 in Chromium', () => {
  it('runs all cells, draws table and figure, and an error is seen as one', async () => {
    const root = mkdtempSync(join(tmpdir(), 'nacre-notebook-root-'));
    const [server, browser] = await Promise.all([
      startLab(notebookSeven as string, root),
      openChromium(),
    ]);
    try {
      await runSmall(browser, server, root);
    } finally {
      await browser.close();
      await server.stop();
      rmSync(root, { recursive: true, force: true });
    }
  });
});

async function openChromium(): Promise<Browser> {
  const playwright = await import('playwright-core');
  return playwright.chromium.launch({
    executablePath: chromium as string,
    args: ['--headless', '--no-sandbox'],
  });
}

describe.skipIf(!ready)('JupyterLab in Chromium', () => {
  const root = mkdtempSync(join(tmpdir(), 'nacre-lab-root-'));
  let server: LabServer;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startLab(lab as string, root), openChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('runs all cells, draws table and figure, and an error is seen as one', () =>
    runSmall(browser, server, root));

  it('under the hand: a figure as last value, an interrupt after it, completion, line 3, restart and run all', async () => {
    writeNotebook(join(root, 'hand.ipynb'), [
      'import { figures, show, syntheticScan } from "nacre";\nconst { volume } = syntheticScan("mri");\nconst kept = 7;',
      'figures.threePlanes(volume)',
      'volume',
      'console.log("waits");\nawait new Promise((resolve) => setTimeout(resolve, 600_000));',
      'kept',
      'const first = 1;\n\nthrow new RangeError("in line " + 3 * first);',
      '',
    ]);
    const page = await browser.newPage({ viewport: { width: 1300, height: 1000 } });
    const hand = await HandInLab.open(page, server.address('hand.ipynb'));
    await hand.run(0);
    await hand.run(1);
    expect(await hand.figures(1)).toBe(1);
    await hand.run(2);
    expect(await hand.figures(2)).toBe(1);
    expect(await hand.shown(2)).toMatch(/SYNTHETIC volume, made by code.*a\.u\./);
    await hand.begin(3, 'waits');
    await hand.interrupt();
    expect(await hand.outputs(3)).toMatchObject([
      { output_type: 'stream' },
      { output_type: 'error', ename: 'Interrupted' },
    ]);
    await hand.run(4);
    expect(await hand.outputs(4)).toMatchObject([{ data: { 'text/plain': '7' } }]);
    await hand.run(5);
    expect(await hand.shown(5)).toMatch(/line 3.*-->\s+3 \| throw new RangeError.*in line 3/s);
    expect(await hand.complete(6, 'figures.three')).toContain('threePlanes');
    await hand.restart();
    await hand.run(4);
    expect(await hand.shown(4)).toMatch(/Cannot find name 'kept'/);
    // All cells but the one that waits: the fifth fails, and the one after it must not run.
    await hand.remove(3);
    await hand.restart();
    expect(await hand.runAll()).toBe(false);
    expect(await hand.counts()).toEqual([1, 2, 3, 4, 5, null]);
    expect(await hand.figures(1)).toBe(1);
    expect(await hand.figures(2)).toBe(1);
    expect(await hand.outputs(3)).toMatchObject([{ data: { 'text/plain': '7' } }]);
    expect(await hand.shown(4)).toContain('in line 3');
    const pictures = join('runs', 'e2e');
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, 'under-the-hand.png') });
  });
});

function writeNotebook(path: string, sources: string[]): void {
  const cells = sources.map((source, i) => ({
    cell_type: 'code',
    id: `c${i}`,
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  }));
  const metadata = {
    kernelspec: { display_name: 'TypeScript (nacre)', language: 'typescript', name: 'nacre' },
  };
  writeFileSync(path, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
}
