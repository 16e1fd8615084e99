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
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const home = HOME;
const load = (...path) => import(pathToFileURL(join(home, ...path)).href);
const start = async () => {
  // Only a checkout has it.
  if (existsSync(join(home, 'scripts', 'fresh-dist.mjs'))) {
    const { buildWhereStale } = await load('scripts', 'fresh-dist.mjs');
    const { errors } = buildWhereStale();
    if (errors !== '') process.stderr.write('nacre: the build reports errors:\\n' + errors);
  }
  const { launchKernel } = await load('dist', 'notebook', 'launch-kernel.js');
  launchKernel(process.argv[2]);
};
start();
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
