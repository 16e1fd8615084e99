import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dealer, Subscriber } from 'zeromq';
import { NacreError } from '../runtime/errors.ts';
import { optionalPackage } from '../runtime/optional-package.ts';
import { requirePackages } from '../runtime/require-packages.ts';
import { freePorts } from './free-ports.ts';
import { type JupyterMessage, newHeader, Wire, written } from './kernel/wire.ts';
import { kernelCommand, writeKernelspec } from './kernelspec.ts';

/** Called for each message that a kernel publishes while a cell runs, in order. */
export type OnMessage = (message: JupyterMessage) => void;

/** Longest time from starting a kernel to its first answer, seconds. */
const startSeconds = 240;

/** A running nacre kernel, driven without Jupyter or Python. */
export interface KernelClient {
  /**
   * Runs code and hands over all it publishes. Resolves with the content of the reply.
   * @throws NacreError `cell-timeout` (the kernel is then killed), `kernel-died`
   */
  execute(code: string, onMessage: OnMessage, timeoutSeconds: number): Promise<{ status: string }>;
  close(): Promise<void>;
}

/** Starts of a kernel before a port that another program took is given up on. */
const starts = 5;

/**
 * Starts a kernel whose working directory is `folder`.
 *
 * @throws NacreError `kernel-died`, `kernel-silent`; `package-missing` where tslab or zeromq is not installed
 */
export async function startKernelClient(folder: string): Promise<KernelClient> {
  requirePackages('tslab', 'zeromq');
  for (let left = starts - 1; ; left--) {
    try {
      return await startOnPorts(folder, await freePorts(5));
    } catch (error) {
      // The ports were free when asked for; until the kernel binds them, any program of this machine can take one.
      if (left === 0 || !isPortTaken(error)) throw error;
    }
  }
}

function isPortTaken(error: unknown): boolean {
  return (
    error instanceof NacreError &&
    error.code === 'kernel-died' &&
    error.message.includes('Address already in use')
  );
}

async function startOnPorts(folder: string, ports: readonly number[]): Promise<KernelClient> {
  const zeromq = await optionalPackage('zeromq', () => import('zeromq'));
  const place = mkdtempSync(join(tmpdir(), 'nacre-kernel-'));
  const [shell, iopub, control, stdin, hb] = ports;
  const key = randomUUID();
  const connection = {
    transport: 'tcp',
    ip: '127.0.0.1',
    shell_port: shell,
    iopub_port: iopub,
    control_port: control,
    stdin_port: stdin,
    hb_port: hb,
    key,
    signature_scheme: 'hmac-sha256',
  };
  const connectionFile = join(place, 'connection.json');
  writeFileSync(connectionFile, JSON.stringify(connection), { mode: 0o600 });
  const launcher = join(writeKernelspec(place), 'launch.cjs');
  const [command, ...args] = kernelCommand(launcher, connectionFile);
  const kernel = spawn(command, args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    // Outputs are saved: pictures are wanted, and the user's history is not.
    env: {
      ...process.env,
      NACRE_PICTURES: process.env.NACRE_PICTURES ?? '1',
      NACRE_HISTORY: 'off',
    },
  });
  const sockets = {
    requests: new zeromq.Dealer({ linger: 0 }),
    published: new zeromq.Subscriber({ linger: 0, receiveHighWaterMark: 0 }),
  };
  const client = new Client(kernel, key, place, sockets);
  await client.connect(`tcp://127.0.0.1:${shell}`, `tcp://127.0.0.1:${iopub}`);
  return client;
}

interface Sockets {
  requests: Dealer;
  published: Subscriber;
}

class Client implements KernelClient {
  private readonly kernel: ChildProcess;
  private readonly wire: Wire;
  private readonly place: string;
  private readonly session = randomUUID();
  private readonly requests: Dealer;
  private readonly published: Subscriber;
  private readonly waiting = new Map<string, (message: JupyterMessage, reply: boolean) => void>();
  private readonly onDeath = new Set<(error: NacreError) => void>();
  private complaints = '';
  private death: NacreError | undefined;
  private closing = false;
  /** True once a published message has arrived, so the subscription works. */
  private heard = false;

