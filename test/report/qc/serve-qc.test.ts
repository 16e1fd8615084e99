import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cohort } from '../../../src/cohort/cohort.ts';
import { readQcFile } from '../../../src/cohort/qc/qc-file.ts';
import { niftiBytes } from '../../../src/imaging/nifti-bytes.ts';
import {
  type Geometry,
  indexToPoint,
  type Matrix3,
  pointToIndex,
  type Vector3,
} from '../../../src/imaging/volume.ts';
import { readMask, readVolume } from '../../../src/machine/read-volume.ts';
import { Review } from '../../../src/report/qc/review.ts';
import { type ServedQc, serveQc } from '../../../src/report/qc/serve-qc.ts';
import { writeQc } from '../../../src/report/qc/write-qc.ts';
import { chromiumMissing, findChromium } from '../../../src/report/static-export.ts';
import { sha256 } from '../../../src/runtime/hash.ts';

const hostile = '</script><img src=x onerror="window.hacked=1">';
const folder = mkdtempSync(join(tmpdir(), 'nacre-serve-'));
const [c, s] = [Math.cos(0.35), Math.sin(0.35)];
/** Unlike sizes on all axes, so that no exchange of axes goes unseen. LPS, as nacre has it inside. */
const grids: Record<string, Matrix3> = {
  LPS: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  RAS: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
  sagittal: [0, 0, 1, 1, 0, 0, 0, -1, 0],
  oblique: [c, -s, 0, s * c, c * c, -s, s * s, s * c, c],
};
const size: Vector3 = [22, 26, 18];

/** A bright ball in a dark scan, off the centre on every axis; the mask is a part of it, with a second label beside. */
function writeScan(name: string, direction: Matrix3) {
  const geometry: Geometry = { size, spacing: [1.5, 1.25, 2], origin: [-12, 7, 30], direction };
  const data = new Int16Array(size[0] * size[1] * size[2]);
  const labels = new Uint8Array(data.length);
  for (let k = 0, at = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) {
      for (let i = 0; i < size[0]; i++, at++) {
        const d = Math.hypot((i - 8) * 1.5, (j - 10) * 1.25, (k - 7) * 2);
        data[at] = d < 7 ? 400 : 100 + ((i * 7 + j * 3 + k) % 9);
        if (d < 4) labels[at] = 2;
        if (i === 20 && j > 20) labels[at] = 7;
      }
    }
  }
  const files = {
    image: join(folder, `${name}.nii.gz`),
    mask: join(folder, `${name}-mask.nii.gz`),
  };
  writeFileSync(files.image, niftiBytes({ ...geometry, data }));
  writeFileSync(files.mask, niftiBytes({ ...geometry, data: labels }));
  return files;
}

const scans = Object.fromEntries(
  Object.entries(grids).map(([name, direction]) => [name, writeScan(name, direction)]),
);
const cohort: Cohort = {
  ...{ id: 'made', title: `Made ${hostile}`, citation: 'none', licence: 'MIT', synthetic: true },
  patients: Object.keys(grids).map((name) => (name === 'LPS' ? `LPS ${hostile}` : name)),
  ...{ blocks: {}, endpoints: {}, notices: [], excluded: [], inputs: [] },
  images: { T1: Object.keys(grids).map((name) => scans[name]) },
};
const decisions = join(folder, 'qc.csv');
const regionsOf = () => ({ label: 2, ringMm: 4, ringWithin: 'scan' as const });
let review: Review;
let served: ServedQc;

beforeAll(async () => {
  review = await Review.open(cohort, { decisions, regionsOf });
  served = await serveQc(review, { honoured: false, now: () => new Date('2026-01-02T03:04:05Z') });
});
afterAll(() => served.close());

interface Answer {
  status: number;
  body: string;
  headers: Record<string, unknown>;
}

