import { Session } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import { optionalPackage } from '../../runtime/optional-package.ts';
import type { FromSockets, SocketsSetup, ToSockets } from './channels.ts';
import {
  type JupyterMessage,
  newHeader,
  replyTo,
  Wire,
  type WrittenMessage,
  written,
} from './wire.ts';

/**
 * The thread that owns the kernel's sockets. It answers the heartbeat, `interrupt_request`, `shutdown_request` and, on
 * the control channel, `kernel_info_request` by itself, and sends output at once: all this works while a cell computes.
 */
const { Reply, Router, XPublisher } = await optionalPackage('zeromq', () => import('zeromq'));
const { connection, session, kernelInfo, closed, compiling, signalled } =
  workerData as SocketsSetup;
const compiles = new Int32Array(compiling);
const wire = new Wire(connection.key, connection.signature_scheme);
const main = parentPort!;

/** Milliseconds that a cell has to give way to a signal before its code is ended from outside. */
const patience = 400;

const iopub = new XPublisher({ linger: 1000 });
iopub.sendHighWaterMark = 0;
const shell = new Router({ linger: 1000 });
const control = new Router({ linger: 1000 });
const stdin = new Router({ linger: 1000 });
const heartbeat = new Reply();
const sockets = { iopub, shell, control, stdin };
/** ZeroMQ refuses a second send while one waits: sends of a socket are queued. */
const sends = new Map<object, Promise<unknown>>();
let awake = 0;
let interrupts = 0;

main.on('message', (message: ToSockets) => {
  if (message.kind === 'awake') awake = message.number;
  else if (message.kind === 'settle') tell({ kind: 'settled' });
  else if (message.kind === 'close') void close();
  else send(message.channel, message.message);
});

// All have ended before a refusal is reported: a thread that ends while zeromq still binds aborts the process.
const bound = await Promise.allSettled([
  bind(iopub, connection.iopub_port),
  bind(shell, connection.shell_port),
  bind(control, connection.control_port),
  bind(stdin, connection.stdin_port),
  bind(heartbeat, connection.hb_port),
]);
const refused = bound.find(({ status }) => status === 'rejected');
if (refused?.status === 'rejected') {
  await close();
  tell({ kind: 'unbound', reason: String(refused.reason?.stack ?? refused.reason) });
} else {
  void welcomeSubscribers();
  void echoHeartbeat();
  for (const channel of ['shell', 'stdin', 'control'] as const) void receive(channel);
  tell({ kind: 'ready' });
  endWithParent();
}

function bind(socket: { bind(address: string): Promise<void> }, port: number): Promise<void> {
  const { transport, ip } = connection;
  return socket.bind(transport === 'ipc' ? `ipc://${ip}-${port}` : `${transport}://${ip}:${port}`);
}

async function receive(channel: 'shell' | 'control' | 'stdin'): Promise<void> {
  for await (const frames of sockets[channel]) {
    const message = wire.read(frames);
    if (message === undefined) continue;
    if (channel === 'control') answerControl(message);
    else tell({ kind: 'request', channel, message });
  }
}

function answerControl(request: JupyterMessage): void {
  switch (request.header.msg_type) {
    case 'kernel_info_request':
      answered(request, kernelInfo);
      break;
    case 'interrupt_request':
      void interrupt();
      answered(request, { status: 'ok' });
      break;
    case 'shutdown_request':
      answered(request, { status: 'ok', restart: request.content.restart === true });
      void end();
      break;
    default:
      tell({ kind: 'request', channel: 'control', message: request });
  }
}

/** Sends the reply, with busy and idle around it. */
function answered(request: JupyterMessage, content: Record<string, unknown>): void {
  publish('status', request.header, { execution_state: 'busy' });
  send('control', replyTo(request, session, content));
  publish('status', request.header, { execution_state: 'idle' });
}

/**
 * A signal ends what the cell computes before its first `await`, and the waiting after it. A loop after an `await` sees
 * no signal; the inspector ends it.
 */
async function interrupt(): Promise<void> {
  const number = ++interrupts;
  tell({ kind: 'interrupt', number });
  Atomics.store(new Int32Array(signalled), 0, number);
  process.kill(process.pid, 'SIGINT');
  do {
    await new Promise((resolve) => setTimeout(resolve, patience));
    if (awake >= number) return;
    // The compiler is not ended: it would be left in the middle of its work.
  } while (Atomics.load(compiles, 0) === 1);
  await terminateExecution();
  // Where the code ended by itself just before, the termination hits whatever runs next, which may be the handler of this message.
  for (let tries = 0; awake < number && tries < 25; tries++) {
    tell({ kind: 'terminated', number });
    await new Promise((resolve) => setTimeout(resolve, patience));
  }
}

function terminateExecution(): Promise<void> {
  const inspector = new Session();
  inspector.connectToMainThread();
  return new Promise((resolve) => {
    inspector.post('Runtime.terminateExecution', () => {
      inspector.disconnect();
      resolve();
    });
  });
}

/** Closes all sockets, because an open one makes an exiting process abort. */
async function close(): Promise<void> {
  await Promise.all(sends.values());
  for (const socket of [...Object.values(sockets), heartbeat]) socket.close();
  const flag = new Int32Array(closed);
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}

/** Ends the process, also while a cell computes. What was sent before is delivered first. */
async function end(): Promise<void> {
  await Promise.all(sends.values());
  tell({ kind: 'shutdown' });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  process.kill(process.pid, 'SIGKILL');
}

/** Since protocol 5.4, each new subscriber of the publications receives a welcome message, which shows that it will miss nothing. */
async function welcomeSubscribers(): Promise<void> {
  let starting = true;
  for await (const [frame] of iopub) {
    if (frame[0] !== 1) continue;
    publish('iopub_welcome', {}, { subscription: frame.subarray(1).toString() });
    // Nobody could have received it before.
    if (starting) publish('status', {}, { execution_state: 'starting' });
    starting = false;
  }
}

/** Jupyter is the parent process; the kernel ends with it, because nobody else would end it. */
function endWithParent(): void {
  if (!process.env.JPY_PARENT_PID || process.platform === 'win32') return;
  setInterval(() => {
    if (process.ppid === 1) process.kill(process.pid, 'SIGKILL');
  }, 1000).unref();
}

async function echoHeartbeat(): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}

function publish(
  type: string,
  parent: JupyterMessage['parent'],
  content: Record<string, unknown>,
): void {
  const identities = [Buffer.from(`kernel.${session}.${type}`)];
  const header = newHeader(type, session);
  send('iopub', written({ identities, header, parent, metadata: {}, content, buffers: [] }));
}

function send(channel: keyof typeof sockets, message: WrittenMessage): void {
  const socket = sockets[channel];
  const frames = wire.frames(message);
  const before = sends.get(socket) ?? Promise.resolve();
  // A client that has gone is no reason to stop serving the others.
  sends.set(
    socket,
    before.then(() => socket.send(frames)).catch(() => undefined),
  );
}

function tell(message: FromSockets): void {
  main.postMessage(message);
}
