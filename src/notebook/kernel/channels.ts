import type { JupyterMessage, WrittenMessage } from './wire.ts';

/** The sockets of a kernel, by Jupyter's names. */
export type Channel = 'shell' | 'control' | 'stdin' | 'iopub';

/** Messages from the socket thread to the thread that runs cells. */
export type FromSockets =
  | { kind: 'ready' }
  /** A port cannot be had; all sockets are closed. */
  | { kind: 'unbound'; reason: string }
  | { kind: 'request'; channel: 'shell' | 'control' | 'stdin'; message: JupyterMessage }
  /** Stop the running cell; answered with `awake`, which shows that no endless loop holds the thread. */
  | { kind: 'interrupt'; number: number }
  /** The running code was ended from outside, since it did not give way. */
  | { kind: 'terminated'; number: number }
  /** All that came in before the question has been handed over. */
  | { kind: 'settled' }
  | { kind: 'shutdown' };

/** Messages from the thread that runs cells to the socket thread. */
export type ToSockets =
  | { kind: 'send'; channel: Channel; message: WrittenMessage }
  | { kind: 'awake'; number: number }
  | { kind: 'settle' }
  /** The process ends: deliver what is queued and close the sockets. */
  | { kind: 'close' };

/** Start data of the socket thread. */
export interface SocketsSetup {
  connection: ConnectionInfo;
  /** Session id of this kernel. */
  session: string;
  /** Content of every `kernel_info_reply`. */
  kernelInfo: Record<string, unknown>;
  /** One `Int32`, set to 1 and notified when the sockets are closed. */
  closed: SharedArrayBuffer;
  /** One `Int32`, 1 while the compiler is loaded or translates a cell. */
  compiling: SharedArrayBuffer;
  /** One `Int32`: number of the interrupt that the socket thread has sent a signal for. */
  signalled: SharedArrayBuffer;
}

/** A Jupyter connection file. */
export interface ConnectionInfo {
  transport: string;
  ip: string;
  shell_port: number;
  iopub_port: number;
  control_port: number;
  stdin_port: number;
  hb_port: number;
  key: string;
  signature_scheme?: string | undefined;
}
