import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KernelFaults } from './kernel-faults.ts';
import { joinStreams } from './kernel-streams.ts';
import { resolveNacre, type TypeScriptSystem } from './resolve-nacre.ts';
import { type Parser, writeOutShorthand } from './shorthand-properties.ts';

/** The parts of tslab 1.0.22 that are wrapped here. It is frozen upstream, so its insides hold still. */
interface TslabMessage {
  header: { msg_type: string };
  content: { code?: string };
  createReply(): TslabMessage;
  signAndSend(key: string, socket: unknown): void;
}
interface Publisher {
  sendHighWaterMark: number;
  send(frames: unknown): Promise<void>;
  close(): void;
}
interface TslabServer {
  connInfo: { key: string };
  iopub: Publisher;
  handler: {
    handleExecute(
      request: unknown,
      stream: (name: string, text: string) => void,
      display: DisplayWriter,
    ): Promise<{ status: string; [field: string]: unknown }>;
  };
}
interface TslabJupyter {
  lastWriteDisplayData: DisplayWriter | null;
  ZmqServer: {
    prototype: {
      bindSocket(socket: object, port: number): Promise<void>;
      handleExecute(socket: unknown, message: TslabMessage): Promise<void>;
    };
  };
}

/** Sends a Jupyter `display_data` (or its update): a whole MIME bundle in one output. */
export type DisplayWriter = (content: object, update: boolean) => void;

/** Under this name `show` finds the running kernel's display. */
export const displayHook = Symbol.for('nacre.notebook.display');

const require = createRequire(import.meta.url);
const home = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/**
 * Starts tslab as nacre's kernel, with what it lacks: `import … from "nacre"` from any folder, whole MIME bundles,
 * proper `error` messages for throws and unhandled rejections, and no output lost however much a cell prints.
 *
 * @param connectionFile as Jupyter writes it
 */
export function launchKernel(connectionFile: string): void {
  foldersOfCheckout();
  const main = require.resolve('tslab/dist/main.js');
  const ofTslab = createRequire(main);
  const jupyter = ofTslab('./jupyter.js') as TslabJupyter;
  const typescript = ofTslab('@tslab/typescript-for-tslab') as Parser & { sys: TypeScriptSystem };
  resolveNacre(typescript.sys, home, process.cwd());
  Object.defineProperty(globalThis, displayHook, {
    get: () => jupyter.lastWriteDisplayData,
  });
  const faults = new KernelFaults();
  wrapServer(jupyter.ZmqServer.prototype, faults, typescript);
  // tslab keeps the console.error it finds here for type errors and throws of cells; cells get the real one.
  const consoleError = console.error;
  console.error = faults.fromExecutor;
  ofTslab('./main.js').startKernel({ configPath: connectionFile, enableFindLocal: false });
  console.error = consoleError;
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.removeAllListeners(event);
    process.on(event, faults.fromProcess);
  }
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

/** ZeroMQ drops what a publisher cannot pass on beyond 1,000 messages and refuses a second send while one waits: queue them. */
function queueSends(publisher: Publisher): Publisher {
  publisher.sendHighWaterMark = 0;
  let last = Promise.resolve();
  return {
    sendHighWaterMark: 0,
    send: (frames) => {
      last = last.then(() => publisher.send(frames));
      return last;
    },
    close: () => publisher.close(),
  };
}

function wrapServer(
  server: TslabJupyter['ZmqServer']['prototype'],
  faults: KernelFaults,
  parser: Parser,
): void {
  const bindSocket = server.bindSocket;
  server.bindSocket = function (this: TslabServer, socket, port) {
    if (socket === this.iopub) this.iopub = queueSends(this.iopub);
    return bindSocket.call(this, socket, port);
  } as typeof server.bindSocket;
  // "Run all" sends every cell at once: what goes wrong while one runs must not be taken for another's fault.
  let last: Promise<unknown> = Promise.resolve();
  server.handleExecute = function (this: TslabServer, socket: unknown, message) {
    const turn = last.then(() => execute.call(this, socket, message));
    last = turn.catch(() => {});
    return turn;
  } as typeof server.handleExecute;
  async function execute(this: TslabServer, socket: unknown, message: TslabMessage): Promise<void> {
    const publish = (type: string, content: object, to: unknown = this.iopub) => {
      const reply = message.createReply();
      reply.header.msg_type = type;
      reply.content = content as TslabMessage['content'];
      reply.signAndSend(this.connInfo.key, to);
    };
    const streams = joinStreams((name, text) => publish('stream', { name, text }));
    faults.begin();
    const result = await this.handler.handleExecute(
      { ...message.content, code: writeOutShorthand(String(message.content.code), parser) },
      streams.write,
      (content, update) => {
        streams.flush();
        publish(update ? 'update_display_data' : 'display_data', content);
      },
    );
    // Rejections nobody waits for are reported after the cell's own microtasks.
    await new Promise((resolve) => setImmediate(resolve));
    streams.flush();
    const fault = faults.take();
    if (fault === undefined) {
      publish('execute_reply', result, socket);
      return;
    }
    publish('error', fault);
    publish('execute_reply', { ...result, status: 'error', ...fault }, socket);
  }
}
