import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout, packNacre } from '../../test/package/pack.ts';
import { installInto, megabytesOnDisk, npm, pnpm } from '../../test/package/project.ts';

/** `npm run bench -- package`: sizes of the package and its install, and how long each room takes to start. */
const rooms = Object.keys(
  (
    JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
      exports: Record<string, unknown>;
    }
  ).exports,
).filter((path) => path !== './package.json');
const starts = 11;

const folder = mkdtempSync(join(tmpdir(), 'nacre-bench-package-'));
try {
  const tarball = packNacre(folder);
  const installs = [npm, pnpm].map((manager) => {
    const project = join(folder, manager.name);
    const seconds = timed(() => installInto(project, manager, tarball)) / 1000;
    const modules = join(project, 'node_modules');
    return { manager, seconds, megabytes: megabytesOnDisk(modules), packages: packagesIn(modules) };
  });
  const project = join(folder, 'npm');
  const empty = startsOf(project, '');
  const load = loadavg()[0];
  const times = rooms.map((room) => {
    const name = room.replace(/^\./, 'nacre');
    return { name, ...startsOf(project, `await import('${name}');`) };
  });
  const nacre = join(project, 'node_modules', 'nacre');
  const text = `# The package: sizes and start times

\`npm run bench -- package\`, ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}, load ${load.toFixed(1)} during the
starts: a load above the number of cores makes every start slower.

| | |
|---|---|
| tarball | ${(statSync(tarball).size / 2 ** 20).toFixed(1)} MB |
| unpacked | ${megabytesOnDisk(nacre).toFixed(1)} MB on disk, of it \`dist\` ${megabytesOnDisk(join(nacre, 'dist')).toFixed(1)}, notebooks ${megabytesOnDisk(join(nacre, 'notebooks')).toFixed(1)} |
${installs.map(({ manager, seconds, megabytes, packages }) => `| installed by ${manager.name}, without optional packages | ${megabytes.toFixed(0)} MB on disk${manager === npm ? `, ${packages} packages` : ''}, ${seconds.toFixed(0)} s |`).join('\n')}

Start: a process of \`node\` that imports the room and ends, ${starts} times; wall-clock time, and processor time of all its threads, which other
programs disturb less. No room loads native code (\`npm run pack:check\`).

| import | wall clock: median, ms | least, ms | processor: median, ms | beyond an empty process, ms |
|---|---:|---:|---:|---:|
${[{ name: 'nothing', ...empty }, ...times].map(({ name, median: middle, least, processor }) => `| \`${name}\` | ${middle.toFixed(0)} | ${least.toFixed(0)} | ${processor.toFixed(0)} | ${(processor - empty.processor).toFixed(0)} |`).join('\n')}
`;
  writeFileSync(join(checkout, 'bench', 'package.md'), text);
  process.stdout.write(text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function timed(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

interface Starts {
  /** Wall-clock time, ms. */
  median: number;
  least: number;
  /** Processor time, ms: the median. */
  processor: number;
}

function startsOf(project: string, code: string): Starts {
  const measured = `${code} const { user, system } = process.cpuUsage(); console.log((user + system) / 1000);`;
  const walls: number[] = [];
  const processors: number[] = [];
  for (let i = 0; i < starts; i++) {
    const begun = performance.now();
    const text = execFileSync(process.execPath, ['--input-type=module', '--eval', measured], {
      cwd: project,
      encoding: 'utf8',
    });
    walls.push(performance.now() - begun);
    processors.push(Number(text));
  }
  return { median: median(walls), least: Math.min(...walls), processor: median(processors) };
}

/** Folders below a node_modules that are packages. */
function packagesIn(modules: string): number {
  return readdirSync(modules, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /(^|\/node_modules\/)(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(path),
  ).length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}
