import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cohort } from '../../../src/cohort/cohort.ts';
import { niftiBytes } from '../../../src/imaging/nifti-bytes.ts';
import { type Geometry, indexToPoint, type Matrix3 } from '../../../src/imaging/volume.ts';
import { writeSite } from '../../../src/notebook/site/write-site.ts';
import { chromiumMissing, findChromium } from '../../../src/report/static-export.ts';
import { openBrowser, openPage, turnTo } from '../../accessibility/page-checks.ts';
import { writeSyntheticRun } from '../synthetic-run.ts';

const chromium = findChromium();
if (chromium === undefined)
  process.stderr.write(`viewer in Chromium: skipped, ${chromiumMissing()}\n`);

const folder = mkdtempSync(join(tmpdir(), 'nacre-viewer-'));
const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
/** Unlike sizes on all axes, so that no exchange of axes goes unseen. */
const grids: Record<string, Matrix3> = {
  straight: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  mirrored: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
  sagittal: [0, 0, 1, 1, 0, 0, 0, -1, 0],
  oblique: [c, -s, 0, s * c, c * c, -s, s * s, s * c, c],
};
const size = [30, 36, 26] as const;
const geometryOf = (direction: Matrix3): Geometry => ({
  size,
  spacing: [1.5, 1.25, 2],
  origin: [-12, 7, 30],
  direction,
});
/** A ball of 8 mm. */
function inTumour(i: number, j: number, k: number): boolean {
  return Math.hypot(1.5 * (i - 14), 1.25 * (j - 17), 2 * (k - 12)) < 8;
}

/** Middle of the tumour, and the voxel that holds its number as its value: a wrong place has a wrong value. */
const middle = [14, 17, 12] as const;
const valueAt = (i: number, j: number, k: number) =>
  100 + i + 36 * j + 4 * k + (inTumour(i, j, k) ? 4000 : 0);

function writeScan(name: string, direction: Matrix3) {
  const geometry = geometryOf(direction);
  const data = new Int16Array(size[0] * size[1] * size[2]);
  const mask = new Uint8Array(data.length);
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) {
        data[at] = valueAt(i, j, k);
        if (inTumour(i, j, k)) mask[at] = 1;
      }
    }
  }
  const files = { image: join(folder, `${name}.nii.gz`), mask: join(folder, `${name}-m.nii.gz`) };
  writeFileSync(files.image, niftiBytes({ ...geometry, data }));
  writeFileSync(files.mask, niftiBytes({ ...geometry, data: mask }));
  return files;
}

const cohort: Cohort = {
  ...{ id: 'made', title: 'Made by a test', citation: 'none', licence: 'MIT', synthetic: true },
  patients: Object.keys(grids),
  ...{ blocks: {}, endpoints: {}, notices: [], excluded: [], inputs: [] },
  images: { T1: Object.entries(grids).map(([name, direction]) => writeScan(name, direction)) },
};

/** The scans do not end in air: without a body every voxel may belong to the ring. */
const extraction = { byScan: {}, ringMm: 5, ringWithin: 'scan' } as never;

let file: string;
beforeAll(async () => {
  const out = join(folder, 'site');
  await writeSite(out, writeSyntheticRun(join(folder, 'run')), { scans: { cohort, extraction } });
  file = join(out, 'viewer.html');
});

/** Small, because WebGL 2 without a graphics card draws large pictures slowly. */
const screen = { width: 640, height: 440, scheme: 'light' } as const;
const phoneScreen = { width: 390, height: 440, scheme: 'dark' } as const;

const text = (page: Page) => page.locator('#where').textContent();

async function choose(page: Page, patient: string): Promise<void> {
  await page.selectOption('#patient', patient);
  await page.waitForSelector(`body[data-shown="${patient} T1"]`);
}

