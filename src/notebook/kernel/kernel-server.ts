import { StringDecoder } from 'node:string_decoder';
import { plainBundle, resultBundle } from '../mime-bundle.ts';
import { type FaultContent, interruptedFault } from './cell-fault.ts';
import type { Channel } from './channels.ts';
import { Comms } from './comms.ts';
import type { KernelHook } from './kernel-hook.ts';
import { OutputStream } from './output-stream.ts';
import { type AnswerSources, answerOf } from './request-answers.ts';
import { type RequestType, requestSchemas } from './requests.ts';
import { runningContext } from './running-output.ts';
import type { CellOutcome } from './tslab-interpreter.ts';
import {
  type JupyterMessage,
  type MessageHeader,
  newHeader,
  replyTo,
  type WrittenMessage,
  written,
} from './wire.ts';

export interface KernelServerOptions extends Omit<AnswerSources, 'comms'> {
  /** Session id of this kernel. */
  session: string;
  send: (channel: Channel, message: WrittenMessage) => void;
  /** Resolves when all requests that have come in so far have been handed to `receive`. */
  settle: () => Promise<void>;
}

type Content = Record<string, unknown>;

/** Where the output of running code belongs: to the request that started it, however late it comes. */
interface Output {
  parent: MessageHeader;
  stream: OutputStream;
  silent: boolean;
}

/**
 * Answers a kernel's requests. Cells run one after another, in the order in which they came; all other requests are
 * answered while a cell waits, so that a widget can speak with it.
 */
