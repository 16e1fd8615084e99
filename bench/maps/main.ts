import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { compiled } from '../../test/faults/subject.ts';
import { sharedFolder } from '../../test/shared-folder.ts';
import { earlierCommit, earlierNacre } from '../earlier.ts';
import { peerPython, peerVersions } from '../peers/peer-environment.ts';
import { oneThread } from '../radiomics/worker.ts';
import type { MapTimes } from './map-times.ts';

/**
 * Voxel-wise maps of two regions, class by class: this nacre, an earlier one and PyRadiomics in turn, each on one thread in a process
 * of its own. Writes bench/maps.md. That the maps are PyRadiomics' at every voxel is `npm run parity -- voxel`.
 */
const rounds = 2;
const shared = sharedFolder();
if (shared === undefined) throw new Error('bench maps needs ../shared (or NACRE_SHARED)');
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const example = 'exampleVoxel.yaml: GLCM joint entropy, 5 × 5';
/** Classes whose kernels PyRadiomics measures too; all their features. */
const classes = ['firstorder', 'glcm', 'gldm', 'glrlm', 'glszm', 'ngtdm'];
const patients = ['brain1', 'breast1'];
const programs = ['now', 'earlier', 'PyRadiomics'] as const;
type Program = (typeof programs)[number];

const python = peerPython('pyradiomics');
const folder = mkdtempSync(join(tmpdir(), 'nacre-bench-maps-'));
const loadBefore = loadavg()[0];
try {
  const modules: Record<Exclude<Program, 'PyRadiomics'>, string> = {
    now: dirname(dirname(compiled(join(folder, 'nacre')).command.at(-1) as string)),
    earlier: join(earlierNacre(), 'dist'),
  };
  const cases: Record<string, string> = {
    [example]: here('../../test/fixtures/parameter-files/exampleVoxel.yaml'),
  };
  for (const name of classes) {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(
      file,
      `imageType:\n  Original: {}\nfeatureClass:\n  ${name}: []\nsetting:\n  binWidth: 25\nvoxelSetting:\n  kernelRadius: 1\n  initValue: nan\n`,
    );
    cases[`${name}, 3 × 3 × 3`] = file;
  }
  const measured = new Map<string, MapTimes[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, parameters] of Object.entries(cases)) {
      for (const program of round % 2 === 0 ? programs : [...programs].reverse()) {
        const runs = measured.get(`${program} ${name}`) ?? [];
        measured.set(`${program} ${name}`, runs);
        runs.push(mapTimes(program, parameters));
        const { seconds } = runs.at(-1) as MapTimes;
        const each = patients.map(
          (patient) => `${patient} ${(1000 * seconds[patient]).toFixed(1)}`,
        );
        process.stderr.write(`${name}, ${program}: ${each.join(', ')} ms\n`);
      }
    }
  }
  writeWhole(here('../maps.md'), page(Object.keys(cases), measured));

  function mapTimes(program: Program, parameters: string): MapTimes {
    const maps = join(folder, 'maps');
    mkdirSync(maps, { recursive: true });
    const words =
      program === 'PyRadiomics'
        ? [python, here('../peers/voxel_maps_reference.py'), 'live', parameters, maps]
        : [
            process.execPath,
            '--import',
            'tsx',
            here('./nacre-maps.ts'),
            modules[program],
            parameters,
          ];
    const out = execFileSync(words[0], words.slice(1), {
      encoding: 'utf8',
      env: { ...process.env, ...oneThread, NACRE_SHARED: shared },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return JSON.parse(out) as MapTimes;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function page(cases: readonly string[], measured: ReadonlyMap<string, readonly MapTimes[]>) {
  const runs = (program: Program, name: string) =>
    measured.get(`${program} ${name}`) as readonly MapTimes[];
  const least = (program: Program, name: string, patient: string, which: 'seconds' | 'first') =>
    1000 * Math.min(...runs(program, name).map((times) => times[which][patient]));
  const ms = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(0));
  const times = (ratio: number) => `**${ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0)}**`;
  const [{ voxels }] = runs('now', cases[0]);
  const rows = cases.flatMap((name) =>
    patients.map((patient) => {
      const [now, earlier, peer] = programs.map((one) => least(one, name, patient, 'seconds'));
      const [first, firstPeer] = (['now', 'PyRadiomics'] as const).map((one) =>
        least(one, name, patient, 'first'),
      );
      const cells = [
        name,
        patient,
        runs('now', name)[0].maps,
        ms(now),
        ms(earlier),
        times(earlier / now),
        ms(peer),
        times(peer / now),
        `${ms(first)} / ${ms(firstPeer)}`,
        times(firstPeer / first),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  );
  const peak = (program: Program) =>
    Math.max(...cases.flatMap((name) => runs(program, name).map((one) => one.peakBytes))) / 1e6;
  const peaks = programs.map((program) => `${program} ${peak(program).toFixed(0)}`);
  const versions = Object.entries(peerVersions(python, ['pyradiomics', 'SimpleITK', 'numpy']));
  return `# Voxel-wise maps beside PyRadiomics

Milliseconds of one worker for all maps of a region: a cube around each voxel of it is measured by itself. *Best*: CPU time, the least of 15
and more passes (PyRadiomics: of 3) in each of ${rounds} processes; *first*: the first pass of a process on the clock, in which V8 still compiles, the lesser of ${rounds}. This nacre, that of commit
${earlierCommit} (*earlier*) and PyRadiomics took turns in one run. Regions: ${patients.map((patient) => `${patient} ${voxels[patient]} voxels`).join(', ')}. Grey levels of width 25.

| features, kernel | region | maps | nacre, best | earlier, best | times as fast as earlier | PyRadiomics, best | times as fast as PyRadiomics | first, nacre / PyRadiomics | times as fast, first |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|
${rows.join('\n')}

Largest peak memory of a process, MB: ${peaks.join(', ')}. Both nacres run the compiled modules; the loader of the bench's own TypeScript is in their memory.

Written by \`npm run bench -- maps\`. Machine: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}; ${versions.map((pair) => pair.join(' ')).join(', ')};
load average before ${loadBefore.toFixed(1)}, at the end ${loadavg()[0].toFixed(1)}.
`;
}