/** A request as any program of this machine can send it: with headers that a browser would not allow. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
): Promise<Answer> {
  const url = new URL(served.url);
  const method = body === undefined ? 'GET' : 'POST';
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: url.port, path, method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece) => (text += piece));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: text, headers: answer.headers }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const json = { 'content-type': 'application/json' };
const accept = JSON.stringify({ number: 0, action: 'accept', reason: '', by: 'A' });

describe('the server of the review', () => {
  const place = () => new URL(served.url);

  it('shows nothing without the token, to another host, or beside the page', async () => {
    const { pathname, host } = place();
    expect(host).toMatch(/^127\.0\.0\.1:/);
    expect((await ask(pathname)).status).toBe(200);
    for (const path of ['/', '/x/', `/${'A'.repeat(32)}/`, pathname.slice(0, -3)]) {
      expect((await ask(path)).status).toBe(404);
    }
    expect((await ask(pathname, { host: 'evil.example' })).status).toBe(421);
    expect((await ask(pathname, { host: `localhost:${place().port}` })).status).toBe(421);
    for (const path of [
      '../../etc/passwd',
      '%2e%2e/qc.csv',
      'qc.csv',
      'scans/scan-9999.js',
      'scans/x.js',
      'assets/../x',
    ]) {
      expect([400, 404]).toContain((await ask(pathname + path)).status);
    }
    const { headers } = await ask(pathname);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
  });

  it('writes for its own page alone', async () => {
    const { pathname, origin } = place();
    const to = `${pathname}decision`;
    for (const [headers, status] of [
      [json, 403],
      [{ ...json, origin: 'http://evil.example' }, 403],
      [{ ...json, origin: 'null' }, 403],
      [{ 'content-type': 'text/plain', origin }, 415],
    ] as const) {
      expect((await ask(to, headers, accept)).status).toBe(status);
    }
    const own = { ...json, origin };
    expect((await ask(to, own, '{')).status).toBe(400);
    expect((await ask(to, own, accept.replace('accept', 'burn'))).status).toBe(400);
    expect((await ask(to, own, accept.replace('"by":"A"', '"by":" "'))).status).toBe(400);
    expect((await ask(to, own, accept.replace('"number":0', '"number":99'))).status).toBe(400);
    expect((await ask(to, own, ' '.repeat(20_000))).status).toBe(413);
    expect(
      (
        await ask(
          `${pathname}mask?number=0&by=A&from=0`,
          { ...own, 'content-type': 'application/octet-stream' },
          Buffer.alloc(5),
        )
      ).status,
    ).toBe(409);
    expect((await ask(`${pathname}other`, own, accept)).status).toBe(404);
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(to, own, accept)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(await readQcFile(decisions)).toHaveLength(8);
  });
});

const executablePath = findChromium();

describe.skipIf(executablePath === undefined)(
  `the page in Chromium${executablePath === undefined ? ` (skipped: ${chromiumMissing()})` : ''}`,
  () => {
    let browser: Browser;
    let page: Page;
    const faults: string[] = [];

    beforeAll(async () => {
      const { chromium } = await import('playwright-core');
      browser = await chromium.launch({
        executablePath: executablePath as string,
        args: [
          '--headless',
          '--no-sandbox',
          '--use-angle=swiftshader',
          '--enable-unsafe-swiftshader',
        ],
      });
    });
    afterAll(() => browser?.close());

    const open = async (address: string) => {
      // Small, because WebGL 2 without a graphics card draws large pictures slowly.
      page = await browser.newPage({ viewport: { width: 800, height: 560 } });
      page.on('pageerror', (error) => faults.push(error.message));
      await page.goto(address);
    };
    const cardOf = (name: string) => {
      const patient = name === 'LPS' ? cohort.patients[0] : name;
      return page.locator('.card', { has: page.getByRole('heading', { name: patient }) });
    };
    const edit = async (name: string) => {
      await cardOf(name).getByRole('button', { name: 'Open scan, edit mask' }).click();
      await page.locator('body[data-editing]').waitFor({ state: 'attached', timeout: 60_000 });
      await page.waitForTimeout(300);
    };
    /** Clicks with a tool where the crosshair is put, LPS mm; the voxel of the file that lies there. */
    const drawAt = async (tool: string, point: Vector3, geometry: Geometry) => {
      await page.evaluate(
        ([x, y, z]) => {
          // biome-ignore lint/suspicious/noExplicitAny: an object of the page
          const nv = (globalThis as any).nacreEditor.viewer;
          nv.scene.crosshairPos = nv.mm2frac([-x, -y, z], 0, true);
          nv.drawScene();
        },
        point as unknown as number[],
      );
      await page.getByRole('radio', { name: tool }).check();
      await page.getByLabel('Width').fill('1');
      await page.getByLabel('Width').press('Tab');
      await page.locator('#gl').focus();
      await page.keyboard.press('Space');
      return pointToIndex(geometry, point).map(Math.round);
    };
    const lit = (labels: ArrayLike<number>, value: number) =>
      Array.from(labels).flatMap((label, at) => (label === value ? [at] : []));
    const save = async () => {
      await Promise.all([
        page.waitForEvent('load'),
        page.getByRole('button', { name: 'Save edited mask' }).click(),
      ]);
    };

    it.each(Object.keys(grids))('draws, saves and reads back voxel for voxel: %s', async (name) => {
      await open(served.url);
      await page.getByLabel('Your name').fill('A. Reader');
      const before = await readVolume(scans[name].mask);
      const old = readFileSync(scans[name].mask);
      await edit(name);
      // Far from every plane of symmetry of the grid.
      const added = [17, 5, 12] as const;
      const removed = [8, 10, 7] as const;
      const at = await drawAt('Pen', indexToPoint(before, added), before);
      expect(at).toEqual([...added]);
      await drawAt('Eraser', indexToPoint(before, removed), before);
      await save();
      const after = await readVolume(scans[name].mask.replace('.nii.gz', '.edited-1.nii.gz'));
      const index = ([i, j, k]: readonly number[]) => i + size[0] * (j + size[1] * k);
      const expected = lit(before.data, 2).filter((voxel) => voxel !== index(removed));
      expected.push(index(added));
      expect(lit(after.data, 2)).toEqual(expected.sort((a, b) => a - b));
      // The other label and the grid are as they were, and so is the old file.
      expect(lit(after.data, 7)).toEqual(lit(before.data, 7));
      for (const part of ['size', 'spacing', 'origin', 'direction'] as const) {
        const largest = Math.max(
          ...after[part].map((value, i) => Math.abs(value - before[part][i])),
        );
        expect(largest).toBeLessThan(1e-5);
      }
      expect(readFileSync(scans[name].mask)).toEqual(old);
      const row = (await readQcFile(decisions)).at(-1);
      expect(row).toMatchObject({
        action: 'edit',
        by: 'A. Reader',
        at: '2026-01-02T03:04:05.000Z',
        edit: 1,
      });
      expect(row?.maskSha256).toBe(sha256(old));
      // What the page shows now is the edited mask.
      await edit(name);
      const shown = await page.evaluate(() => {
        // biome-ignore lint/suspicious/noExplicitAny: an object of the page
        return Array.from((globalThis as any).nacreEditor.drawnVoxels() as Uint8Array);
      });
      expect(lit(shown, 1)).toEqual(lit(after.data, 2));
      await page.close();
      expect(faults).toEqual([]);
    });

    it('draws with the mouse where the pointer is, undoes, grows to the bright ball', async () => {
      await open(served.url);
      await page.getByLabel('Your name').fill('A. Reader');
      await edit('oblique');
      const count = () =>
        page.evaluate(
          'nacreEditor.drawnVoxels().reduce((sum, v) => sum + v, 0)',
        ) as Promise<number>;
      const start = await count();
      await page.getByRole('radio', { name: 'Pen' }).check();
      const box = (await page.locator('#gl').boundingBox()) as {
        x: number;
        y: number;
        width: number;
        height: number;
      };
      const [x, y] = [box.x + box.width * 0.12, box.y + box.height * 0.5];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 30, y + 12, { steps: 5 });
      await page.mouse.up();
      await page.waitForTimeout(200);
      const drawn = await count();
      const [last, voxels] = (await page.evaluate(
        'const nv = nacreEditor.viewer; [Array.from(nv.frac2mm(nv.scene.crosshairPos, 0, true)), Array.from(nacreEditor.drawnVoxels())]',
      )) as [number[], number[]];
      const scan = await readVolume(scans.oblique.image);
      const [i, j, k] = pointToIndex(scan, [-last[0], -last[1], last[2]]).map(Math.round);
      expect(voxels[i + size[0] * (j + size[1] * k)]).toBe(1);
      expect(drawn).toBeGreaterThan(start);
      await page.getByRole('button', { name: 'Undo' }).click();
      expect(await count()).toBe(start);
      await page.getByRole('button', { name: 'Grow-cut' }).click();
      const grown = (await page.evaluate('Array.from(nacreEditor.drawnVoxels())')) as number[];
      const { data } = await readVolume(scans.oblique.image);
      const ball = lit(data, 400).length;
      const inBall = grown.reduce((sum, v, i) => sum + (v === 1 && data[i] === 400 ? 1 : 0), 0);
      expect(inBall / ball).toBeGreaterThan(0.85);
      expect(grown.reduce((sum, v) => sum + v, 0)).toBeLessThan(1.3 * ball);
      await page.getByRole('button', { name: 'Undo' }).click();
      expect(await count()).toBe(start);
      page.once('dialog', (dialog) => dialog.accept());
      await page.getByRole('button', { name: 'Close' }).click();
      await page.close();
      expect(faults).toEqual([]);
    });

    it('is used with the keyboard alone; hostile names do nothing', async () => {
      await open(served.url);
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      await page.keyboard.press('j');
      await page.keyboard.press('a');
      // No name yet: nothing is decided.
      await page.locator('#by:focus').waitFor();
      await page.keyboard.type('B. Reader');
      await page.locator('h1').click();
      await page.keyboard.press('j');
      await page.keyboard.press('x');
      await page.locator('[data-reason]:focus').waitFor();
      await page.keyboard.type('=another, "lesion"');
      await page.keyboard.press('Enter');
      await page.getByRole('status').filter({ hasText: 'written to qc.csv' }).waitFor();
      const row = (await readQcFile(decisions)).at(-1);
      expect(row).toMatchObject({
        action: 'exclude',
        reason: '=another, "lesion"',
        by: 'B. Reader',
      });
      expect(await page.locator('.state[data-state=exclude]').count()).toBe(1);
      // Every control has a name.
      const nameless = await page.evaluate(
        `Array.from(document.querySelectorAll('input, select, button, canvas, svg')).filter((e) => !(e.labels && e.labels.length) && !e.textContent.trim() && !e.getAttribute('aria-label')).length`,
      );
      expect(nameless).toBe(0);
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
          width,
        );
      }
      await page.close();
    });

    it('from disk, downloads decisions and the edited mask', async () => {
      const out = join(folder, 'page');
      const { index } = await writeQc(out, review, { scans: 'all', honoured: false });
      await open(`file://${index}`);
      await page.getByLabel('Your name').fill('C. Reader');
      await edit('RAS');
      const current = review.taskOf(1).mask;
      const before = await readVolume(current);
      await drawAt('Pen', indexToPoint(before, [3, 21, 4]), before);
      const [mask] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Save edited mask' }).click(),
      ]);
      expect(mask.suggestedFilename()).toBe('RAS-mask.edited-2.nii.gz');
      const saved = join(folder, mask.suggestedFilename());
      await mask.saveAs(saved);
      const after = await readVolume(saved);
      const index2 = 3 + size[0] * (21 + size[1] * 4);
      expect(lit(after.data, 2)).toEqual([...lit(before.data, 2), index2].sort((a, b) => a - b));
      expect(lit(after.data, 7)).toEqual(lit(before.data, 7));
      await page.getByRole('button', { name: 'Close' }).click();
      const [csv] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download decisions' }).click(),
      ]);
      const file = join(folder, 'downloaded.csv');
      await csv.saveAs(file);
      const rows = await readQcFile(file);
      expect(rows.slice(0, -1)).toEqual(await readQcFile(decisions));
      expect(rows.at(-1)).toMatchObject({
        ...{ patient: 'RAS', action: 'edit', edit: 2, by: 'C. Reader' },
        ...{ maskSha256: sha256(readFileSync(current)), editSha256: sha256(readFileSync(saved)) },
      });
      expect((await readMask(saved, { label: 2 })).data.length).toBe(before.data.length);
      await page.close();
      expect(faults).toEqual([]);
    });
  },
);
