import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cohort } from '../../src/cohort/cohort.ts';
import { loadCohort } from '../../src/cohort/load-cohort.ts';
import { exploreStyle } from '../../src/explore/explore-style.ts';
import { siteStyle } from '../../src/notebook/site/site-page.ts';
import { writeSite } from '../../src/notebook/site/write-site.ts';
import { qcStyle } from '../../src/report/qc/qc-style.ts';
import { Review } from '../../src/report/qc/review.ts';
import { writeQc } from '../../src/report/qc/write-qc.ts';
import { reportPageStyle, reportStyle } from '../../src/report/report-style.ts';
import { chromiumMissing, findChromium } from '../../src/report/static-export.ts';
import { viewerStyle } from '../../src/report/viewer/viewer-style.ts';
import { writeEvaluation } from '../../src/report/write-evaluation.ts';
import { writeReport } from '../../src/report/write-report.ts';
import { readStudyConfig } from '../../src/study/config.ts';
import { evaluateModel } from '../../src/study/evaluate-model.ts';
import { runStudy } from '../../src/study/run-study.ts';
import { writtenScans } from '../notebook/written-scans.ts';
import { writeSyntheticRun } from '../report/synthetic-run.ts';
import { trainedAt, writeCentre } from '../study/two-centres.ts';
import {
  accessibilityFaults,
  emptyDrawings,
  looks,
  openBrowser,
  openPage,
  readingOrder,
  turnTo,
} from './page-checks.ts';

const chromium = findChromium();
if (chromium === undefined)
  process.stderr.write(`axe-core on the pages: skipped, ${chromiumMissing()}\n`);

const folder = mkdtempSync(join(tmpdir(), 'nacre-accessible-'));

/** A patient with a CT and an MRI made by code, and one with the CT alone. */
function scanCohort(): Cohort {
  const { ct, mri } = writtenScans(folder);
  return {
    ...{ id: 'made', title: 'Scans made by a test', citation: 'none', licence: 'MIT' },
    ...{ synthetic: true, patients: ['P1', 'P2'], blocks: {}, endpoints: {} },
    images: { ct: [ct, ct], ceT1: [mri, undefined] },
    ...{ notices: [], excluded: [], inputs: [] },
  };
}

/** Two partitions of half the sets of the study of I-SPY 2, with few trees: every part of its report is there. */
async function ispy2Report(): Promise<string> {
  const out = join(folder, 'ispy2');
  const whole = readStudyConfig('studies/ispy2.yaml');
  const booster = { ...whole.pipeline.booster, rounds: [5, 10] };
  const sets = ['receptors-line', 'clinical+volume-line', 'volume-trees', 'clinical+volume-trees'];
  const featureSets = whole.featureSets.filter(({ id }) => sets.includes(id));
  const pipeline = { ...whole.pipeline, booster, innerFolds: 2 };
  const config = { ...whole, featureSets, pipeline, partitions: 2 };
  await runStudy(config, await loadCohort('ispy2'), { out, workers: 1 });
  return (await writeReport(out, { pictures: false })).report;
}

async function evaluationPage(): Promise<string> {
  const home = writeCentre({ seed: 1 });
  const model = await trainedAt(home, { column: 'site', values: ['north'] });
  const rival = await trainedAt(home, { column: 'site', values: ['south'] });
  const away = await loadCohort(writeCentre({ seed: 2, prefix: 'Q' }));
  const evaluation = await evaluateModel(model, away, { rival, resamples: 40 });
  return writeEvaluation(evaluation, { folder: join(folder, 'evaluations'), name: 'there' }).report;
}

async function reviewPage(cohort: Cohort): Promise<string> {
  const review = await Review.open(cohort, {
    decisions: join(folder, 'qc.csv'),
    regionsOf: () => ({ ringMm: 5 }),
  });
  const out = join(folder, 'qc');
  return (await writeQc(out, review, { scans: 'all', honoured: false })).index;
}

