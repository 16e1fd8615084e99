import type { CommMessage, Comms } from './comms.ts';
import { toCharacters, toUnits } from './cursor.ts';
import type { History } from './history.ts';
import type { RequestContent, RequestType } from './requests.ts';
import type { TslabInterpreter } from './tslab-interpreter.ts';
import type { JupyterMessage } from './wire.ts';

/** State from which requests other than `execute_request` are answered. */
export interface AnswerSources {
  /** Made when it is first needed: loading TypeScript takes a second. */
  interpreter: () => TslabInterpreter;
  history: History;
  comms: Comms;
  /** Content of `kernel_info_reply`. */
  kernelInfo: Record<string, unknown>;
  /** Ports, for `connect_reply`. */
  ports: Record<string, number>;
}

type Content = Record<string, unknown>;

/**
 * Content of the reply to a request; undefined for messages without one.
 *
 * @param content as the schema of its type read it
 */
export async function answerOf(
  type: RequestType,
  content: unknown,
  message: JupyterMessage,
  { interpreter, history, comms, kernelInfo, ports }: AnswerSources,
): Promise<Content | undefined> {
  switch (type) {
    case 'kernel_info_request':
      return kernelInfo;
    case 'connect_request':
      return { status: 'ok', ...ports };
    case 'is_complete_request':
      return { ...interpreter().isComplete((content as RequestContent<typeof type>).code) };
    case 'complete_request':
      return completion(content as RequestContent<typeof type>, interpreter());
    case 'inspect_request': {
      const { code, cursor_pos } = content as RequestContent<typeof type>;
      const text = interpreter().inspect(code, toUnits(code, cursor_pos));
      const found = text !== undefined && text.trim() !== '';
      return { status: 'ok', found, data: found ? { 'text/plain': text } : {}, metadata: {} };
    }
    case 'history_request':
      return { status: 'ok', history: history.find(content as RequestContent<typeof type>) };
    case 'comm_info_request': {
      const { target_name } = content as RequestContent<typeof type>;
      return { status: 'ok', comms: comms.info(target_name) };
    }
    case 'comm_open':
    case 'comm_msg':
    case 'comm_close':
      await delivered(type, content as RequestContent<'comm_open'>, message, comms);
      return undefined;
    default:
      return { status: 'ok' };
  }
}

function delivered(
  type: 'comm_open' | 'comm_msg' | 'comm_close',
  { comm_id, target_name, data }: RequestContent<'comm_open'>,
  { metadata, buffers }: JupyterMessage,
  comms: Comms,
): Promise<void> {
  const heard: CommMessage = { data, metadata, buffers };
  if (type === 'comm_open') return comms.opened(comm_id, target_name, heard);
  return type === 'comm_msg' ? comms.received(comm_id, heard) : comms.closed(comm_id, heard);
}

function completion(
  { code, cursor_pos }: RequestContent<'complete_request'>,
  interpreter: TslabInterpreter,
): Content {
  const { matches, start, end, kinds } = interpreter.complete(code, toUnits(code, cursor_pos));
  const [from, to] = [toCharacters(code, start), toCharacters(code, end)];
  return {
    status: 'ok',
    matches,
    cursor_start: from,
    cursor_end: to,
    metadata: {
      // JupyterLab shows an icon for each kind.
      _jupyter_types_experimental: matches.map((text, i) => ({
        start: from,
        end: to,
        text,
        type: kinds[i],
      })),
    },
  };
}