export class KernelServer {
  readonly hook: KernelHook;
  readonly #options: KernelServerOptions;
  readonly #outputs = runningContext<Output>();
  readonly #comms: Comms;
  readonly #queue: JupyterMessage[] = [];
  /** Output of the last cell: takes what is printed by code that no request started. */
  #last: Output | undefined;
  /** The request whose cell runs. */
  #running: MessageHeader | undefined;
  #endRunning: ((outcome: CellOutcome) => void) | undefined;
  /** The running cell was interrupted, perhaps before its code began. */
  #cancelled = false;
  /** The newest interrupt, with the request whose cell ran when it was first heard of. */
  #interrupted: { number: number; cell: MessageHeader | undefined } = {
    number: 0,
    cell: undefined,
  };
  #strayFaults: FaultContent[] = [];
  #count = 0;

  constructor(options: KernelServerOptions) {
    this.#options = options;
    this.#comms = new Comms((type, content, { metadata, buffers }) => {
      this.#output()?.stream.flush();
      this.#publish(type, this.#output()?.parent, content, metadata, buffers);
    });
    this.hook = {
      display: (content, update) =>
        this.#display(update ? 'update_display_data' : 'display_data', content),
      clearOutput: (wait) => this.#display('clear_output', { wait }),
      comms: this.#comms,
    };
  }

  /** Sends what the process prints to the front end. */
  captureStreams(): void {
    for (const name of ['stdout', 'stderr'] as const) {
      const decoder = new StringDecoder('utf8');
      process[name].write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
        const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
        const output = this.#output();
        if (output !== undefined && !output.silent) output.stream.write(name, text);
        const done = rest.find((argument) => typeof argument === 'function') as
          | (() => void)
          | undefined;
        if (done !== undefined) process.nextTick(done);
        return true;
      }) as typeof process.stdout.write;
    }
  }

  /** Handles a request of the shell or control channel. */
  receive(channel: 'shell' | 'control', message: JupyterMessage): void {
    if (message.header.msg_type !== 'execute_request') {
      void this.#answer(channel, message);
      return;
    }
    this.#queue.push(message);
    if (this.#queue.length === 1) void this.#runQueue();
  }

  /**
   * Ends the running cell where it waits.
   *
   * @param number of a request for it; a signal has none
   */
  interrupt(number?: number): void {
    const meant = this.#isMeant(number);
    if (this.#running === undefined || !meant) return;
    this.#cancelled = true;
    if (this.#endRunning !== undefined) this.#options.interpreter().interrupt();
  }

  /** The cell that an interrupt is meant for was ended from outside and will never report. */
  terminated(number: number): void {
    if (this.#endRunning === undefined || !this.#isMeant(number)) return;
    this.#options.interpreter().terminated();
    this.#endRunning({ status: 'error', fault: interruptedFault });
  }

  /**
   * Whether an interrupt is meant for the running cell: the next one may have begun before all of its messages are here. One that is
   * first heard of between cells is meant for none.
   */
  #isMeant(number: number | undefined): boolean {
    if (number === undefined) return true;
    if (number > this.#interrupted.number) this.#interrupted = { number, cell: this.#running };
    return this.#interrupted.cell === this.#running;
  }

  /** A throw or rejection that nobody caught: it belongs to the running cell. */
  stray(reason: unknown): void {
    const fault = this.#options.interpreter().faultOf(reason);
    if (this.#running !== undefined) this.#strayFaults.push(fault);
    else this.#last?.stream.write('stderr', `${fault.traceback.join('\n')}\n`);
  }

  async #runQueue(): Promise<void> {
    while (this.#queue.length > 0) {
      const aborted = await this.#execute(this.#queue[0]);
      this.#queue.shift();
      this.#queue.splice(0, aborted.length);
      for (const message of aborted) {
        this.#status('busy', message.header);
        this.#reply('shell', message, { status: 'aborted' });
        this.#status('idle', message.header);
      }
    }
  }

  /** Runs one cell. Where it fails, the cells that were sent with it are returned: they must not run. */
  async #execute(message: JupyterMessage): Promise<JupyterMessage[]> {
    const parent = message.header;
    this.#status('busy', parent);
    const request = requestSchemas.execute_request.safeParse(message.content);
    if (!request.success) {
      this.#reply('shell', message, invalidRequest('execute_request', request.error.message));
      this.#status('idle', parent);
      return [];
    }
    const { code, silent } = request.data;
    const stored = (request.data.store_history ?? true) && !silent;
    if (stored) this.#count++;
    const count = this.#count;
    if (!silent) this.#publish('execute_input', parent, { code, execution_count: count });
    const output: Output = {
      parent,
      silent,
      stream: new OutputStream((name, text) => this.#publish('stream', parent, { name, text })),
    };
    this.#last = output;
    this.#running = parent;
    this.#cancelled = false;
    this.#strayFaults = [];
    const run = await this.#runCell(code, output, request.data.user_expressions ?? {});
    output.stream.flush();
    this.#running = undefined;
    const { fault, result, expressions } = run;
    if (stored)
      this.#options.history.add(
        count,
        code,
        result === undefined ? null : String(result.data['text/plain'] ?? ''),
      );
    const stop = fault !== undefined && request.data.stop_on_error;
    // Requests that the client sends after the error still run.
    if (stop) await this.#options.settle();
    const aborted = stop ? this.#queue.slice(1) : [];
    if (fault !== undefined) {
      if (!silent) this.#publish('error', parent, { ...fault });
      this.#reply('shell', message, { status: 'error', execution_count: count, ...fault });
    } else {
      if (result !== undefined && !silent) {
        this.#publish('execute_result', parent, { execution_count: count, ...result });
      }
      this.#reply('shell', message, {
        status: 'ok',
        execution_count: count,
        user_expressions: expressions,
        payload: [],
      });
    }
    this.#status('idle', parent);
    return aborted;
  }

  async #runCell(
    code: string,
    output: Output,
    expressions: Record<string, string>,
  ): Promise<{ fault?: FaultContent; result?: Bundle; expressions?: Content }> {
    const outcome = await this.#within(output, code);
    if (outcome.status === 'error') return { fault: outcome.fault };
    try {
      const result =
        outcome.value === undefined
          ? undefined
          : await this.#outputs.run(output, () => resultBundle(outcome.value?.value));
      const values: Content = {};
      for (const [name, expression] of Object.entries(expressions)) {
        values[name] = await this.#expression(output, expression);
      }
      // A rejection that nobody waits for is reported after the cell's own microtasks.
      await new Promise((resolve) => setImmediate(resolve));
      const [stray, ...more] = this.#strayFaults;
      if (stray === undefined) return { ...(result && { result }), expressions: values };
      return {
        fault: { ...stray, traceback: [stray, ...more].flatMap((fault) => fault.traceback) },
      };
    } catch (reason) {
      return { fault: this.#options.interpreter().faultOf(reason) };
    }
  }

  /**
   * Runs code in a separate turn of the event loop, so that ending it from outside ends no other code.
   */
  #within(output: Output, code: string): Promise<CellOutcome> {
    const count = this.#count;
    return new Promise<CellOutcome>((resolve) => {
      setImmediate(() => {
        const interpreter = this.#options.interpreter();
        if (this.#cancelled) {
          resolve({ status: 'error', fault: interruptedFault });
          return;
        }
        this.#endRunning = resolve;
        this.#outputs.run(output, () => {
          interpreter
            .run(code, count)
            .then(resolve, (reason) =>
              resolve({ status: 'error', fault: interpreter.faultOf(reason) }),
            );
        });
      });
    }).finally(() => {
      this.#endRunning = undefined;
    });
  }

  async #expression(output: Output, code: string): Promise<Content> {
    const outcome = await this.#within(output, code);
    if (outcome.status === 'error') return { status: 'error', ...outcome.fault };
    return { status: 'ok', ...plainBundle(outcome.value?.value) };
  }

  async #answer(channel: 'shell' | 'control', message: JupyterMessage): Promise<void> {
    const parent = message.header;
    const type = parent.msg_type;
    this.#status('busy', parent);
    const schema = Object.hasOwn(requestSchemas, type)
      ? requestSchemas[type as RequestType]
      : undefined;
    const parsed = schema?.safeParse(message.content);
    const output: Output = {
      parent,
      silent: false,
      stream: new OutputStream((name, text) => this.#publish('stream', parent, { name, text })),
    };
    if (parsed?.success === true) {
      try {
        const content = await this.#outputs.visit(output, () =>
          answerOf(type as RequestType, parsed.data, message, {
            ...this.#options,
            comms: this.#comms,
          }),
        );
        if (content !== undefined) this.#reply(channel, message, content);
      } catch (reason) {
        const fault = this.#options.interpreter().faultOf(reason);
        if (type.endsWith('_request')) this.#reply(channel, message, { status: 'error', ...fault });
        else output.stream.write('stderr', `${fault.traceback.join('\n')}\n`);
      }
    } else if (type.endsWith('_request')) {
      const why = parsed === undefined ? 'this kernel does not know it' : parsed.error.message;
      this.#reply(channel, message, invalidRequest(type, why));
    }
    output.stream.flush();
    this.#status('idle', parent);
    // Front ends show the last status as the kernel's status.
    if (this.#running !== undefined) this.#status('busy', this.#running);
  }

  #output(): Output | undefined {
    return this.#outputs.current() ?? this.#last;
  }

  #display(type: string, content: object): void {
    const output = this.#output();
    if (output === undefined || output.silent) return;
    output.stream.flush();
    this.#publish(type, output.parent, { ...content });
  }

  #status(state: 'busy' | 'idle', parent: MessageHeader): void {
    this.#publish('status', parent, { execution_state: state });
  }

  #publish(
    type: string,
    parent: MessageHeader | undefined,
    content: Content,
    metadata: Content = {},
    buffers: Uint8Array[] = [],
  ): void {
    const { session, send } = this.#options;
    const identities = [Buffer.from(`kernel.${session}.${type}`)];
    const header = newHeader(type, session, parent?.username);
    send(
      'iopub',
      written({ identities, header, parent: parent ?? {}, metadata, content, buffers }),
    );
  }

  #reply(channel: 'shell' | 'control', request: JupyterMessage, content: Content): void {
    const { session, send } = this.#options;
    send(channel, replyTo(request, session, content));
  }
}

type Bundle = { data: Content; metadata: Content };

function invalidRequest(type: string, why: string): Content {
  const evalue = `${type} cannot be answered: ${why}`;
  return { status: 'error', ename: 'InvalidRequest', evalue, traceback: [evalue] };
}
