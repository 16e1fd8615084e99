import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { writeSite } from '../../src/notebook/site/write-site.ts';
import { syntheticScan } from '../../src/notebook/synthetic-scan.ts';
import { findChromium } from '../../src/report/static-export.ts';
import {
  accessibilityFaults,
  looks,
  openBrowser,
  openPage,
  turnTo,
} from '../accessibility/page-checks.ts';
import { whyNoPage } from '../browser/chromium-page.ts';
import { captureOutput } from '../cli/captured-output.ts';
import { sharedFolder } from '../shared-folder.ts';
import { bundledScripts } from './bundled-scripts.ts';
import { compared } from './compared-features.ts';
import { rowOf } from './deep-rows.ts';
import { dragFiles, dropMade } from './drag-files.ts';
import { type OpenedExplore, openExplore, writePageWithoutRun } from './open-explore.ts';
import { type SmallRun, smallRun } from './small-run.ts';
import { metaImageBytes, nrrdBytes, rawBytes } from './volume-files.ts';

const place = mkdtempSync(join(tmpdir(), 'nacre-explore-'));
const at = (name: string) => join(place, name);
const said = captureOutput();

const { volume, tumour } = syntheticScan('mri');
for (const [name, one] of Object.entries({ scan: volume, mask: tumour })) {
  writeFileSync(at(`${name}.nii.gz`), niftiBytes(one));
  writeFileSync(at(`${name}.nrrd`), nrrdBytes(one));
  writeFileSync(at(`${name}.nhdr`), nrrdBytes(one, `${name}.raw`));
  writeFileSync(at(`${name}.raw`), rawBytes(one));
  writeFileSync(at(`${name}.mha`), metaImageBytes(one));
}
writeFileSync(at('truncated.nii.gz'), readFileSync(at('scan.nii.gz')).subarray(0, 3000));
writeFileSync(at('letter.nii'), 'Dear reader');
writeFileSync(at('moved.nii.gz'), niftiBytes({ ...tumour, origin: [1, 2, 3] }));

async function nacre(...words: string[]): Promise<void> {
  said.out = '';
  said.err = '';
  await runCli(['node', 'nacre', ...words]);
}

const extractions = new Map<string, Promise<Record<string, string>>>();

/** Features of the command line; what several tests compare with is measured once. */
function extracted(...words: string[]): Promise<Record<string, string>> {
  const key = words.join(' ');
  const made =
    extractions.get(key) ??
    (async () => {
      const out = at(`cli-${extractions.size}.csv`);
      expect(await runCli(['node', 'nacre', 'radiomics', ...words, '--out', out])).toBe(0);
      return rowOf(out);
    })();
  extractions.set(key, made);
  return made;
}

const shared = sharedFolder();
const phantom = join(shared ?? '', 'reference', 'ibsi', 'ct-phantom');
const dicom = join(shared ?? '', 'datasets', 'dicom', 'ct-phantom');

/** One for all tests, a page for each of them. */
let browser: Browser;
beforeAll(async () => {
  if (whyNoPage !== undefined) return;
  browser = await openBrowser(findChromium() as string, { webGl: false });
  writePageWithoutRun(at('empty.html'), await bundledScripts());
});
afterAll(() => browser?.close());

/** Until the second panel has drawn what it was asked for. */
function idle(page: Page): Promise<void> {
  return page.locator('body[data-lab="idle"]').waitFor({ state: 'attached', timeout: 600_000 });
}

