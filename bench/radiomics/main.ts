import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultClasses } from '../../src/radiomics/feature-classes.ts';
import { root } from '../../test/faults/subject.ts';
import { sharedFolder } from '../../test/shared-folder.ts';
import { earlierNacre } from '../earlier.ts';
import { peerPython, peerVersions } from '../peers/peer-environment.ts';
import type { RegionSize } from './bytes-touched.ts';
import { type ColdCalls, coldCalls } from './cold-calls.ts';
import { compiled } from './compiled.ts';
import { type FurtherPeer, furtherPeers, niftiCopies } from './further-peers.ts';
import { furtherReport } from './further-report.ts';
import { median, middle, type Timed } from './medians.ts';
import { type BatchRun, type Measured, type Pair, report } from './report.ts';
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
/** Writes bench/radiomics-peers.md alone: classes and totals of all programs, and first calls. For a machine that is busy. */
const peersOnly = process.argv.includes('--peers-only');
/** Passes after the first, which warms up and is not counted. */
const fewestPasses = 6;
/** Processes of each program whose first calls are timed. */
const coldProcesses = 3;

const shared = sharedFolder();
if (shared === undefined) throw new Error('bench radiomics needs ../shared (or NACRE_SHARED)');
const reference = join(shared, 'reference');
/** `repeat`: runs in one measurement, so that the smallest is not lost in the clock's grain. */
const cases = [
  ...[
    ['breast1', 100],
    ['brain1', 16],
  ].map(([name, repeat]) => ({
    name: name as string,
    repeat: repeat as number,
    image: join(reference, 'pyradiomics', `${name}_image.nrrd`),
    mask: join(reference, 'pyradiomics', `${name}_label.nrrd`),
  })),
  {
    name: 'CT phantom',
    repeat: 5,
    image: join(reference, 'ibsi/ct-phantom/image.nii.gz'),
    mask: join(reference, 'ibsi/ct-phantom/mask.nii.gz'),
  },
];
const filters = { Wavelet: 'wavelet, 8 bands', LoG: 'LoG 3 mm', resample: 'to 1 mm, B-spline' };
const measured = [...defaultClasses, 'total', ...(peersOnly ? [] : Object.keys(filters))];

const program = compiled(root);
const python = peerPython('pyradiomics');
const peer = worker(python, [join(here, 'peer.py')]);
const startOurs = () => worker(process.execPath, [program('ours')]);
const ours = startOurs();
const programBefore = compiled(earlierNacre());
const startBefore = () => worker(process.execPath, [programBefore('ours')]);
const earlier = startBefore();
const further = furtherPeers().map((one) => ({ ...one, process: one.start() }));
const copies = await niftiCopies(cases);
/** What a further peer is asked for: Pictologics' classes too, whose features have other counterparts. */
const wanted: Record<FurtherPeer['name'], readonly string[]> = {
  'flash-radiomics': ['total'],
  Pictologics: ['total', 'same', ...defaultClasses],
};
const filesOf = (name: string, { image, mask }: { image: string; mask: string }, peer: string) =>
  peer === 'Pictologics'
    ? (copies.files.get(name) as { image: string; mask: string })
    : { image, mask };
const loadBefore = loadavg();
const begun = performance.now();
const elapsed = () => (performance.now() - begun) / 1000;

