import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageScripts } from '../../src/explore/page-scripts.ts';
import { niftiBytes } from '../../src/imaging/nifti-bytes.ts';
import { identityDirection } from '../../src/imaging/volume.ts';
import { RandomStream } from '../../src/runtime/random-stream.ts';
import { openExplore, writePageWithoutRun } from '../../test/explore/open-explore.ts';

/**
 * explore.html under the hand: the longest time that the page does not answer while a slider moves forty times, and the memory that a
 * CT of 512 × 512 × 300 voxels takes, over all processes of the browser. Writes `bench/explore.md`.
 *
 *   npm run build && node --import tsx bench/explore/main.ts
 */
const scripts = pageScripts();
if (scripts === undefined) throw new Error('npm run build first: the page is bundled there');
const here = mkdtempSync(join(tmpdir(), 'nacre-bench-explore-'));
const file = writePageWithoutRun(join(here, 'explore.html'), scripts);

/** A synthetic CT: air, a body of noise, a denser tumour. */
function writeCt(name: string, size: readonly [number, number, number], spacing: number) {
  const [nx, ny, nz] = size;
  const stream = RandomStream.of(1, 'bench', name);
  const noise = Float64Array.from({ length: 65_536 }, () => 12 * stream.normal());
  const data = new Int16Array(nx * ny * nz);
  const mask = new Uint8Array(data.length);
  const radius = 20 / spacing;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const at = i + nx * (j + ny * k);
        const [x, y] = [(i - nx / 2) / (0.42 * nx), (j - ny / 2) / (0.35 * ny)];
        const [u, v, w] = [i - 0.6 * nx, j - 0.5 * ny, k - 0.5 * nz];
        const inside = u * u + v * v + w * w < radius * radius;
        const tissue = x * x + y * y < 1 ? (inside ? 60 : 0) : -1000;
        data[at] = Math.round(tissue + noise[(at * 31) % noise.length]);
        if (inside) mask[at] = 1;
      }
    }
  }
  const grid = {
    size,
    spacing: [spacing, spacing, spacing] as const,
    origin: [0, 0, 0] as const,
    direction: identityDirection,
  };
  const paths = [join(here, `${name}.nii.gz`), join(here, `${name}-mask.nii.gz`)] as const;
  writeFileSync(paths[0], niftiBytes({ ...grid, data }));
  writeFileSync(paths[1], niftiBytes({ ...grid, data: mask }));
  return paths;
}

/** Proportional memory of a process and all below it, MB: pages that processes share count once. */
function memoryOf(root: number): number {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
  const children = new Map<number, number[]>();
  for (const line of table.trim().split('\n')) {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const all = [root];
  for (const pid of all) all.push(...(children.get(pid) ?? []));
  let kilobytes = 0;
  for (const pid of all) {
    try {
      const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0);
    } catch {
      // A process that ended between the two looks.
    }
  }
  return kilobytes / 1024;
}

/** Processes of the browser: those whose parent is this one. */
function browserProcess(): number {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' }).split('\n');
  const chromium = lines.find((line) => {
    const [, parent, name = ''] = line.trim().split(/\s+/);
    return Number(parent) === process.pid && /chrom/.test(name);
  });
  return Number(chromium?.trim().split(/\s+/)[0]);
}

interface Stalls {
  longest: number;
  median: number;
  tasks: number[];
  seconds: number;
}

/** Runs in the page, as text: its names are the browser's. */
const watching = `async ({ slider, steps }) => {
  const tasks = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  });
  observer.observe({ type: 'longtask' });
  const gaps = [];
  let last = performance.now();
  let going = true;
  const frame = () => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    if (going) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const input = document.getElementById(slider);
  for (const value of steps) {
    input.value = String(value);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await new Promise((resolve) => setTimeout(resolve, 1500));
  going = false;
  return { gaps, tasks };
}`;

/** Moves a slider forty times in a row, a step every 50 ms, and watches how long the page is away. */
async function moveSlider(
  opened: Awaited<ReturnType<typeof openExplore>>,
  id: string,
  values: readonly number[],
): Promise<Stalls> {
  const began = performance.now();
  const measured = (await opened.page.evaluate(
    `(${watching})(${JSON.stringify({ slider: id, steps: values })})`,
  )) as { gaps: number[]; tasks: number[] };
  const sorted = [...measured.gaps].sort((a, b) => a - b);
  return {
    longest: sorted[sorted.length - 1],
    median: sorted[sorted.length >> 1],
    tasks: measured.tasks,
    seconds: (performance.now() - began) / 1000,
  };
}