describe.skipIf(whyNoPage !== undefined)('explore.html without a run', () => {
  let opened: OpenedExplore;
  beforeAll(async () => {
    opened = await openExplore(at('empty.html'), browser);
  });
  afterAll(() => opened?.page.context().close());

  it('measures a dropped scan as the command line does, with the parameter file that it saves', async () => {
    const { page } = opened;
    expect(await opened.drop(at('scan.nii.gz'), at('mask.nii.gz'))).toMatch(/^107 features of the/);
    await opened.measured(() => page.check('input[name="region"][value="peri"]'));
    await opened.measured(() => page.fill('#ring-number', '7.5'));
    await opened.measured(() => page.fill('#bin-width-number', '12'));
    await opened.measured(() => page.check('#normalise'));
    await opened.measured(() => page.fill('#scale-number', '150'));
    await opened.measured(() => page.check('#resample'));
    await opened.measured(() => page.fill('#spacing-number', '1.7'));
    await opened.measured(() => page.check('input[name="filter"][value="LoG"]'));
    const status = await opened.measured(() => page.fill('#sigma-number', '2.5'));
    expect(status).toMatch(/^200 features of the ring of 7.5 mm/);
    const csv = await opened.save('#save-csv');
    const parameters = await opened.save('#save-parameters');
    expect(readFileSync(parameters, 'utf8')).toContain('--region peri --ring 7.5');
    await nacre(
      ...['radiomics', at('scan.nii.gz'), at('mask.nii.gz'), '--params', parameters],
      ...['--region', 'peri', '--ring', '7.5', '--out', at('peri.csv')],
    );
    expect(compared(rowOf(csv), rowOf(at('peri.csv')))).toBe(200);
  });

  it('takes a saved parameter file back', async () => {
    const { page } = opened;
    const file = at('own.yaml');
    writeFileSync(
      file,
      'imageType:\n  Original: {}\n  LoG: { sigma: [3] }\nfeatureClass:\n  glcm: [Contrast]\nsetting: { binCount: 24 }\n',
    );
    await page.check('input[name="region"][value="intra"]');
    const status = await opened.measured(() => page.setInputFiles('#parameter-file', file));
    expect(status).toMatch(/^2 features of the tumour/);
    expect(await page.isChecked('input[name="bins"][value="count"]')).toBe(true);
    const csv = await opened.save('#save-csv');
    expect(rowOf(csv)).toHaveProperty('log-sigma-3-mm-3D_glcm_Contrast');
    const saved = await opened.save('#save-parameters');
    await nacre(
      ...['radiomics', at('scan.nii.gz'), at('mask.nii.gz'), '--params', saved],
      ...['--out', at('own.csv')],
    );
    expect(compared(rowOf(csv), rowOf(at('own.csv')))).toBe(2);
    await opened.measured(() => page.click('#defaults'));
  });

  it.each([
    ['truncated.nii.gz', 'mask.nii.gz'],
    ['letter.nii', 'mask.nii.gz'],
    ['scan.nii.gz', 'moved.nii.gz'],
    ['scan.nii.gz', 'scan.nii.gz'],
    ['mask.nii.gz', 'scan.nii.gz'],
  ])('refuses %s with %s in the words of the command line', async (image, mask) => {
    const sentence = await opened.drop(at(image), at(mask));
    await nacre('radiomics', at(image), at(mask));
    expect(said.err.replaceAll(`${place}/`, '')).toContain(sentence);
    expect(sentence.length).toBeGreaterThan(40);
  });

  it.skipIf(shared === undefined)(
    'measures the CT phantom of IBSI, from NIfTI and from DICOM',
    async () => {
      const [image, mask] = [join(phantom, 'image.nii.gz'), join(phantom, 'mask.nii.gz')];
      await opened.drop(image, mask);
      const csv = await opened.save('#save-csv');
      const saved = await opened.save('#save-parameters');
      await nacre('radiomics', image, mask, '--params', saved, '--out', at('ct.csv'));
      expect(compared(rowOf(csv), rowOf(at('ct.csv')))).toBe(107);
      const folders = [join(dicom, 'image'), join(dicom, 'mask')] as const;
      expect(await opened.drop(...folders, 'folder')).toMatch(/125,256 voxels/);
      const fromDicom = await opened.save('#save-csv');
      expect(compared(rowOf(fromDicom), await extracted(...folders))).toBe(107);
    },
  );

  it('asked nobody for anything, and threw nothing', () => {
    expect(opened.requests).toEqual([]);
    expect(opened.errors).toEqual([]);
  });
});