describe.skipIf(chromium === undefined).each([
  { name: 'with WebGL 2', webGl: true },
  { name: 'without WebGL 2', webGl: false },
])('the viewer $name', ({ webGl }) => {
  let browser: Browser;
  let page: Page;
  const troubles: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser(chromium as string, { webGl });
    page = await openPage(browser, file, screen, 'body[data-shown]');
    page.on('pageerror', (error) => troubles.push(error.message));
  });
  afterAll(() => browser?.close());

  it('draws with what the browser has, and names what it lacks', async () => {
    expect(await page.getAttribute('body', 'data-drawer')).toBe(webGl ? 'niivue' : 'plain');
    expect(await page.locator('#plain').isVisible()).toBe(!webGl);
    expect(await page.locator('option[value=render]').count()).toBe(webGl ? 1 : 0);
  });

  it.each(Object.keys(grids))(
    '%s: begins in the middle of the tumour, in LPS millimetres, with the value of that voxel',
    async (name) => {
      await choose(page, name);
      const [x, y, z] = indexToPoint(geometryOf(grids[name]), middle).map((mm) =>
        mm.toFixed(1).replace('-', '−'),
      );
      expect(await text(page)).toBe(
        `${name}, T1 (synthetic): ${valueAt(...middle)} a.u. at ${x}, ${y}, ${z} mm (LPS), intratumoral`,
      );
    },
  );

  it.each(Object.keys(grids))(
    '%s: keys move to the next voxel towards head, front and right',
    async (name) => {
      await choose(page, name);
      const geometry = geometryOf(grids[name]);
      const place = async () => {
        const [value, ...mm] = [...((await text(page)) as string).matchAll(/−?\d+(?:\.\d+)?/g)]
          .map(([number]) => Number(number.replaceAll('−', '-')))
          .slice(-4);
        return { value, mm };
      };
      await page.focus('#picture');
      for (const [key, axis, sign] of [
        ['ArrowUp', 2, 1],
        ['PageUp', 1, -1],
        ['ArrowLeft', 0, -1],
        ['ArrowDown', 2, -1],
      ] as const) {
        const before = await place();
        await page.keyboard.press(key);
        const after = await place();
        const step = after.mm.map((mm, a) => mm - before.mm[a]);
        // The axis of the grid that is nearest to the patient's.
        expect(Math.sign(step[axis]), key).toBe(sign);
        expect(Math.abs(step[axis]), key).toBe(Math.max(...step.map(Math.abs)));
        expect(geometry.spacing.some((mm) => Math.abs(mm - Math.hypot(...step)) < 0.15)).toBe(true);
        expect(after.value).not.toBe(before.value);
      }
      await page.keyboard.press('Home');
      expect((await place()).value).toBe(valueAt(...middle));
    },
  );

  it('every key of the page does what stands beside it', async () => {
    await choose(page, 'straight');
    await page.focus('#picture');
    const press = (key: string) => page.keyboard.press(key);
    const view = () => page.inputValue('#view');
    for (const [key, name] of [
      ['1', 'axial'],
      ['2', 'coronal'],
      ['3', 'sagittal'],
      ...(webGl ? [['4', 'render']] : []),
      ['0', 'multi'],
    ]) {
      await press(key);
      expect(await view()).toBe(name);
    }
    for (const [key, box] of [['t', '#intra'], ['r', '#peri'], ...(webGl ? [['x', '#cut']] : [])]) {
      const before = await page.isChecked(box);
      await press(key);
      expect(await page.isChecked(box)).toBe(!before);
      await press(key);
      expect(await page.isChecked(box)).toBe(before);
    }
    await press('n');
    await page.waitForSelector('body[data-shown="mirrored T1"]');
    await press('p');
    await page.waitForSelector('body[data-shown="straight T1"]');
    expect(await page.locator('#previous').isDisabled()).toBe(true);
    // All keys stand on the page, and none that does nothing.
    const listed = await page.locator('.viewer-keys > div:visible kbd').allTextContents();
    expect(listed.join(' ')).toBe(
      `↑ ↓ ← → Page Up Page Down Home N P S T R 0 1 2 3${webGl ? ' 4 X' : ''}`,
    );
    // A letter typed elsewhere is no command.
    await page.focus('#low');
    await press('t');
    expect(await page.isChecked('#intra')).toBe(true);
    expect(troubles).toEqual([]);
  });

  it('sliders go through all slices of the planes in view', async () => {
    await choose(page, 'sagittal');
    for (const [plane, count] of [
      ['axial', 36],
      ['coronal', 30],
      ['sagittal', 26],
    ] as const) {
      const slider = page.getByRole('slider', { name: plane });
      expect(await slider.getAttribute('max')).toBe(String(count));
      await slider.fill('2');
      expect(await page.locator(`#count-${plane}`).textContent()).toBe(`2 of ${count}`);
    }
    await page.selectOption('#view', 'coronal');
    expect(await page.getByRole('slider', { name: 'axial' }).isVisible()).toBe(false);
    await page.selectOption('#view', 'multi');
  });

  it('draws tumour and ring, and none that is switched off', async () => {
    await choose(page, 'straight');
    const count = () => coloured(page);
    const both = await count();
    expect(both.intra).toBeGreaterThan(100);
    expect(both.peri).toBeGreaterThan(100);
    await page.uncheck('#peri');
    expect((await count()).peri).toBe(0);
    await page.uncheck('#intra');
    expect((await count()).intra).toBe(0);
    await page.check('#peri');
    await page.check('#intra');
    // Outlines stay where nothing is filled, so that the scan below can be seen.
    await page.selectOption('#view', 'axial');
    const filled = await count();
    await page.fill('#opacity', '0');
    const outlined = await count();
    expect(outlined.intra).toBeGreaterThan(50);
    expect(outlined.intra).toBeLessThan(filled.intra);
    expect(outlined.warm).toBeLessThan(0.5 * filled.warm);
    expect(outlined.peri).toBeLessThan(0.5 * filled.peri);
    await page.fill('#opacity', '0.3');
    await page.selectOption('#view', 'multi');
  });

  it.skipIf(!webGl)('in 3D the ring lets the tumour through', async () => {
    await choose(page, 'straight');
    await page.selectOption('#view', 'render');
    const within = await coloured(page);
    await page.uncheck('#peri');
    const alone = await coloured(page);
    await page.check('#peri');
    expect(alone.intra).toBeGreaterThan(200);
    expect(within.warm).toBeGreaterThan(0.5 * alone.warm);
    await page.selectOption('#view', 'multi');
  });

  it('stays within a phone', async () => {
    // Opened on a phone it is looked at by test/accessibility, which finds it too wide as well.
    await turnTo(page, phoneScreen);
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    expect(wide).toBe(390);
    const paper = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(paper).toBe('rgb(23, 23, 23)');
    expect((await coloured(page)).intra).toBeGreaterThan(50);
  });
});

