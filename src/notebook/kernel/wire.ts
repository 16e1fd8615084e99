import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/** Version of the Jupyter messaging protocol that is spoken here. */
export const protocolVersion = '5.4';

/** Header of a message (jupyter-client, "Messaging in Jupyter"). */
export interface MessageHeader {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date?: string | undefined;
  version?: string | undefined;
}

/** A message of the Jupyter protocol. */
export interface JupyterMessage {
  /** Routing prefix: the sockets that a reply goes back to, or the topic of a publication. */
  identities: Uint8Array[];
  header: MessageHeader;
  /** Header of the request that caused this message; empty where none did. */
  parent: Partial<MessageHeader>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  /** Binary attachments, used by comms. */
  buffers: Uint8Array[];
}

/** A message whose four parts are already JSON, so that it can cross threads and be signed as it is. */
export interface WrittenMessage {
  identities: Uint8Array[];
  /** Header, parent header, metadata and content. */
  parts: [string, string, string, string];
  buffers: Uint8Array[];
}

const delimiter = Buffer.from('<IDS|MSG>');

/** The reply to a request, for the socket that the request came from. */
export function replyTo(
  request: JupyterMessage,
  session: string,
  content: Record<string, unknown>,
): WrittenMessage {
  const { identities, header } = request;
  const type = header.msg_type.replace(/_request$/, '_reply');
  return written({
    identities,
    header: newHeader(type, session, header.username),
    parent: header,
    metadata: {},
    content,
    buffers: [],
  });
}

/** A header with an id of its own. The id only pairs answers with questions; it never reaches a result. */
export function newHeader(type: string, session: string, username = 'nacre'): MessageHeader {
  return {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username,
    date: new Date().toISOString(),
    version: protocolVersion,
  };
}

/** Puts the parts of a message into JSON. */
export function written(message: JupyterMessage): WrittenMessage {
  const { identities, header, parent, metadata, content, buffers } = message;
  const parts = [header, parent, metadata, content].map((part) => JSON.stringify(part));
  return { identities, parts: parts as WrittenMessage['parts'], buffers };
}

/** Signs and reads messages by the wire protocol: identities, delimiter, HMAC, four JSON parts, buffers. */
export class Wire {
  readonly #key: string;
  readonly #algorithm: string;
  /** Signatures seen, so that a recorded request cannot be sent again. */
  readonly #seen = new Set<string>();

  /**
   * @param key of the connection file; an empty one switches signatures off, as the protocol says
   * @param scheme `hmac-sha256` and the like
   */
  constructor(key: string, scheme = 'hmac-sha256') {
    this.#key = key;
    this.#algorithm = scheme.replace(/^hmac-/, '');
  }

  frames({ identities, parts, buffers }: WrittenMessage): (Uint8Array | string)[] {
    return [...identities, delimiter, this.#signature(parts), ...parts, ...buffers];
  }

  /** The message in these frames; undefined for one that is broken, signed with another key, or already received. */
  read(frames: readonly Buffer[]): JupyterMessage | undefined {
    const at = frames.findIndex((frame) => frame.equals(delimiter));
    if (at < 0 || frames.length < at + 6) return undefined;
    const signature = frames[at + 1].toString();
    const parts = frames.slice(at + 2, at + 6);
    if (this.#key !== '') {
      if (!equalText(signature, this.#signature(parts)) || this.#seen.has(signature)) {
        return undefined;
      }
      this.#remember(signature);
    }
    try {
      const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part.toString()));
      if (typeof header?.msg_type !== 'string' || typeof header.msg_id !== 'string') {
        return undefined;
      }
      return {
        identities: frames.slice(0, at),
        header,
        parent: parent ?? {},
        metadata: metadata ?? {},
        content: content ?? {},
        buffers: frames.slice(at + 6),
      };
    } catch {
      return undefined;
    }
  }

  #signature(parts: readonly (string | Uint8Array)[]): string {
    if (this.#key === '') return '';
    const hmac = createHmac(this.#algorithm, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  #remember(signature: string): void {
    this.#seen.add(signature);
    // Sets keep their order: the oldest goes first.
    if (this.#seen.size > 65_536) this.#seen.delete(this.#seen.values().next().value as string);
  }
}

function equalText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
