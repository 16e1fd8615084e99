import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runtimeFiles } from '../../src/explore/deep-protocol.ts';
import { apart, deepOf, rowOf } from './deep-rows.ts';
import { type DeepSite, deepSite, whyNoDeepPage } from './deep-site.ts';
import { dragFiles } from './drag-files.ts';
import { type OpenedExplore, openExplore } from './open-explore.ts';

const place = mkdtempSync(join(tmpdir(), 'nacre-deep-disk-'));
const at = (name: string) => join(place, name);
afterAll(() => rmSync(place, { recursive: true }));

describe.skipIf(whyNoDeepPage !== undefined)('deep features in explore.html, from disk', () => {
  let site: DeepSite;
  let opened: OpenedExplore;

  beforeAll(async () => {
    site = await deepSite(place);
  });
  beforeEach(async () => {
    opened = await openExplore(at('site/explore.html'));
    await opened.page.locator('body[data-answers]').waitFor({ timeout: 120_000 });
  });
  afterEach(async () => {
    await opened.browser.close();
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

  it('a dropped folder is taken, and is no scan', async () => {
    const { page } = opened;
    await dragFiles(page, [at('site/deep')]);
    await page.getByText('The 5 files for resnet10-random0 are here.').waitFor();
    expect(await page.locator('#own').isVisible()).toBe(false);
    expect((await compute(opened)).status).toMatch(/^512 features/);
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

  it.each(['deep-worker.js', runtimeFiles.program, runtimeFiles.binary, 'resnet10-random0.onnx'])(
    'refuses %s of the same length and another checksum',
    async (file) => {
      const other = at(`other-${file}`);
      cpSync(at('site/deep'), other, { recursive: true });
      const bytes = readFileSync(join(other, file));
      bytes[bytes.length - 2] ^= 1;
      writeFileSync(join(other, file), bytes);
      const { page } = opened;
      await page.setInputFiles('#deep-folder', other);
      const { status, problem } = await compute(opened);
      expect(status).toBe('Nothing was computed.');
      expect(problem).toMatch(
        new RegExp(
          `${file.replaceAll('.', '\\.')}: the file beside the page is another one: found sha256`,
        ),
      );
      // The right folder, and it goes on.
      await page.setInputFiles('#deep-folder', at('site/deep'));
      expect((await compute(opened)).status).toMatch(/^512 features/);
    },
  );
});