describe.skipIf(chromium === undefined)('pages for every reader', () => {
  /** Without WebGL 2, which costs much where no graphics card is there; the viewer is looked at with both. */
  let browser: Browser;
  let drawing: Browser;
  const files: Record<string, string> = {};

  beforeAll(async () => {
    browser = await openBrowser(chromium as string, { webGl: false });
    drawing = await openBrowser(chromium as string);
    const cohort = scanCohort();
    const run = writeSyntheticRun(join(folder, 'run'));
    files.report = (await writeReport(run, { pictures: false })).report;
    const site = join(folder, 'site');
    await writeSite(site, run, {
      notebooks: ['notebooks/02-regions.ipynb', 'notebooks/07-comparison.ipynb'],
      scans: { cohort },
    });
    for (const page of ['index', '02-regions', '07-comparison', 'viewer'])
      files[`site ${page}`] = join(site, `${page}.html`);
    files['site viewer, plain'] = files['site viewer'];
    files.review = await reviewPage(cohort);
    files.evaluation = await evaluationPage();
    files['I-SPY 2'] = await ispy2Report();
  });
  afterAll(async () => {
    await browser?.close();
    await drawing?.close();
  });

  it('axe-core does find what is wrong', async () => {
    const file = join(folder, 'wrong.html');
    writeFileSync(
      file,
      '<!doctype html><html><head><title>x</title></head><body><h1>x</h1><p style="color:#aaa">grey</p><img src="data:,"><div style="width:2000px">wide</div></body></html>',
    );
    const page = await openPage(browser, file, looks.wide);
    const faults = (await accessibilityFaults(page)).join('\n');
    for (const rule of ['color-contrast', 'image-alt', 'html-has-lang', 'landmark-one-main'])
      expect(faults).toContain(rule);
    expect(faults).toContain('the page is 20');
    await page.close();
  });

  describe.each([
    { name: 'report', listed: true },
    { name: 'I-SPY 2' },
    // The figures of the report, drawn by the same script: what is in them is looked at there.
    { name: 'site index', listed: true, drawn: 'in the report' },
    { name: 'site 02-regions' },
    { name: 'site 07-comparison' },
    { name: 'site viewer', listed: true, ready: 'body[data-shown]', height: 400 },
    { name: 'site viewer, plain', ready: 'body[data-shown]' },
    { name: 'review', listed: true },
    { name: 'evaluation', listed: true },
  ])('$name', ({ name, listed, drawn, ready, height }) => {
    /** Opened once, on the phone; the screen is turned for the tests that follow. */
    let page: Page;
    beforeAll(async () => {
      const its = name === 'site viewer' ? drawing : browser;
      page = await openPage(its, files[name], { ...looks.phone, height }, ready);
    });
    afterAll(() => page?.close());

    it('axe-core finds nothing, narrow and dark', async () => {
      if (drawn !== undefined) await emptyDrawings(page);
      expect(await accessibilityFaults(page)).toEqual([]);
      await turnTo(page, { ...looks.wide, height });
    });

    it('headings never skip a level, and the first is the only one of the first level', async () => {
      const levels = (await page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((e) => !e.closest('dialog')).map((e) => Number(e.tagName[1]))",
      )) as number[];
      expect(levels[0]).toBe(1);
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      levels.forEach((level, i) => {
        if (i > 0) expect(level - levels[i - 1], `${levels}`).toBeLessThanOrEqual(1);
      });
    });

    it.runIf(listed)('roles and names in reading order', async () => {
      await expect(await readingOrder(page)).toMatchFileSnapshot(
        `reading-order/${name.replace(' ', '-')}.txt`,
      );
    });

    it('axe-core finds nothing, wide and light', async () => {
      await emptyDrawings(page);
      expect(await accessibilityFaults(page)).toEqual([]);
    });
  });
});

it('the style sheets of all pages name their colours once, for light and dark', () => {
  for (const file of [
    'src/notebook/site/site-page.ts',
    'src/report/qc/qc-style.ts',
    'src/report/viewer/viewer-style.ts',
  ]) {
    const text = readFileSync(file, 'utf8');
    // A text or a surface in a fixed colour is wrong in one of the two schemes, unless it has its own ground.
    expect(text.match(/(?<![-\w])color: #(?!fff|000)\w+/g) ?? [], file).toEqual([]);
  }
});

/** The rules of a style sheet that stand under a condition, as `property: value`. */
function conditional(style: string, condition: RegExp): string[] {
  const blocks = style.matchAll(/@media ([^{]+)\{((?:[^{}]*\{[^{}]*\})*)\s*\}/g);
  return [...blocks].flatMap(([, media, rules]) =>
    condition.test(media)
      ? [...rules.matchAll(/\{([^{}]*)\}/g)].flatMap(([, body]) =>
          body
            .split(';')
            .map((line) => line.trim())
            .filter((line) => line !== ''),
        )
      : [],
  );
}

it('the scheme changes colours alone, the width none: two looks show what four would', () => {
  const sheets = [reportStyle, reportPageStyle, siteStyle, qcStyle, viewerStyle, exploreStyle];
  const text = sheets.join('\n');
  const ofScheme = conditional(text, /prefers-color-scheme/);
  expect(ofScheme.length).toBeGreaterThan(20);
  for (const line of ofScheme)
    expect(line).toMatch(/^(?:--[\w-]+|color-scheme|accent-color|fill|stroke|filter): /);
  const ofWidth = conditional(text, /(?:min|max)-width/);
  expect(ofWidth.length).toBeGreaterThan(40);
  for (const line of ofWidth) {
    // The ground of the page itself, in place of the same ground below.
    if (line === 'background: var(--paper)') continue;
    expect(line).not.toMatch(/^(?:--|(?:[\w-]+-)?color:|background|fill|stroke|filter|opacity)/);
  }
});