describe.skipIf(whyNoPage !== undefined)('explore.html from disk, by hand', () => {
  let opened: OpenedExplore;
  beforeAll(async () => {
    opened = await openExplore(at('empty.html'), browser);
  });
  afterAll(async () => {
    await opened?.page.context().close();
    expect(opened.requests).toEqual([]);
    expect(opened.errors).toEqual([]);
  });
  const saved = async () => rowOf(await opened.save('#save-csv'));

  it.each([
    ['NRRD', 'scan.nrrd', 'mask.nrrd', []],
    ['NRRD with detached headers', 'scan.nhdr', 'mask.nhdr', ['scan.raw', 'mask.raw']],
    ['MetaImage', 'scan.mha', 'mask.mha', []],
    ['NIfTI', 'scan.nii.gz', 'mask.nii.gz', []],
  ])('%s dragged from a folder gives the features of the command line', async (_, ...given) => {
    const [scan, mask, beside] = given;
    const files = [mask, scan, ...beside].map(at);
    const status = await opened.measured(() => dragFiles(opened.page, files));
    expect(status).toMatch(/^107 features of the tumour/);
    expect(await opened.page.textContent('#image-names')).toContain(scan);
    expect(await opened.page.textContent('#mask-names')).toContain(mask);
    expect(compared(await saved(), await extracted(at(scan), at(mask)))).toBe(107);
  });

  it('files that a page hands over are taken one by one, and shown while they hover', async () => {
    const { page } = opened;
    const hover = page.locator('body.dropping');
    await dropMade(
      page,
      [{ name: 'next.nrrd', bytes: readFileSync(at('scan.nrrd')) }],
      async () => {
        expect(await hover.count()).toBe(1);
      },
    );
    expect(await hover.count()).toBe(0);
    await page.locator('#image-names', { hasText: 'next.nrrd' }).waitFor();
    expect(await page.textContent('#mask-names')).toBe('nothing chosen');
    const mask = { name: 'next-mask.mha', bytes: readFileSync(at('mask.mha')) };
    const status = await opened.measured(() => dropMade(page, [mask]));
    expect(status).toMatch(/^107 features of the tumour/);
    expect(compared(await saved(), await extracted(at('scan.nrrd'), at('mask.mha')))).toBe(107);
  });

  it('a broken file that is dropped gets its sentence', async () => {
    writeFileSync(at('cut.nrrd'), readFileSync(at('scan.nrrd')).subarray(0, 3000));
    const files = [at('cut.nrrd'), at('mask.nrrd')];
    const sentence = await opened.measured(() => dragFiles(opened.page, files));
    expect(sentence).toMatch(/cut\.nrrd.*truncated/);
  });

  it('sliders moved with the mouse measure what the command line measures with the saved settings', async () => {
    const { page } = opened;
    const files = [at('scan.nrrd'), at('mask.nrrd')];
    await opened.measured(() => dragFiles(page, files));
    await opened.measured(() => page.check('input[name="region"][value="peri"]'));
    for (const [slider, before] of [
      ['#bin-width', 25],
      ['#ring', 5],
    ] as const) {
      expect(Number(await page.inputValue(slider))).toBe(before);
      await opened.measured(() => drawn(slider));
      expect(Number(await page.inputValue(slider))).not.toBe(before);
      expect(await page.inputValue(`${slider}-number`)).toBe(await page.inputValue(slider));
    }
    const ringMm = await page.inputValue('#ring');
    const parameters = await opened.save('#save-parameters');
    const words = ['--params', parameters, '--region', 'peri', '--ring', ringMm];
    expect(compared(await saved(), await extracted(...files, ...words))).toBe(107);
  });

  /** Takes the knob of a slider where it is, draws it to and fro, and lets go at two thirds. */
  async function drawn(slider: string): Promise<void> {
    const { page } = opened;
    const input = page.locator(slider);
    await input.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await input.boundingBox()) ?? expect.fail('no slider');
    const [low, high] = await Promise.all(
      ['min', 'max'].map(async (end) => Number(await input.getAttribute(end))),
    );
    const share = (Number(await input.inputValue()) - low) / (high - low);
    // The middle of the knob keeps half its size from either end.
    const knob = height;
    const along = (part: number) => x + knob / 2 + part * (width - knob);
    await page.mouse.move(along(share), y + height / 2);
    await page.mouse.down();
    for (const part of [0.1, 0.9, 2 / 3]) {
      await page.mouse.move(along(part), y + height / 2, { steps: 8 });
    }
    await page.mouse.up();
  }

  it.skipIf(shared === undefined)('DICOM folders are dragged as they are', async () => {
    const folders = [join(dicom, 'image'), join(dicom, 'mask')];
    await opened.measured(() => opened.page.click('#defaults'));
    await opened.page.check('input[name="region"][value="intra"]');
    const status = await opened.measured(() => dragFiles(opened.page, folders));
    expect(status).toMatch(/^107 features of the tumour, 125,256 voxels/);
    expect(compared(await saved(), await extracted(...folders))).toBe(107);
  });
});

