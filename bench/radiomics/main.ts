import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { defaultClasses } from '../../src/radiomics/feature-classes.ts';
import { sharedFolder } from '../../src/runtime/shared-data.ts';
import { peerPython, peerVersions } from '../peers/peer-environment.ts';

const here = fileURLToPath(new URL('./', import.meta.url));
/** No new pass begins after this many seconds. */
const budget = 70;
const mostPasses = 9;
const measured = [...defaultClasses, 'total'];

/** A process that answers a line of JSON with a line of JSON, on one thread. */
function worker(command: string, args: readonly string[]) {
  const one = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  const child = spawn(command, args, {
    env: { ...process.env, ...one },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask<T>(question: object): Promise<T> {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error(`${command} ended without an answer`);
      return JSON.parse(value) as T;
    },
    end: () => child.stdin.end(),
  };
}

const shared = sharedFolder();
if (shared === undefined) throw new Error('bench radiomics needs ../shared (or NACRE_SHARED)');
const reference = join(shared, 'reference');
const cases = [
  ...['breast1', 'brain1'].map((name) => ({
    name,
    image: join(reference, 'pyradiomics', `${name}_image.nrrd`),
    mask: join(reference, 'pyradiomics', `${name}_label.nrrd`),
  })),
  {
    name: 'CT phantom',
    image: join(reference, 'ibsi/ct-phantom/image.nii.gz'),
    mask: join(reference, 'ibsi/ct-phantom/mask.nii.gz'),
  },
];
const python = peerPython('pyradiomics');
const peer = worker(python, [join(here, 'peer.py')]);
const ours = worker(process.execPath, ['--import', 'tsx', join(here, 'ours.ts')]);
const loadBefore = loadavg();
const best = new Map<string, { ours: number; peer: number }>();
const begun = performance.now();
let passes = 0;
while (passes < mostPasses && performance.now() - begun < budget * 1000) {
  for (const { name, image, mask } of cases) {
    for (const one of measured) {
      const question = { image, mask, class: one };
      const theirs = await peer.ask<{ ms: number }>(question);
      const mine = await ours.ask<{ ms: number }>(question);
      const known = best.get(`${name} ${one}`) ?? { ours: Infinity, peer: Infinity };
      best.set(`${name} ${one}`, {
        ours: Math.min(known.ours, mine.ms),
        peer: Math.min(known.peer, theirs.ms),
      });
    }
  }
  passes++;
}
const peaks = {
  ours: (await ours.ask<{ mb: number }>({ class: 'peak' })).mb,
  peer: (await peer.ask<{ mb: number }>({ class: 'peak' })).mb,
};
ours.end();
peer.end();

const rows = measured.map((one) => {
  const cells = cases.map(({ name }) => {
    const { ours: a = Number.NaN, peer: b = Number.NaN } = best.get(`${name} ${one}`) ?? {};
    return `${b.toFixed(2)} / ${a.toFixed(2)} / **${(b / a).toFixed(1)}**`;
  });
  return `| ${one} | ${cells.join(' | ')} |`;
});
const versions = peerVersions(python, ['pyradiomics', 'numpy', 'SimpleITK']);
const loads = (values: number[]) => values.map((value) => value.toFixed(1)).join(', ');
writeFileSync(
  join(here, '../radiomics.md'),
  `# Radiomics beside PyRadiomics (C extension), one thread

Milliseconds, best of ${passes} interleaved passes: PyRadiomics / nacre / **how many times faster nacre is**.
binWidth 25, original image. A class is timed with its own discretisation; total is the whole extractor on a scan in
memory, without diagnostics.

| | ${cases.map(({ name }) => name).join(' | ')} |
|---|${cases.map(() => '---|').join('')}
${rows.join('\n')}

Peak resident memory of a process over all of it (VmHWM): PyRadiomics ${peaks.peer.toFixed(0)} MB, nacre ${peaks.ours.toFixed(0)} MB
(its TypeScript loader included).

Machine: ${cpus().length} × ${cpus()[0].model}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version};
${Object.entries(versions)
  .map(([name, version]) => `${name} ${version}`)
  .join(', ')}.
Load average (1, 5, 15 minutes) before: ${loads(loadBefore)}; after: ${loads(loadavg())}. Above the number of cores,
other programs shared the machine and the times are longer than on a quiet one; memory of the machine was shared too.
`,
);