/** The ring, filters, normalisation and spacing, one after another, with the most memory that each took. */
async function measureMore(
  opened: Awaited<ReturnType<typeof openExplore>>,
  title: string,
  mostSince: () => number,
): Promise<void> {
  const { page, measured } = opened;
  const steps: [string, () => Promise<unknown>][] = [
    ['ring', () => page.check('input[name="region"][value="peri"]')],
    ['ring of 8 mm', () => page.fill('#ring-number', '8')],
    ['and LoG', () => page.check('input[name="filter"][value="LoG"]')],
    ['and wavelets', () => page.check('input[name="filter"][value="Wavelet"]')],
    ['and resampled to 1 mm', () => page.check('#resample')],
    ['and normalised', () => page.check('#normalise')],
    ['normalised, not resampled', () => page.uncheck('#resample')],
    ['ring of 30 mm', () => page.fill('#ring-number', '30')],
  ];
  for (const [name, act] of steps) {
    mostSince();
    const status = await measured(act);
    more.push(`| ${title} | ${name} | ${mostSince().toFixed(0)} | ${status} |`);
  }
}

const rows: string[] = [];
const more: string[] = [];
const memory: string[] = [];
const cases = [
  { name: 'small', title: '128 × 128 × 60', size: [128, 128, 60] as const, spacing: 1.5 },
  { name: 'large', title: '512 × 512 × 300', size: [512, 512, 300] as const, spacing: 0.8 },
];
for (const { name, title, size, spacing } of cases) {
  const [image, mask] = writeCt(name, size, spacing);
  const opened = await openExplore(file);
  const root = browserProcess();
  const empty = memoryOf(root);
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, memoryOf(root));
  }, 100);
  const began = performance.now();
  const status = await opened.drop(image, mask);
  const seconds = (performance.now() - began) / 1000;
  // The body and the ring come after the picture.
  await opened.page.waitForTimeout(8000);
  const opening = peak;
  memory.push(
    `| ${title} | ${empty.toFixed(0)} | ${opening.toFixed(0)} | ${memoryOf(root).toFixed(0)} | ${seconds.toFixed(1)} | ${status} |`,
  );
  for (const [id, low, step] of [
    ['bin-width', 5, 1],
    ['ring', 1, 0.5],
  ] as const) {
    const values = Array.from({ length: 40 }, (_, i) => low + step * i);
    const { longest, median, tasks, seconds: took } = await moveSlider(opened, id, values);
    const worst = tasks.length === 0 ? 'none' : `${Math.max(...tasks).toFixed(0)} ms`;
    rows.push(
      `| ${title} | ${id} | ${longest.toFixed(0)} ms | ${median.toFixed(0)} ms | ${worst} | ${took.toFixed(1)} s |`,
    );
  }
  const forty = peak;
  await measureMore(opened, title, () => {
    const most = peak;
    peak = 0;
    return most;
  });
  clearInterval(timer);
  memory[memory.length - 1] = memory[memory.length - 1].replace(/\|$/, `| ${forty.toFixed(0)} |`);
  await opened.browser.close();
}
const text = `# explore.html under the hand

Written by \`bench/explore/main.ts\` on ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Chromium headless, page and scans from disk; load
when it ended ${loadavg()[0].toFixed(1)}. Synthetic CT, a tumour of 40 mm.

## Forty changes of a slider in a row, one every 50 ms
The longest gap between two frames is the longest time that the page did not answer (wanted: at most 200 ms); a long task is what the
browser itself counts above 50 ms. Features are measured in a worker, the ring is drawn in another.

| scan | slider | longest gap | median gap | longest task | with 1.5 s to rest |
|:--|:--|--:|--:|--:|--:|
${rows.join('\n')}

## Memory
All processes of the browser, shared pages once (Pss, MB): before, at most while the scan was read, drawn and measured, after, and
at most with the forty changes (wanted for the large one: 1,500).

| scan | empty page | at most, opening | then | seconds to features | what the page says | at most, all |
|:--|--:|--:|--:|--:|:--|--:|
${memory.join('\n')}

Then it is measured in more ways, each added to the last (at most, MB). Normalised intensities are doubles: 630 MB for the large CT.

| scan | measured | at most | what the page says |
|:--|:--|--:|:--|
${more.join('\n')}
`;
writeFileSync(new URL('../explore.md', import.meta.url), text);
process.stdout.write(text);
rmSync(here, { recursive: true, force: true });
