import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a server misbehaves with one file. Faults of a number of requests count down and then stop. */
export interface Misbehaviour {
  /** Answers 429 with Retry-After 0 this many times. */
  busy?: number;
  /** Breaks the connection half-way this many times. */
  cut?: number;
  /** The file that the client writes: a connection breaks when it holds what was sent. Without it, some of that may be lost. */
  written?: string;
  /** Declares one byte more than it has. */
  wrongSize?: boolean;
  /** Sends other bytes of the same length. */
  wrongBytes?: boolean;
  /** Declares no length and never ends. */
  endless?: boolean;
  /** Sends a byte every 20 milliseconds, this many times. */
  drip?: number;
  /** Redirects to the other port of this machine. */
  redirect?: boolean;
  /** A signed address that has expired, this many times. */
  expired?: number;
  /** Answers a range with the whole file. */
  noRanges?: boolean;
}

export interface MadeServer {
  origin: string;
  /** Of another origin: where redirects and signed addresses lead. */
  storage: string;
  files: Map<string, Buffer>;
  faults: Map<string, Misbehaviour>;
  /** Requests as they came: method, host, path with query, authorization. */
  seen: {
    url: string;
    origin: string;
    authorization: string | undefined;
    range: string | undefined;
  }[];
  /** Answers everything that is not a file; by path without query. */
  service: (request: IncomingMessage, body: string) => unknown;
  close(): Promise<void>;
}

/** Two servers of this machine: one with services and files, one (another origin) with files alone. */
export async function madeServer(): Promise<MadeServer> {
  const made = {
    files: new Map(),
    faults: new Map(),
    seen: [],
    service: () => undefined,
  } as unknown as MadeServer;
  const servers = [createServer(), createServer()];
  const origins: string[] = [];
  for (const server of servers) {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    origins.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }
  made.origin = origins[0];
  made.storage = origins[1];
  servers.forEach((server, i) => {
    server.on('request', (request, response) => void answer(made, origins[i], request, response));
  });
  made.close = async () => {
    for (const server of servers) await closed(server);
  };
  return made;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}

async function answer(
  made: MadeServer,
  origin: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? '/';
  const { authorization, range } = request.headers;
  made.seen.push({ url, origin, authorization, range });
  let body = '';
  for await (const piece of request) body += piece;
  const path = decodeURIComponent(url.split('?')[0].slice(1));
  const bytes = made.files.get(path);
  if (bytes !== undefined) {
    await sendFile(made, { path, bytes, origin }, request, response);
    return;
  }
  const said = made.service(request, body);
  if (said === undefined) {
    response.writeHead(404).end();
  } else if (typeof said === 'number') {
    response.writeHead(said).end('{"reason":"refused"}');
  } else if (typeof said === 'string') {
    response.writeHead(200, { 'content-type': 'application/xml' }).end(said);
  } else {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  }
}

async function sendFile(
  made: MadeServer,
  { path, bytes, origin }: { path: string; bytes: Buffer; origin: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const fault = made.faults.get(path) ?? {};
  if (fault.redirect && origin === made.origin) {
    response.writeHead(302, { location: `${made.storage}/${path}?X-Amz-Signature=secret` }).end();
    return;
  }
  if ((fault.expired ?? 0) > 0) {
    fault.expired = (fault.expired ?? 0) - 1;
    response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
    return;
  }
  if ((fault.busy ?? 0) > 0) {
    fault.busy = (fault.busy ?? 0) - 1;
    response.writeHead(429, { 'retry-after': '0' }).end();
    return;
  }
  if (fault.endless) {
    response.writeHead(200);
    const timer = setInterval(() => response.write(Buffer.alloc(65_536)), 1);
    response.on('close', () => clearInterval(timer));
    return;
  }
  const asked = fault.noRanges ? undefined : /bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1];
  const from = Number(asked ?? 0);
  const all = fault.wrongBytes ? Buffer.alloc(bytes.length, 7) : bytes;
  const rest = all.subarray(from);
  const length = rest.length + (fault.wrongSize ? 1 : 0);
  response.writeHead(asked === undefined ? 200 : 206, {
    'content-length': length,
    ...(asked === undefined
      ? {}
      : { 'content-range': `bytes ${from}-${all.length - 1}/${all.length}` }),
  });
  if ((fault.cut ?? 0) > 0) {
    fault.cut = (fault.cut ?? 0) - 1;
    const sent = Math.ceil(rest.length / 2);
    await new Promise((flushed) => response.write(rest.subarray(0, sent), flushed));
    const { written } = fault;
    while (written !== undefined && sizeOf(written) < from + sent) await nextLook();
    response.destroy();
    return;
  }
  if ((fault.drip ?? 0) > 0) {
    for (let sent = 0; fault.drip !== undefined && fault.drip > 0; fault.drip--, sent++) {
      if (response.destroyed) return;
      response.write(rest.subarray(sent, sent + 1));
      await new Promise((done) => setTimeout(done, 20));
    }
    response.destroy();
    return;
  }
  response.end(rest);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function nextLook(): Promise<void> {
  return new Promise((look) => setTimeout(look, 5));
}

export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
