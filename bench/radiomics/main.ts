import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultClasses } from '../../src/radiomics/feature-classes.ts';
import { sharedFolder } from '../../test/shared-folder.ts';
import { peerPython, peerVersions } from '../peers/peer-environment.ts';
import type { RegionSize } from './bytes-touched.ts';
import { compiled } from './compiled.ts';
import { type BatchRun, type Pair, report } from './report.ts';
import { oneThread, worker } from './worker.ts';

/**
 * bench/radiomics.md: every class, the filters, the whole extractor, memory and two workers beside one, against
 * PyRadiomics in one run. What was written by hand is in notes.md beside this file and goes under the tables.
 */
const here = fileURLToPath(new URL('./', import.meta.url));
/** No new pass begins after this many seconds, no new round of the batch after twice as many again. */
const budget = 50;
const mostPasses = 15;
const rounds = 2;

const shared = sharedFolder();
if (shared === undefined) throw new Error('bench radiomics needs ../shared (or NACRE_SHARED)');
const reference = join(shared, 'reference');
/** `repeat`: runs in one measurement, so that the smallest is not lost in the clock's grain. */
const cases = [
  ...[
    ['breast1', 20],
    ['brain1', 4],
  ].map(([name, repeat]) => ({
    name: name as string,
    repeat: repeat as number,
    image: join(reference, 'pyradiomics', `${name}_image.nrrd`),
    mask: join(reference, 'pyradiomics', `${name}_label.nrrd`),
  })),
  {
    name: 'CT phantom',
    repeat: 1,
    image: join(reference, 'ibsi/ct-phantom/image.nii.gz'),
    mask: join(reference, 'ibsi/ct-phantom/mask.nii.gz'),
  },
];
const filters = { Wavelet: 'wavelet, 8 bands', LoG: 'LoG 3 mm', resample: 'to 1 mm, B-spline' };
const measured = [...defaultClasses, 'total', ...Object.keys(filters)];

type Timed = { ms: number; cpu: number };
const program = compiled();
const python = peerPython('pyradiomics');
const peer = worker(python, [join(here, 'peer.py')]);
const ours = worker(process.execPath, [program('ours')]);
const loadBefore = loadavg();
const begun = performance.now();
const elapsed = () => (performance.now() - begun) / 1000;

const sizes: Record<string, RegionSize> = {};
for (const { name, image, mask } of cases) {
  sizes[name] = await ours.ask<RegionSize>({ image, mask, what: 'size' });
}
const taken = new Map<string, { ours: Timed[]; peer: Timed[] }>();
let passes = 0;
for (; passes < mostPasses && elapsed() < budget; passes++) {
  for (const { name, image, mask, repeat } of cases) {
    for (const what of measured) {
      const key = `${name} ${what}`;
      const known = taken.get(key) ?? { ours: [], peer: [] };
      taken.set(key, known);
      const question = { image, mask, what, repeat };
      const both = [
        async () => known.ours.push(await ours.ask<Timed>(question)),
        async () => known.peer.push(await peer.ask<Timed>(question)),
      ];
      for (const one of passes % 2 === 0 ? both : both.reverse()) await one();
    }
  }
}
const peaks = {
  ours: (await ours.ask<{ mb: number }>({ what: 'peak' })).mb,
  peer: (await peer.ask<{ mb: number }>({ what: 'peak' })).mb,
};
const { gigabytes } = await ours.ask<{ gigabytes: number }>({ what: 'bandwidth' });
ours.end();
peer.end();

const sts = join(shared, 'datasets/sts');
const files = readdirSync(sts)
  .filter((name) => name.startsWith('STS_'))
  .sort()
  .flatMap((patient) => ['CT', 'MR_T1'].map((scan) => join(sts, patient, scan)))
  .flatMap((stem) => [`${stem}_image.nii.gz`, `${stem}_mask.nii.gz`])
  .filter((file) => existsSync(file));
// Three times over, so that what a thread costs once (modules, compiling) weighs as in a cohort and not as in a trial.
const batchFiles = [...files, ...files, ...files];
const batches: Record<'one' | 'two' | 'apart', BatchRun[]> = { one: [], two: [], apart: [] };
const batchBegun = elapsed();
for (let round = 0; round < rounds && elapsed() - batchBegun < 2 * budget; round++) {
  batches.one.push(await runBatch(1));
  batches.two.push(await runBatch(2));
  const [a, b] = await Promise.all([runBatch(1), runBatch(1)]);
  batches.apart.push({ seconds: Math.max(a.seconds, b.seconds), cpu: a.cpu + b.cpu });
}

const times: Record<string, Record<string, Pair>> = {};
for (const { name } of cases) {
  times[name] = Object.fromEntries(
    measured.map((what) => {
      const { ours: mine, peer: theirs } = taken.get(`${name} ${what}`) ?? { ours: [], peer: [] };
      return [what, { ours: middle(mine), peer: middle(theirs) }];
    }),
  );
}
const versions = peerVersions(python, ['pyradiomics', 'numpy', 'SimpleITK', 'PyWavelets']);
const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
const text = report({
  passes,
  cases: cases.map(({ name }) => name),
  classes: defaultClasses,
  filters,
  times,
  sizes,
  peaks,
  bandwidth: gigabytes,
  batch: {
    cases: batchFiles.length / 2,
    rounds: batches.one.length,
    one: middleRun(batches.one),
    two: middleRun(batches.two),
    apart: middleRun(batches.apart),
  },
  machine: `${cpus().length} × ${cpus()[0].model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}; ${named.join(', ')}`,
  loadBefore,
  seconds: elapsed(),
});
writeFileSync(
  join(here, '../radiomics.md'),
  `${text}\n${readFileSync(join(here, 'notes.md'), 'utf8')}`,
);

async function runBatch(jobs: number): Promise<BatchRun> {
  const child = spawn(process.execPath, [program('batch'), String(jobs), ...batchFiles], {
    env: { ...process.env, ...oneThread },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  for await (const chunk of child.stdout) out += chunk;
  const run = JSON.parse(out) as BatchRun & { failed: number };
  if (run.failed > 0) throw new Error(`${run.failed} cases of the batch failed`);
  return run;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function middle(runs: readonly Timed[]): Timed {
  return { ms: median(runs.map(({ ms }) => ms)), cpu: median(runs.map(({ cpu }) => cpu)) };
}

function middleRun(runs: readonly BatchRun[]): BatchRun {
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    cpu: median(runs.map(({ cpu }) => cpu)),
  };
}
