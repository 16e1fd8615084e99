import { randomUUID } from 'node:crypto';

/** Sends one message of a comm; the kernel puts it on its publications. */
export type SendComm = (
  type: 'comm_open' | 'comm_msg' | 'comm_close',
  content: Record<string, unknown>,
  options: { metadata?: Record<string, unknown> | undefined; buffers?: Uint8Array[] | undefined },
) => void;

/** A message of a comm. */
export interface CommMessage {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  buffers: Uint8Array[];
}

/** One open line between a cell and a widget of the front end. */
export interface Comm {
  readonly id: string;
  readonly target: string;
  send(data: Record<string, unknown>, options?: Partial<Omit<CommMessage, 'data'>>): void;
  close(data?: Record<string, unknown>): void;
  /** Called for each message of the front end. */
  onMessage(listener: (message: CommMessage) => unknown): void;
  /** Called when the front end closes the comm. */
  onClose(listener: (message: CommMessage) => unknown): void;
}

/** The comms of a kernel: opened by a cell or by the front end, known by id until one side closes them. */
export class Comms {
  readonly #send: SendComm;
  readonly #open = new Map<string, OpenComm>();
  readonly #targets = new Map<string, (comm: Comm, message: CommMessage) => unknown>();

  constructor(send: SendComm) {
    this.#send = send;
  }

  /**
   * Opens a comm to a target that the front end has registered.
   *
   * @param target name of the target
   * @param data what the front end needs to begin
   */
  open(
    target: string,
    data: Record<string, unknown> = {},
    options: Partial<CommMessage> = {},
  ): Comm {
    const comm = this.#register(randomUUID(), target);
    const { metadata, buffers } = options;
    this.#send('comm_open', { comm_id: comm.id, target_name: target, data }, { metadata, buffers });
    return comm;
  }

  /** Lets the front end open comms to this target. Replaces an earlier listener of the same name. */
  onOpen(target: string, listener: (comm: Comm, message: CommMessage) => unknown): void {
    this.#targets.set(target, listener);
  }

  /** Content of a `comm_info_reply`. */
  info(target?: string | null): Record<string, { target_name: string }> {
    const rows = [...this.#open.values()].filter((comm) => !target || comm.target === target);
    return Object.fromEntries(rows.map((comm) => [comm.id, { target_name: comm.target }]));
  }

  /** The front end opened a comm. One to an unknown target is closed at once, as the protocol asks. */
  async opened(id: string, target: string, message: CommMessage): Promise<void> {
    const listener = this.#targets.get(target);
    if (listener === undefined) {
      this.#send('comm_close', { comm_id: id, data: {} }, {});
      return;
    }
    await listener(this.#register(id, target), message);
  }

  async received(id: string, message: CommMessage): Promise<void> {
    for (const listener of this.#open.get(id)?.messageListeners ?? []) await listener(message);
  }

  async closed(id: string, message: CommMessage): Promise<void> {
    const comm = this.#open.get(id);
    this.#open.delete(id);
    for (const listener of comm?.closeListeners ?? []) await listener(message);
  }

  #register(id: string, target: string): OpenComm {
    const comm = new OpenComm(id, target, this.#send, () => this.#open.delete(id));
    this.#open.set(id, comm);
    return comm;
  }
}

class OpenComm implements Comm {
  readonly id: string;
  readonly target: string;
  readonly messageListeners: ((message: CommMessage) => unknown)[] = [];
  readonly closeListeners: ((message: CommMessage) => unknown)[] = [];
  readonly #send: SendComm;
  readonly #forget: () => boolean;

  constructor(id: string, target: string, send: SendComm, forget: () => boolean) {
    this.id = id;
    this.target = target;
    this.#send = send;
    this.#forget = forget;
  }

  send(data: Record<string, unknown>, options: Partial<Omit<CommMessage, 'data'>> = {}): void {
    this.#send('comm_msg', { comm_id: this.id, data }, options);
  }

  close(data: Record<string, unknown> = {}): void {
    if (this.#forget()) this.#send('comm_close', { comm_id: this.id, data }, {});
  }

  onMessage(listener: (message: CommMessage) => unknown): void {
    this.messageListeners.push(listener);
  }

  onClose(listener: (message: CommMessage) => unknown): void {
    this.closeListeners.push(listener);
  }
}
