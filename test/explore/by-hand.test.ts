import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { syntheticScan } from '../../src/notebook/synthetic-scan.ts';
import { whyNoPage } from '../browser/chromium-page.ts';
import { sharedFolder } from '../shared-folder.ts';
import { bundledScripts } from './bundled-scripts.ts';
import { compared } from './compared-features.ts';
import { rowOf } from './deep-rows.ts';
import { dragFiles, dropMade } from './drag-files.ts';
import { type OpenedExplore, openExplore, writePageWithoutRun } from './open-explore.ts';
import { metaImageBytes, nrrdBytes, rawBytes } from './volume-files.ts';

const place = mkdtempSync(join(tmpdir(), 'nacre-by-hand-'));
const at = (name: string) => join(place, name);
afterAll(() => rmSync(place, { recursive: true }));

const { volume, tumour } = syntheticScan('mri');
for (const [name, one] of Object.entries({ scan: volume, mask: tumour })) {
  writeFileSync(at(`${name}.nii.gz`), niftiBytes(one));
  writeFileSync(at(`${name}.nrrd`), nrrdBytes(one));
  writeFileSync(at(`${name}.nhdr`), nrrdBytes(one, `${name}.raw`));
  writeFileSync(at(`${name}.raw`), rawBytes(one));
  writeFileSync(at(`${name}.mha`), metaImageBytes(one));
}

/** Features of the command line. */
async function extracted(...words: string[]): Promise<Record<string, string>> {
  const out = at('cli.csv');
  expect(await runCli(['node', 'nacre', 'radiomics', ...words, '--out', out])).toBe(0);
  return rowOf(out);
}

describe.skipIf(whyNoPage !== undefined)('explore.html from disk, by hand', () => {
  let file: string;
  let opened: OpenedExplore;
  beforeAll(async () => {
    file = writePageWithoutRun(at('explore.html'), await bundledScripts());
    opened = await openExplore(file);
  });
  afterAll(async () => {
    await opened?.browser.close();
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

  const shared = sharedFolder();
  it.skipIf(shared === undefined)('DICOM folders are dragged as they are', async () => {
    const dicom = join(shared ?? '', 'datasets', 'dicom', 'ct-phantom');
    const folders = [join(dicom, 'image'), join(dicom, 'mask')];
    await opened.measured(() => opened.page.click('#defaults'));
    await opened.page.check('input[name="region"][value="intra"]');
    const status = await opened.measured(() => dragFiles(opened.page, folders));
    expect(status).toMatch(/^107 features of the tumour, 125,256 voxels/);
    expect(compared(await saved(), await extracted(...folders))).toBe(107);
  });
});
