import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../runtime/write-whole.ts';

const home = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** Name of the kernel in notebook files and in Jupyter's folders. */
export const kernelName = 'nacre';

/**
 * Run by Jupyter and by the runner: in a checkout it compiles `src` first where `dist` is older, so that no build step
 * needs to be remembered; then it starts the kernel of this very copy of nacre.
 */
const launcher = `// Starts the nacre kernel. Written by \`nacre kernel install\`; safe to delete.
const { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const home = HOME;
const stamp = join(home, 'dist', '.built');
const compiler = join(home, 'node_modules', 'typescript', 'bin', 'tsc');
const newest = (path) => {
  const entry = statSync(path);
  if (!entry.isDirectory()) return entry.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
};
const age = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const sources = join(home, 'src');
// The stamp holds the start time of a build, so files edited during the build count as newer.
const stale = () =>
  newest(sources) > (age(stamp) || age(join(home, 'dist', '.tsbuildinfo'))) || !existsSync(join(home, 'dist', 'index.js'));
const build = () => {
  const started = new Date();
  const result = spawnSync(process.execPath, [compiler, '-p', join(home, 'tsconfig.build.json')], { encoding: 'utf8' });
  if (result.status !== 0) process.stderr.write('nacre: the build reports errors:\\n' + result.stdout);
  writeFileSync(stamp, '');
  utimesSync(stamp, started, started);
};
// Kernels that start together build once: the one that makes the folder builds, the others wait for it to go.
const lock = join(home, 'dist', '.building');
const wait = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
const abandoned = () => {
  const since = age(lock);
  if (since === 0 || Date.now() - since < 1000) return false;
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code !== 'EPERM';
  }
};
const buildOnce = () => {
  mkdirSync(join(home, 'dist'), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      // A builder that was killed leaves its folder behind.
      if (abandoned()) rmSync(lock, { recursive: true, force: true });
      else wait(200);
      continue;
    }
    try {
      writeFileSync(join(lock, 'pid'), String(process.pid));
      if (stale()) build();
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
    return;
  }
};
if (existsSync(sources) && existsSync(compiler) && (stale() || existsSync(lock))) buildOnce();
import(pathToFileURL(join(home, 'dist', 'notebook', 'launch-kernel.js')).href).then((kernel) => kernel.launchKernel(process.argv[2]));
`;

/**
 * Writes nacre's kernelspec (`kernel.json` and its launcher) into a folder of its own below `kernels`.
 *
 * @param kernels folder that holds kernelspecs, such as `~/.local/share/jupyter/kernels`
 * @returns the kernelspec's folder
 */
export function writeKernelspec(kernels: string): string {
  const folder = join(kernels, kernelName);
  mkdirSync(folder, { recursive: true });
  writeWhole(
    join(folder, 'launch.cjs'),
    launcher.replace('HOME', () => JSON.stringify(home)),
  );
  writeWhole(
    join(folder, 'kernel.json'),
    `${JSON.stringify(
      {
        argv: kernelCommand('{resource_dir}/launch.cjs', '{connection_file}'),
        display_name: 'TypeScript (nacre)',
        language: 'typescript',
        // A signal is understood too, but does not end a loop behind an `await`; see sockets-thread.
        interrupt_mode: 'message',
      },
      null,
      2,
    )}\n`,
  );
  return folder;
}

/** The command that starts the kernel. Node itself by its full path: Jupyter may be started where no `node` is on PATH. */
export function kernelCommand(launchFile: string, connectionFile: string): string[] {
  return [
    process.execPath,
    '--enable-source-maps',
    '--disable-warning=ExperimentalWarning',
    launchFile,
    connectionFile,
  ];
}

export interface KernelPlace {
  /** Below this prefix: `PREFIX/share/jupyter/kernels` (a virtual environment, /usr/local). */
  prefix?: string | undefined;
  /** Exactly this folder of kernelspecs. */
  dir?: string | undefined;
}

/** Where Jupyter looks for kernelspecs: the user's folder by default (`jupyter --paths` lists all). */
export function kernelsFolder(
  place: KernelPlace = {},
  environment: NodeJS.ProcessEnv = process.env,
): string {
  if (place.dir !== undefined) return place.dir;
  if (place.prefix !== undefined) return join(place.prefix, 'share', 'jupyter', 'kernels');
  if (environment.JUPYTER_DATA_DIR) return join(environment.JUPYTER_DATA_DIR, 'kernels');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter', 'kernels');
  if (process.platform === 'win32' && environment.APPDATA) {
    return join(environment.APPDATA, 'jupyter', 'kernels');
  }
  const data = environment.XDG_DATA_HOME ?? join(homedir(), '.local', 'share');
  return join(data, 'jupyter', 'kernels');
}
