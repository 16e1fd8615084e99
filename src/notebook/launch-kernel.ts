import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { nacreVersion } from '../runtime/version.ts';
import type { ConnectionInfo, FromSockets, SocketsSetup, ToSockets } from './kernel/channels.ts';
import { History } from './kernel/history.ts';
import { setKernelHook } from './kernel/kernel-hook.ts';
import { KernelServer } from './kernel/kernel-server.ts';
import { TslabInterpreter } from './kernel/tslab-interpreter.ts';
import { protocolVersion } from './kernel/wire.ts';

const home = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** Milliseconds between the first request and the loading of TypeScript: long enough for the answer to leave first. */
const pauseBeforeWarmUp = 20;

/** Loads tslab's own modules and its compiler. */
const tslabRequire = createRequire(
  createRequire(import.meta.url).resolve('tslab/dist/main.js'),
) as NodeJS.Require;

/**
 * Starts nacre's kernel: cells run on this thread by tslab's converter and executor, a thread of its own holds the
 * sockets, so that heartbeat, interrupt and shutdown are answered and output is sent while a cell computes.
 *
 * @param connectionFile as Jupyter writes it
 */
export function launchKernel(connectionFile: string): void {
  foldersOfCheckout();
  const connection = JSON.parse(readFileSync(connectionFile, 'utf8')) as ConnectionInfo;
  const session = randomUUID();
  const folder = process.cwd();
  let loaded: TslabInterpreter | undefined;
  const interpreter = () => {
    if (loaded !== undefined) return loaded;
    loaded = new TslabInterpreter(home, folder, (compiles) => {
      Atomics.store(new Int32Array(compiling), 0, compiles ? 1 : 0);
    });
    showByTslab(server);
    return loaded;
  };
  const kernelInfo = kernelInfoOf(tslabRequire('@tslab/typescript-for-tslab/package.json').version);
  const closed = new SharedArrayBuffer(4);
  const compiling = new SharedArrayBuffer(4);
  const signalled = new SharedArrayBuffer(4);
  const setup: SocketsSetup = {
    connection,
    session,
    kernelInfo,
    closed,
    compiling,
    signalled,
  };
  const thread = new Worker(new URL('./kernel/sockets-thread.js', import.meta.url), {
    workerData: setup,
  });
  const tell = (message: ToSockets) => thread.postMessage(message);
  const settled: (() => void)[] = [];
  const { shell_port, iopub_port, stdin_port, hb_port, control_port } = connection;
  const server = new KernelServer({
    session,
    interpreter,
    history: new History(historyFolder()),
    kernelInfo,
    ports: { shell_port, iopub_port, stdin_port, hb_port, control_port },
    send: (channel, message) => tell({ kind: 'send', channel, message }),
    settle: () =>
      new Promise((resolve) => {
        settled.push(resolve);
        tell({ kind: 'settle' });
      }),
  });
  setKernelHook(server.hook);
  // The front end gets its first answer before TypeScript is loaded, and the first cell does not wait for all of it.
  let cold = true;
  const warmUp = () => {
    if (cold) setTimeout(interpreter, pauseBeforeWarmUp);
    cold = false;
  };
  thread.on('message', (message: FromSockets) => {
    if (message.kind === 'request' && message.channel !== 'stdin') {
      server.receive(message.channel, message.message);
      warmUp();
    } else if (message.kind === 'interrupt') {
      // The signal alone does not do: the script engine swallows one that comes while it starts a cell.
      server.interrupt(message.number);
      tell({ kind: 'awake', number: message.number });
    } else if (message.kind === 'settled') settled.shift()?.();
    else if (message.kind === 'terminated') {
      server.terminated(message.number);
      tell({ kind: 'awake', number: message.number });
    } else if (message.kind === 'shutdown') process.exit(0);
    else if (message.kind === 'ready') server.captureStreams();
    else if (message.kind === 'unbound') fail(message.reason);
  });
  const fail = (reason: string) => {
    process.stderr.write(`nacre kernel: ${reason}\n`);
    process.exit(1);
  };
  thread.on('error', (error) => fail(`${error.stack ?? error}`));
  process.on('exit', () => {
    tell({ kind: 'close' });
    Atomics.wait(new Int32Array(closed), 0, 0, 1500);
  });
  let lastSignal = 0;
  process.on('SIGINT', () => {
    // The socket thread's own signal may come when the next cell has begun. One from outside has no number.
    const number = Atomics.load(new Int32Array(signalled), 0);
    server.interrupt(number > lastSignal ? number : undefined);
    lastSignal = number;
  });
  process.on('uncaughtException', (reason) => server.stray(reason));
  process.on('unhandledRejection', (reason) => server.stray(reason));
}

function kernelInfoOf(typescript: string): Record<string, unknown> {
  return {
    status: 'ok',
    protocol_version: protocolVersion,
    implementation: 'nacre',
    implementation_version: nacreVersion(),
    banner: `nacre ${nacreVersion()}: TypeScript ${typescript} on Node ${process.version}`,
    language_info: {
      name: 'typescript',
      version: typescript,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      nbconvert_exporter: 'script',
      // JupyterLab reads `mode`, the older notebook `name` and `typescript`.
      codemirror_mode: { name: 'javascript', mode: 'typescript', typescript: true },
    },
    help_links: [
      { text: 'TypeScript handbook', url: 'https://www.typescriptlang.org/docs/handbook/' },
      { text: 'Node.js', url: 'https://nodejs.org/docs/latest/api/' },
    ],
    debugger: false,
    supported_features: [],
  };
}

/** Cells may also use tslab's own `display`: it looks for its writer here. */
function showByTslab(server: KernelServer): void {
  tslabRequire('./jupyter.js').lastWriteDisplayData = server.hook.display;
}

/** `NACRE_HISTORY` names another folder; `off` keeps the history in memory. */
function historyFolder(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = environment.NACRE_HISTORY;
  if (named === 'off') return undefined;
  if (named) return named;
  const state = environment.XDG_STATE_HOME || join(homedir(), '.local', 'state');
  return join(state, 'nacre', 'history');
}

/**
 * Commands keep data and cache below the folder they are run in, which is the checkout's; a notebook runs one folder
 * further down, and finds the same ones. Folders that the environment names are left as they are.
 */
function foldersOfCheckout(): void {
  if (!existsSync(join(home, 'src'))) return;
  process.env.NACRE_CACHE ||= join(home, '.cache', 'nacre');
  process.env.NACRE_DATA ||= join(home, 'data');
}
