import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readVolume } from '../../src/machine/read-volume.ts';
import { writeNifti } from '../../src/machine/write-nifti.ts';
import { NacreError } from '../../src/runtime/errors.ts';
import { writeWhole } from '../../src/runtime/write-whole.ts';
import { sharedFolder } from '../../test/shared-folder.ts';
import { peerPython, peerVersions } from '../peers/peer-environment.ts';
import { series, writeSeries } from './make-series.ts';

/**
 * Reading DICOM beside SimpleITK, pydicom with numpy, and dcm2niix: seconds and memory on two series made by code, and the
 * voxels that each gets wrong on the irregular series of `../shared/datasets/dicom`. Writes bench/dicom.md.
 */
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const repeats = 6;

interface Measured {
  tool: string;
  /** Wall clock of a process that reads once. */
  cold: number;
  /** Median wall clock and processor seconds of the later reads in one process. */
  warm: number;
  cpu: number;
  megabytes: number;
}

const build = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', 'dist'];
execFileSync(process.execPath, build, { cwd: here('../../'), stdio: 'inherit' });
const python = peerPython('dicom');
const folder = process.env.NACRE_BENCH_FOLDER ?? join(tmpdir(), 'nacre-bench-dicom');
mkdirSync(folder, { recursive: true });
const loadBefore = loadavg()[0];
const parts = series.map((one) => {
  const path = writeSeries(folder, one);
  return {
    made: one,
    rows: ['nacre', 'simpleitk', 'pydicom', 'dcm2niix'].map((t) => measured(t, path)),
  };
});
const wrong = await irregular();
writeWhole(here('../dicom.md'), page());

function measured(tool: string, path: string): Measured {
  const run = (times: number): { seconds: number[]; cpus: number[]; megabytes: number } => {
    const command =
      tool === 'nacre'
        ? [process.execPath, here('ours.mjs'), path, String(times)]
        : [python, here('../peers/read_dicom.py'), tool, path, String(times)];
    return JSON.parse(execFileSync(command[0], command.slice(1), { encoding: 'utf8' }));
  };
  run(1);
  const began = performance.now();
  const once = run(1);
  const cold = (performance.now() - began) / 1000;
  const many = run(repeats);
  const { seconds, cpus: processor } = many;
  return {
    tool,
    cold,
    warm: median(seconds.slice(1)),
    cpu: median(processor.slice(1)),
    megabytes: once.megabytes,
  };
}

type Wrong = Record<string, number | string>;

async function irregular(): Promise<Wrong[]> {
  const shared = sharedFolder();
  if (shared === undefined) return [];
  const root = join(shared, 'datasets', 'dicom', 'irregular');
  const folder = mkdtempSync(join(tmpdir(), 'nacre-irregular-'));
  try {
    for (const name of readdirSync(root)) {
      mkdirSync(join(folder, name));
      const phases = name === 'dce' ? ['#phase=1', '#phase=2'] : [''];
      for (const [i, phase] of phases.entries()) {
        try {
          writeNifti(join(folder, name, `${i}.nii`), await readVolume(join(root, name) + phase));
        } catch (error) {
          if (!(error instanceof NacreError)) throw error;
        }
      }
    }
    const script = here('../peers/irregular_dicom.py');
    return JSON.parse(execFileSync(python, [script, root, folder], { encoding: 'utf8' }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function page(): string {
  const versions = peerVersions(python, ['SimpleITK', 'pydicom', 'numpy', 'dcm2niix']);
  const names: Readonly<Record<string, string>> = {
    nacre: 'nacre',
    simpleitk: `SimpleITK ${versions.SimpleITK}`,
    pydicom: `pydicom ${versions.pydicom} + numpy ${versions.numpy}`,
    dcm2niix: `dcm2niix ${versions.dcm2niix}`,
  };
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const tables = parts.map(({ made: one, rows }) => {
    const itk = rows.find(({ tool }) => tool === 'simpleitk') as Measured;
    return `## ${one.modality}, ${one.phases > 1 ? `${one.phases} × ` : ''}${one.positions} slices of ${one.edge} × ${one.edge}

${line(['', 'cold, s', 'warm, s', 'processor, s', 'peak, MB', 'warm, SimpleITK = 1', 'processor, SimpleITK = 1'])}
|---|---:|---:|---:|---:|---:|---:|
${rows
  .map(({ tool, cold, warm, cpu, megabytes }) =>
    line([
      names[tool],
      ...[cold, warm, cpu].map((x) => x.toFixed(2)),
      megabytes.toFixed(0),
      (warm / itk.warm).toFixed(2),
      (cpu / itk.cpu).toFixed(2),
    ]),
  )
  .join('\n')}`;
  });
  const libraries = ['nacre', 'SimpleITK', 'pydicom + numpy', 'dcm2niix'];
  const cell = (row: Wrong, library: string) => {
    const count = row[library];
    const volumes = (row[`${library} volumes`] ?? []) as unknown as number[][];
    return typeof count === 'number'
      ? `${count.toLocaleString('en')} (${volumes.length} of ${volumes[0].join('×')})`
      : count;
  };
  return `# Reading DICOM beside its peers

${tables.join('\n\n')}

Cold: a process that reads the series once, start of node or Python included (files are in the page cache). Warm: median of ${repeats - 1} more
reads in one process; processor: user and system seconds of the same reads, which another load on the machine changes less. Peak: resident
memory of the process that read once. Series made by code (\`bench/dicom/make-series.ts\`): explicit little endian, 12 of 16 bits, a file for each
slice, file names and instance numbers in no order. nacre and pydicom give one volume for each phase; SimpleITK reads the 4 × 120 slices as one
stack of 480, and dcm2niix writes NIfTI, which the others do not.

## Voxels that each gets wrong on irregular series

${line(['series', 'voxels', ...libraries])}
|---|---:|---:|---:|---:|---:|
${wrong.map((row) => line([row.series, (row.voxels as number).toLocaleString('en'), ...libraries.map((library) => cell(row, library))])).join('\n')}

A voxel is right where a volume has its value within a quarter of a voxel of its position, as the files give both; in brackets the volumes that
were made. \`missing\` (a slice taken out) and \`tilt\` (slices at 15° to their stack) must be refused, or resampled on request; a resampled volume has
other values by intent and counts as wrong here. pydicom + numpy: sorted by z, distance of the first two slices, phases by temporal position
(\`bench/peers/irregular_dicom.py\`).

Written by \`npm run bench -- dicom\` on ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}; load of the machine ${loadBefore.toFixed(1)} before and ${loadavg()[0].toFixed(1)} after.
`;
}