interface Colours {
  intra: number;
  peri: number;
  /** Also where grey shines through, as in 3D. */
  warm: number;
}

/** Pixels of the picture, as it is seen, that are nearer to the colour of a region than to any grey. */
async function coloured(page: Page): Promise<Colours> {
  await page.evaluate('new Promise(requestAnimationFrame)');
  const png = await page.locator('#picture').screenshot();
  return page.evaluate(countColours, png.toString('base64'));
}

/** Runs in the page: red above blue is the tumour, blue above red the ring. */
async function countColours(png: string): Promise<Colours> {
  // biome-ignore lint/suspicious/noExplicitAny: the types of the page are not those of Node
  const here = globalThis as any;
  const bytes = Uint8Array.from(atob(png), (byte) => byte.charCodeAt(0));
  const bitmap = await here.createImageBitmap(new Blob([bytes]));
  const pen = new here.OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  pen.drawImage(bitmap, 0, 0);
  const { data } = pen.getImageData(0, 0, bitmap.width, bitmap.height);
  let [intra, peri, warm] = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) {
    const [red, green, blue] = [data[i], data[i + 1], data[i + 2]];
    if (red > blue + 30) warm++;
    if (red > blue + 30 && green < 0.8 * red) intra++;
    if (blue > red + 30) peri++;
  }
  return { intra, peri, warm };
}