  constructor(kernel: ChildProcess, key: string, place: string, sockets: Sockets) {
    this.requests = sockets.requests;
    this.published = sockets.published;
    this.kernel = kernel;
    this.wire = new Wire(key);
    this.place = place;
    kernel.stderr?.on('data', (chunk) => {
      this.complaints = (this.complaints + chunk).slice(-4000);
    });
    kernel.on('exit', (code, signal) => {
      if (this.closing) return;
      this.death = new NacreError('kernel-died', 'the kernel ended', {
        found: `${signal ?? `exit code ${code}`}${this.complaints === '' ? '' : `: ${this.complaints.trim()}`}`,
        todo: 'see what the last cell does to the process (memory, process.exit)',
      });
      for (const tell of this.onDeath) tell(this.death);
    });
  }

  async connect(shell: string, iopub: string): Promise<void> {
    this.requests.connect(shell);
    this.published.connect(iopub);
    this.published.subscribe();
    void this.listen(this.requests, true);
    void this.listen(this.published, false);
    // A subscription takes a moment to reach the publisher: ask until an answer's echo is published too.
    // A kernel of a changed checkout compiles it first, on a busy machine for minutes; one that dies is noticed at once.
    for (let tries = 0; tries < startSeconds; tries++) {
      try {
        await this.request('kernel_info_request', {}, 1000, () => {});
        await new Promise((resolve) => setTimeout(resolve, 20));
        if (this.heard) return;
      } catch (error) {
        if (this.death !== undefined) {
          await this.close();
          throw error;
        }
      }
    }
    await this.close();
    throw new NacreError('kernel-silent', 'the kernel does not answer', {
      found: this.complaints.trim() || 'nothing on its standard error',
      todo: 'run `npm ci` and `npm run build`, then try again',
    });
  }

  async execute(code: string, onMessage: OnMessage, timeoutSeconds: number) {
    const content = { code, silent: false, store_history: true, allow_stdin: false };
    return (await this.request('execute_request', content, 1000 * timeoutSeconds, onMessage)) as {
      status: string;
    };
  }

  async close(): Promise<void> {
    this.closing = true;
    const exited = new Promise((resolve) => {
      if (this.kernel.exitCode !== null || this.kernel.signalCode !== null) resolve(undefined);
      else this.kernel.once('exit', resolve);
    });
    this.kernel.kill('SIGTERM');
    const patience = setTimeout(() => this.kernel.kill('SIGKILL'), 3000);
    await exited;
    clearTimeout(patience);
    this.requests.close();
    this.published.close();
    rmSync(this.place, { recursive: true, force: true });
  }

  /** Sends a request; resolves when the reply and the idle status that ends its outputs have both come. */
  private request(type: string, content: object, limit: number, onMessage: OnMessage) {
    if (this.death !== undefined) return Promise.reject(this.death);
    const header = newHeader(type, this.session);
    const id = header.msg_id;
    const message = {
      identities: [],
      header,
      parent: {},
      metadata: {},
      content: { ...content },
      buffers: [],
    };
    const frames = this.wire.frames(written(message));
    return new Promise<Record<string, unknown>>((resolve, reject) => {
      let answer: Record<string, unknown> | undefined;
      let idle = type === 'kernel_info_request';
      const finish = (end: () => void) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        this.onDeath.delete(die);
        end();
      };
      const die = (error: NacreError) => finish(() => reject(error));
      const timer = setTimeout(() => {
        if (type === 'execute_request') this.kernel.kill('SIGKILL');
        die(
          new NacreError('cell-timeout', 'the cell did not end in time', {
            expected: `at most ${limit / 1000} s`,
            todo: 'give it more time (--timeout SECONDS) or make it shorter',
          }),
        );
      }, limit);
      this.onDeath.add(die);
      this.waiting.set(id, (message, reply) => {
        if (reply) answer = message.content;
        else if (message.header.msg_type !== 'status') onMessage(message);
        else if (message.content.execution_state === 'idle') idle = true;
        const content = answer;
        if (content !== undefined && idle) finish(() => resolve(content));
      });
      this.requests.send(frames).catch((cause) => finish(() => reject(cause)));
    });
  }

  private async listen(socket: Dealer | Subscriber, reply: boolean): Promise<void> {
    try {
      for await (const frames of socket) {
        const message = this.wire.read(frames);
        if (message === undefined) continue;
        if (!reply) this.heard = true;
        this.waiting.get(message.parent.msg_id ?? '')?.(message, reply);
      }
    } catch (error) {
      if (!this.closing) throw error;
    }
  }
}
