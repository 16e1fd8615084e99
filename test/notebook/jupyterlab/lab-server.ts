import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * Where JupyterLab is: `NACRE_JUPYTERLAB` (its executable), else the virtual environment of the peers
 * (`bench/peers/peer-environment.ts` makes it), else PATH; undefined where none.
 */
export function findJupyterLab(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment.NACRE_JUPYTERLAB;
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  return besidePeers('jupyter-lab', environment);
}

/** Where Jupyter Notebook 7 is: as `findJupyterLab`; where `NACRE_JUPYTERLAB` names an environment, in it. */
export function findNotebook(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment.NACRE_JUPYTERLAB;
  if (named !== undefined && named !== '') {
    const beside = join(dirname(named), 'jupyter-notebook');
    return existsSync(beside) ? beside : undefined;
  }
  return besidePeers('jupyter-notebook', environment);
}

function besidePeers(command: string, environment: NodeJS.ProcessEnv): string | undefined {
  const venvs = environment.NACRE_PEERS_VENVS;
  const places = [
    ...(venvs ? [join(venvs, 'jupyterlab', 'bin')] : []),
    join(home, 'bench', 'peers', '.venv-jupyterlab', 'bin'),
    ...(environment.PATH ?? '').split(delimiter),
  ];
  return places.map((folder) => join(folder, command)).find((path) => existsSync(path));
}

const missing = (what: string) =>
  `no ${what} found: install bench/peers/requirements-jupyterlab.txt into a virtual environment and name its jupyter-lab in NACRE_JUPYTERLAB`;
export const jupyterLabMissing = missing('JupyterLab');
export const notebookMissing = missing('Jupyter Notebook 7');

export interface LabServer {
  /** Address of a notebook, with the token, in a window that holds nothing else. */
  address(notebook: string): string;
  stop(): Promise<void>;
}

/**
 * Starts JupyterLab or Notebook 7 on loopback with a token, with settings, kernels and caches in a folder of its own, so that neither
 * the user's settings nor their kernels change or matter. The kernel is put there by `nacre kernel install`.
 *
 * @param executable `jupyter-lab` or `jupyter-notebook`
 * @param root folder of the file browser
 */
export async function startLab(executable: string, root: string): Promise<LabServer> {
  const notebookSeven = basename(executable) === 'jupyter-notebook';
  const own = mkdtempSync(join(tmpdir(), 'nacre-lab-'));
  const command = ['--import', 'tsx', join(home, 'src', 'cli', 'main.ts')];
  execFileSync(process.execPath, [...command, 'kernel', 'install', '--prefix', own], { cwd: home });
  writeSettings(join(own, 'settings'));
  const port = await freePort();
  const token = createHash('sha256').update(own).digest('hex');
  const child = spawn(
    executable,
    [
      '--no-browser',
      '--allow-root',
      '--ServerApp.ip=127.0.0.1',
      `--ServerApp.port=${port}`,
      '--ServerApp.port_retries=0',
      `--IdentityProvider.token=${token}`,
      `--ServerApp.root_dir=${root}`,
      `--${notebookSeven ? 'JupyterNotebookApp' : 'LabApp'}.expose_app_in_browser=True`,
      '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate',
    ],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        JUPYTER_PATH: join(own, 'share', 'jupyter'),
        JUPYTER_CONFIG_DIR: join(own, 'config'),
        JUPYTER_DATA_DIR: join(own, 'data'),
        JUPYTER_RUNTIME_DIR: join(own, 'runtime'),
        JUPYTERLAB_SETTINGS_DIR: join(own, 'settings'),
        JUPYTERLAB_WORKSPACES_DIR: join(own, 'workspaces'),
        IPYTHONDIR: join(own, 'ipython'),
      },
    },
  );
  let log = '';
  child.stderr?.on('data', (chunk) => {
    log = (log + chunk).slice(-8000);
  });
  const base = `http://127.0.0.1:${port}`;
  await untilUp(`${base}/api/status?token=${token}`, child, () => log);
  return {
    // Reset: else the notebooks opened before come back, each with its kernel.
    address: (notebook) => {
      const place = notebookSeven ? 'notebooks' : 'lab/tree';
      return `${base}/${place}/${encodeURI(notebook)}?token=${token}&reset`;
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      // The server shuts its kernels down, then itself.
      await fetch(`${base}/api/shutdown?token=${token}`, { method: 'POST' }).catch(() => {});
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(late);
      rmSync(own, { recursive: true, force: true });
    },
  };
}

/** No news from the network, no cell left undrawn outside the window, saving by hand only. */
function writeSettings(folder: string): void {
  const settings = {
    'apputils-extension/notification': { fetchNews: 'false', checkForUpdates: false },
    'notebook-extension/tracker': { windowingMode: 'none' },
    'docmanager-extension/plugin': { autosave: false },
  };
  for (const [plugin, values] of Object.entries(settings)) {
    const file = join(folder, '@jupyterlab', `${plugin}.jupyterlab-settings`);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, JSON.stringify(values));
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function untilUp(address: string, child: ChildProcess, log: () => string): Promise<void> {
  for (let wait = 0; wait < 600; wait++) {
    if (child.exitCode !== null) break;
    const up = await fetch(address).then(
      (response) => response.ok,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill('SIGKILL');
  throw new Error(`JupyterLab does not start:\n${log()}`);
}
