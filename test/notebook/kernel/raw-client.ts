import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dealer, Request, Subscriber } from 'zeromq';
import { freePorts } from '../../../src/notebook/free-ports.ts';
import type { ConnectionInfo } from '../../../src/notebook/kernel/channels.ts';
import {
  type JupyterMessage,
  newHeader,
  Wire,
  written,
} from '../../../src/notebook/kernel/wire.ts';
import { kernelCommand, writeKernelspec } from '../../../src/notebook/kernelspec.ts';
import { replySchemas } from './reply-schemas.ts';

type Channel = 'shell' | 'control';

/** A kernel with bare sockets: every message that it sends is checked against its schema. */
export class RawClient {
  readonly kernel: ChildProcess;
  readonly published: JupyterMessage[] = [];
  readonly replies: JupyterMessage[] = [];
  readonly #connection: ConnectionInfo;
  readonly #wire: Wire;
  readonly #sockets: { shell: Dealer; control: Dealer; iopub: Subscriber; heartbeat: Request };
  #listeners: (() => void)[] = [];

  private constructor(kernel: ChildProcess, connection: ConnectionInfo) {
    this.kernel = kernel;
    // Who waits for a message looks up: a kernel that has ended sends none.
    kernel.once('exit', () => {
      for (const wake of this.#listeners.splice(0)) wake();
    });
    this.#connection = connection;
    this.#wire = new Wire(connection.key);
    this.#sockets = {
      shell: new Dealer({ linger: 0 }),
      control: new Dealer({ linger: 0 }),
      iopub: new Subscriber({ linger: 0, receiveHighWaterMark: 0 }),
      heartbeat: new Request({ linger: 0 }),
    };
  }

  /** Starts a kernel; on other ports where another program took one since it was found free. */
  static async start(environment: NodeJS.ProcessEnv = {}): Promise<RawClient> {
    for (let tries = 5; ; tries--) {
      const client = await RawClient.#spawned(environment);
      try {
        await client.#connect();
        return client;
      } catch (error) {
        for (const socket of Object.values(client.#sockets)) socket.close();
        if (client.kernel.exitCode === null || tries === 1) throw error;
      }
    }
  }

  static async #spawned(environment: NodeJS.ProcessEnv): Promise<RawClient> {
    const folder = mkdtempSync(join(tmpdir(), 'nacre-raw-kernel-'));
    const [shell_port, iopub_port, control_port, stdin_port, hb_port] = await freePorts(5);
    const connection: ConnectionInfo = {
      transport: 'tcp',
      ip: '127.0.0.1',
      shell_port,
      iopub_port,
      control_port,
      stdin_port,
      hb_port,
      key: 'test key',
      signature_scheme: 'hmac-sha256',
    };
    const file = join(folder, 'connection.json');
    writeFileSync(file, JSON.stringify(connection));
    const [command, ...args] = kernelCommand(join(writeKernelspec(folder), 'launch.cjs'), file);
    const env = { ...process.env, NACRE_HISTORY: join(folder, 'history'), ...environment };
    const kernel = spawn(command, args, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
    return new RawClient(kernel, connection);
  }

  async #connect(): Promise<void> {
    const { shell, control, iopub, heartbeat } = this.#sockets;
    const { shell_port, control_port, iopub_port, hb_port } = this.#connection;
    for (const [socket, port] of [
      [shell, shell_port],
      [control, control_port],
      [iopub, iopub_port],
      [heartbeat, hb_port],
    ] as const) {
      socket.connect(`tcp://127.0.0.1:${port}`);
    }
    iopub.subscribe();
    void this.#listen(iopub, this.published);
    void this.#listen(shell, this.replies);
    void this.#listen(control, this.replies);
    await this.until(() => this.published.find((m) => m.header.msg_type === 'iopub_welcome'));
  }

  /** Sends a request and waits for its reply and for the idle status that ends its publications. */
  async ask(type: string, content: Record<string, unknown> = {}, channel: Channel = 'shell') {
    const id = await this.send(type, content, channel);
    const reply = await this.until(() => this.replies.find((m) => m.parent.msg_id === id));
    const published = await this.publishedFor(id);
    return { id, reply, published };
  }

  execute(code: string, more: Record<string, unknown> = {}) {
    return this.ask('execute_request', { code, ...more });
  }

  async send(
    type: string,
    content: Record<string, unknown>,
    channel: Channel = 'shell',
    key?: string,
  ) {
    const header = newHeader(type, 'client session', 'tester');
    const wire = key === undefined ? this.#wire : new Wire(key);
    const message = { identities: [], header, parent: {}, metadata: {}, content, buffers: [] };
    await this.#sockets[channel].send(wire.frames(written(message)));
    return header.msg_id;
  }

  /** Sends a cell and waits for its first text: from then on it runs. */
  async run(code: string): Promise<string> {
    const id = await this.send('execute_request', { code });
    await this.until(() =>
      this.published.find((m) => m.parent.msg_id === id && m.header.msg_type === 'stream'),
    );
    return id;
  }

  /** What was published for a request, up to and with its idle status. */
  async publishedFor(id: string): Promise<JupyterMessage[]> {
    const ofRequest = () => this.published.filter((m) => m.parent.msg_id === id);
    await this.until(() => ofRequest().find((m) => m.content.execution_state === 'idle'));
    return ofRequest();
  }

  async beat(): Promise<string> {
    await this.#sockets.heartbeat.send('beat');
    const [answer] = await this.#sockets.heartbeat.receive();
    return answer.toString();
  }

  async until<T>(found: () => T | undefined): Promise<T> {
    for (;;) {
      const value = found();
      if (value !== undefined) return value;
      if (this.kernel.exitCode !== null) throw new Error(`kernel ended: ${this.kernel.exitCode}`);
      await new Promise<void>((resolve) => this.#listeners.push(resolve));
    }
  }

  async close(): Promise<void> {
    for (const socket of Object.values(this.#sockets)) socket.close();
    if (this.kernel.exitCode !== null || this.kernel.signalCode !== null) return;
    const ended = new Promise((resolve) => this.kernel.once('exit', resolve));
    this.kernel.kill('SIGKILL');
    await ended;
  }

  async #listen(socket: Dealer | Subscriber, into: JupyterMessage[]): Promise<void> {
    for await (const frames of socket) {
      const message = this.#wire.read(frames);
      if (message === undefined) throw new Error('a message with a wrong signature');
      const schema = replySchemas[message.header.msg_type];
      if (schema === undefined) throw new Error(`unknown message ${message.header.msg_type}`);
      schema.parse(message.content);
      into.push(message);
      for (const listener of this.#listeners.splice(0)) listener();
    }
  }
}