describe.skipIf(whyNoPage !== undefined)('explore.html of a run', () => {
  let small: SmallRun;
  let opened: OpenedExplore;
  let messages: string[];
  const site = at('site');
  beforeAll(async () => {
    small = await smallRun(place);
    const { folder, config, cohort } = small;
    const written = await writeSite(site, folder, {
      scans: { cohort, extraction: config.extraction },
      explore: { config, scripts: await bundledScripts() },
      patients: 2,
    });
    messages = written.messages;
    opened = await openExplore(join(site, 'explore.html'), browser);
    await opened.page.locator('body[data-answers]').waitFor({ timeout: 120_000 });
  });
  afterAll(() => opened?.page.context().close());

  it('measures a synthetic patient as the run did, with its mark', async () => {
    const { page } = opened;
    expect(messages).toEqual([]);
    expect(await page.textContent('#agreement')).toBe(
      'All 200 features are those of the run (to 1e-12).',
    );
    for (const mark of await page.locator('.mark').all()) {
      expect(await mark.textContent()).toBe('SYNTHETIC');
    }
    await opened.measured(() => page.check('input[name="region"][value="peri"]'));
    expect(await page.textContent('#agreement')).toMatch(/^All 200 features/);
    await opened.measured(() => page.fill('#ring-number', '8'));
    expect(await page.textContent('#agreement')).toMatch(/differ/);
    const row = page.locator('tr[data-feature="original_glcm_Contrast"]');
    expect(await row.locator('svg').count()).toBe(1);
    await row.locator('button').click();
    const detail = page.locator('tr.detail');
    expect(await detail.locator('math').count()).toBeGreaterThan(0);
    expect(await detail.textContent()).toContain('IBSI ACUI');
  });

  it('draws the partitions of the run again, number by number', async () => {
    const { page } = opened;
    await page.click('#lab-tab');
    const [endpoint] = small.run.results.endpoints;
    for (const set of endpoint.featureSets) {
      await page.selectOption('#lab-set', set.id);
      await page.click('#lab-run');
      await idle(page);
      const cells = await page
        .locator('#lab-table tbody tr')
        .first()
        .locator('td')
        .allTextContents();
      expect(cells[1]).toBe(set.summary.balancedAccuracy.mean.toFixed(3));
      expect(cells[3]).toBe(set.summary.auc.mean.toFixed(3));
    }
  });

  it('finds nothing in shuffled labels, and more where features are selected before the split', async () => {
    const { page } = opened;
    await page.selectOption('#lab-set', 'radiomics');
    await page.click('#lab-both');
    await idle(page);
    const means = await page.locator('#lab-table tbody tr td:nth-child(2)').allTextContents();
    const [inside, before] = means.map(Number);
    expect(Math.abs(inside - 0.5)).toBeLessThan(0.15);
    expect(before - inside).toBeGreaterThan(0.1);
    expect(await page.textContent('#lab-verdict')).toContain('that is what the mistake adds');
  });

  it('names no patient but those whose scans it holds, and none without scans', async () => {
    const text = readFileSync(join(site, 'explore.html'), 'utf8');
    const { patients } = small.cohort;
    const named = patients.filter((patient) => text.includes(patient));
    expect(named.length).toBe(2);
    const { folder, config } = small;
    await writeSite(at('bare'), folder, { explore: { config, scripts: await bundledScripts() } });
    const bare = readFileSync(join(at('bare'), 'explore.html'), 'utf8');
    expect(patients.filter((patient) => bare.includes(patient))).toEqual([]);
    expect(bare).toContain('No table of single patients.');
  });

  it('axe-core finds nothing in either panel, narrow and dark, wide and light', async () => {
    const file = join(site, 'explore.html');
    const page = await openPage(browser, file, looks.phone, 'body[data-answers]');
    expect(await accessibilityFaults(page), 'phone').toEqual([]);
    await page.click('#lab-tab');
    for (const look of ['phone', 'wide'] as const) {
      await turnTo(page, looks[look]);
      // The chart is drawn for the width that it finds.
      await page.click('#lab-run');
      await idle(page);
      expect(await accessibilityFaults(page), look).toEqual([]);
    }
    await page.click('#features-tab');
    expect(await accessibilityFaults(page), 'wide').toEqual([]);
    await page.close();
  });

  it('is reached with the keyboard: tabs by arrows, slices and settings by their sliders', async () => {
    const { page } = opened;
    await page.focus('#lab-tab');
    await page.keyboard.press('ArrowLeft');
    expect(await page.getAttribute('#features-tab', 'aria-selected')).toBe('true');
    const before = Number(await page.inputValue('#axial-slice'));
    await page.focus('#axial-slice');
    await page.keyboard.press('ArrowUp');
    const label = page.locator(`#axial[aria-label^="axial slice ${before + 2} of"]`);
    await label.waitFor({ state: 'attached' });
    await page.focus('#bin-width');
    expect(await opened.measured(() => page.keyboard.press('ArrowRight'))).toMatch(/features of/);
  });

  it('asked nobody for anything, and threw nothing', () => {
    expect(opened.requests).toEqual([]);
    expect(opened.errors).toEqual([]);
  });
});
