import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundled, bundles, licencesOf } from '../../scripts/bundle-browser.mjs';
import * as nacre from '../../src/browser/index.ts';
import { RadiomicsExtractor } from '../../src/radiomics/extractor.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { fixture, openPage, whyNoPage } from './chromium-page.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(bundles)('$file', (bundle) => {
  it('is one file that imports nothing, with the licences of what is in it', async () => {
    const { text, inputs, imports } = await bundled(bundle);
    expect(imports).toEqual([]);
    expect(text).not.toMatch(/\bimport\s*\(?["']|\bfrom\s*["']node:/);
    expect(inputs.filter((path) => path.startsWith('src/machine/'))).toEqual([]);
    const licences = licencesOf(inputs);
    // The page itself reads no image: its worker does.
    const expected = bundle.file.endsWith('/page.js')
      ? ['yaml', 'zod', 'papaparse']
      : ['pako', '@noble/hashes', '@cornerstonejs/codec-charls'];
    for (const name of expected) {
      expect(licences).toContain(`${name} `);
    }
  });
});

it('a module that reaches Node ends the build', async () => {
  mkdirSync(join(folder, 'src'));
  writeFileSync(
    join(folder, 'src', 'page.ts'),
    `import { join } from 'node:path'; console.log(join('a', 'b'));`,
  );
  await expect(bundled({ entry: 'src/page.ts', format: 'esm' }, folder)).rejects.toThrow(
    'node:path',
  );
  await expect(bundled({ entry: 'src/machine/disk-files.ts', format: 'esm' })).rejects.toThrow(
    'node:fs',
  );
});

// Faces of the page and the file that holds them are written down twice.
it('the file is what package.json gives to bundlers', () => {
  const manifest = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { exports: Record<string, { default: string }> };
  expect(manifest.exports['./browser'].default).toBe(`./dist/${bundles[0].file}`);
});

type Page = typeof import('../../src/browser/index.ts');
const shell = `<!doctype html><title>nacre</title>
<script type="module">import * as nacre from './nacre.js'; globalThis.nacre = nacre;</script>`;

const settings = {
  imageType: { Original: {}, LoG: { sigma: [2] }, Wavelet: {} },
  setting: { binWidth: 1, resampledPixelSpacing: [1.5, 1.5, 1.5] as [number, number, number] },
};

describe.skipIf(whyNoPage !== undefined)('in Chromium', () => {
  it('scan and mask of IBSI give the features of Node, offline', async () => {
    const files = {
      'image.nii.gz': fixture('ibsi', 'image.nii.gz'),
      'mask.nii.gz': fixture('ibsi', 'mask.nii.gz'),
    };
    const { text } = await bundled(bundles[0]);
    const { page, faults, close } = await openPage({
      ...files,
      'nacre.js': text,
      'index.html': shell,
    });
    try {
      const found = await page.evaluate(async (given) => {
        const { nacre } = globalThis as unknown as {
          nacre: typeof import('../../src/browser/index.ts');
        };
        const read = async (name: string) => {
          const bytes = new Uint8Array(await (await fetch(name)).arrayBuffer());
          return nacre.readVolume([{ name, bytes }]);
        };
        const extractor = new nacre.RadiomicsExtractor(given);
        const { features, diagnostics } = extractor.execute(
          await read('image.nii.gz'),
          await read('mask.nii.gz'),
        );
        return { features, diagnostics };
      }, settings);
      expect(faults).toEqual([]);
      const [image, mask] = await Promise.all(
        Object.entries(files).map(([name, bytes]) => nacre.readVolume([{ name, bytes }])),
      );
      const here = new RadiomicsExtractor(settings).execute(image, mask);
      expect(Object.keys(found.features)).toEqual(Object.keys(here.features));
      expect(Object.keys(found.features).length).toBeGreaterThan(900);
      for (const [name, value] of Object.entries(here.features)) {
        expect(Math.abs(found.features[name] - value), name).toBeLessThanOrEqual(
          1e-12 * Math.abs(value),
        );
      }
      expect(found.diagnostics).toEqual(here.diagnostics);
    } finally {
      await close();
    }
  });

  it('a pipeline with XGBoost gives the outcome of Node, offline', async () => {
    const stream = RandomStream.of(3, 'page');
    const patients = Array.from({ length: 60 }, (_, i) => `P${i}`);
    const labels = Uint8Array.from(patients, (_, i) => (i % 3) & 1);
    const columns = Array.from({ length: 30 }, (_, c) => ({
      name: `radiomics.f${c}`,
      values: Array.from(labels, (label) => stream.normal() + (c < 4 ? label : 0)),
    }));
    const { text } = await bundled(bundles[0]);
    const { page, faults, close } = await openPage({ 'nacre.js': text, 'index.html': shell });
    const work = async (given: {
      patients: string[];
      labels: number[];
      columns: typeof columns;
    }) => {
      const { nacre } = globalThis as unknown as { nacre: Page };
      const table = nacre.featureTable(
        given.patients,
        given.columns.map(({ name, values }) => ({
          name,
          block: 'radiomics',
          values: Float64Array.from(values),
        })),
      );
      const labels = Uint8Array.from(given.labels);
      const { config } = new nacre.Pipeline();
      const options = { config, seed: 1, name: 'page', explained: true };
      const outcomes = [];
      for (const partition of nacre.stratifiedPartitions(labels, { partitions: 2 })) {
        outcomes.push(await nacre.evaluatePartition(table, labels, partition, options));
      }
      const stored = await nacre.tableOfParquet(nacre.parquetOfTable(table), 'table.parquet');
      return { outcomes, csv: nacre.csvOfTable(stored) };
    };
    try {
      const given = { patients, labels: [...labels], columns };
      const found = await page.evaluate(work, given);
      expect(faults).toEqual([]);
      Object.assign(globalThis, { nacre });
      const here = await work(given);
      expect(here.outcomes[0].metrics.balancedAccuracy).toBeGreaterThan(0.5);
      // Through JSON, as the page's answer went.
      expect(found.csv).toBe(here.csv);
      expect(found.outcomes).toEqual(here.outcomes);
    } finally {
      Reflect.deleteProperty(globalThis, 'nacre');
      await close();
    }
  });
});
