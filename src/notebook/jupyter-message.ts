import { createHmac, randomUUID } from 'node:crypto';

/** A message of the Jupyter protocol 5.3 (jupyter-client, "The wire protocol"). */
export interface JupyterMessage {
  header: { msg_id: string; msg_type: string; [field: string]: unknown };
  parent: { msg_id?: string };
  content: Record<string, unknown>;
}

const delimiter = '<IDS|MSG>';

/** Frames of a signed request. The id only pairs answers with questions; it never reaches a result. */
export function encodeRequest(
  key: string,
  session: string,
  type: string,
  content: object,
): { id: string; frames: string[] } {
  const id = randomUUID();
  const header = { msg_id: id, session, username: 'nacre', msg_type: type, version: '5.3' };
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  return { id, frames: [delimiter, sign(key, parts), ...parts] };
}

/** Message from its frames; undefined for one that is not signed with the key. */
export function decodeMessage(key: string, frames: readonly Buffer[]): JupyterMessage | undefined {
  const at = frames.findIndex((frame) => frame.toString() === delimiter);
  const parts = frames.slice(at + 2, at + 6).map((frame) => frame.toString());
  if (at < 0 || parts.length < 4 || frames[at + 1].toString() !== sign(key, parts))
    return undefined;
  const [header, parent, , content] = parts.map((part) => JSON.parse(part));
  return { header, parent, content };
}

function sign(key: string, parts: readonly string[]): string {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}