const sizes: Record<string, RegionSize> = {};
for (const { name, image, mask } of cases) {
  sizes[name] = await ours.ask<RegionSize>({ image, mask, what: 'size' });
}
/** By program, case and what was asked. */
const others = new Map<string, Timed[]>();
const taken = new Map<string, { ours: Timed[]; peer: Timed[] }>();
let passes = 0;
for (; passes <= mostPasses && (elapsed() < budget || passes <= fewestPasses); passes++) {
  const warming = passes === 0;
  const note = (key: string, timed: Timed) => {
    if (!warming) others.set(key, [...(others.get(key) ?? []), timed]);
  };
  for (const one of cases) {
    const { name, image, mask, repeat } = one;
    for (const { name: peerName, process: asked } of further) {
      for (const what of wanted[peerName]) {
        // A program in C needs few runs to be measured.
        const runs = peerName === 'flash-radiomics' ? Math.ceil(repeat / 5) : repeat;
        const question = { ...filesOf(name, one, peerName), what, repeat: runs };
        note(`${peerName} ${name} ${what}`, await asked.ask<Timed>(question));
      }
    }
    // What is seldom called is compiled late: the first pass is long enough for that.
    const ourRuns = warming ? 10 * repeat : repeat;
    note(
      `nacre ${name} merged`,
      await ours.ask<Timed>({ image, mask, what: 'merged', repeat: ourRuns }),
    );
    for (const what of [...defaultClasses, 'total']) {
      note(
        `before ${name} ${what}`,
        await earlier.ask<Timed>({ image, mask, what, repeat: ourRuns }),
      );
    }
    for (const what of measured) {
      const key = `${name} ${what}`;
      const known = taken.get(key) ?? { ours: [], peer: [] };
      taken.set(key, known);
      const question = { image, mask, what, repeat };
      const both = [
        async () => {
          const timed = await ours.ask<Timed>({ ...question, repeat: ourRuns });
          if (!warming) known.ours.push(timed);
        },
        async () => {
          if (peersOnly && what !== 'total') return;
          const runs = peersOnly ? Math.ceil(repeat / 5) : repeat;
          const timed = await peer.ask<Timed>({ ...question, repeat: runs });
          if (!warming) known.peer.push(timed);
        },
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
const counts: Record<string, Record<string, number>> = {};
for (const { name, process: asked } of further) {
  const question = { ...filesOf(cases[0].name, cases[0], name), what: 'classes', repeat: 1 };
  counts[name] = (await asked.ask<{ classes: Record<string, number> }>(question)).classes;
  asked.end();
}
ours.end();
peer.end();
earlier.end();

/** By program and case, medians of three processes each. */
const cold: Record<string, Record<string, ColdCalls>> = {};
const programs = [
  { name: 'nacre', start: startOurs },
  { name: 'before', start: startBefore },
  { name: 'PyRadiomics', start: () => worker(python, [join(here, 'peer.py')]) },
  ...further,
];
for (const one of cases) {
  const runs: Record<string, ColdCalls[]> = {};
  for (let n = 0; n < coldProcesses; n++) {
    for (const { name, start } of programs) {
      const calls = await coldCalls(start, filesOf(one.name, one, name));
      runs[name] = [...(runs[name] ?? []), calls];
    }
  }
  for (const [name, calls] of Object.entries(runs)) {
    const middleOf = (pick: (one: ColdCalls) => number) => median(calls.map(pick));
    cold[name] = {
      ...cold[name],
      [one.name]: { first: middleOf(({ first }) => first), ten: middleOf(({ ten }) => ten) },
    };
  }
}
copies.remove();

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
for (let round = 0; !peersOnly && round < rounds && elapsed() - batchBegun < 2 * budget; round++) {
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
const machine = `${cpus().length} × ${cpus()[0].model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`;
const measurements: Measured = {
  passes: passes - 1,
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
  machine: `${machine}; ${named.join(', ')}`,
  loadBefore,
  seconds: elapsed(),
};
const furtherText = furtherReport({
  passes: passes - 1,
  machine,
  loads: [loadBefore, loadavg()],
  cases: cases.map(({ name }) => name),
  classes: defaultClasses,
  peers: further.map(({ name, title }) => ({ name, title })),
  counts,
  cold,
  timed: (program, name, what) => {
    if (program === 'nacre' && what !== 'merged') return times[name][what].ours;
    if (program === 'PyRadiomics') return times[name][what].peer;
    const runs = others.get(`${program} ${name} ${what}`);
    return runs === undefined ? undefined : middle(runs);
  },
});
const notes = (name: string) => readFileSync(join(here, name), 'utf8');
writeFileSync(join(here, '../radiomics-peers.md'), `${furtherText}\n${notes('notes-peers.md')}`);
if (!peersOnly) {
  writeFileSync(join(here, '../radiomics.md'), `${report(measurements)}\n${notes('notes.md')}`);
}

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

function middleRun(runs: readonly BatchRun[]): BatchRun {
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    cpu: median(runs.map(({ cpu }) => cpu)),
  };
}
