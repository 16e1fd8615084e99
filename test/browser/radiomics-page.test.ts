import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundled, bundles } from '../../scripts/bundle-browser.mjs';
import { namedFiles } from '../../src/imaging/named-files.ts';
import { volumeFrom } from '../../src/imaging/read-scan.ts';
import { readVolume } from '../../src/machine/read-volume.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import { fixture, type OpenPage, openPage, whyNoPage } from './chromium-page.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-example-page-'));
afterAll(() => rmSync(folder, { recursive: true }));
const source = readFileSync(new URL('../../docs/radiomics-page.html', import.meta.url), 'utf8');

it('the example is short', () => {
  expect(source.trim().split('\n').length).toBeLessThanOrEqual(40);
});

describe.skipIf(whyNoPage !== undefined)('docs/radiomics-page.html in Chromium', () => {
  let open: OpenPage;
  const files = ['image.nii.gz', 'mask.nii.gz'].map((name) => {
    const path = join(folder, name);
    writeFileSync(path, fixture('ibsi', name));
    return path;
  });

  beforeAll(async () => {
    const { text } = await bundled(bundles[0]);
    open = await openPage(
      { 'docs/radiomics-page.html': source, 'dist/browser/nacre.js': text },
      'docs/radiomics-page.html',
    );
  });
  afterAll(() => open.close());

  async function compute(scan: string, mask: string): Promise<string> {
    const { page } = open;
    await page.getByLabel('scan').setInputFiles(scan);
    await page.getByLabel('mask').setInputFiles(mask);
    await page.getByLabel('Bin width').fill('1');
    await page.getByRole('button', { name: 'Compute' }).click();
    const status = page.getByRole('status');
    await expect
      .poll(() => status.textContent(), { timeout: 120_000 })
      .not.toMatch(/^(Computing …)?$/);
    return (await status.textContent()) ?? '';
  }

  it('shows the features of the files, the same as in Node', async () => {
    expect(await compute(files[0], files[1])).toMatch(/^\d+ features$/);
    const rows = await open.page.locator('tr').allInnerTexts();
    const [scan, mask] = await Promise.all(files.map((path) => readVolume(path)));
    const { features } = new RadiomicsExtractor({ setting: { binWidth: 1 } }).execute(scan, mask);
    expect(rows.map((row) => row.split('\t'))).toEqual(
      Object.entries(features).map(([name, value]) => [name, String(value)]),
    );
    expect(open.faults).toEqual([]);
  });

  it('refuses a broken file in the words of the command line', async () => {
    const cut = join(folder, 'cut.nii.gz');
    const bytes = fixture('ibsi', 'image.nii.gz').subarray(0, 100);
    writeFileSync(cut, bytes);
    const refusal = await volumeFrom(
      namedFiles([{ name: 'cut.nii.gz', bytes }]),
      'cut.nii.gz',
    ).catch((error: Error) => error.message);
    expect(refusal).toContain('the gzip stream is truncated');
    expect(await compute(cut, files[1])).toBe(refusal);
    expect(await open.page.locator('tr').count()).toBe(0);
  });
});
