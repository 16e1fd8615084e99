import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { readVolume } from '../../machine/read-volume.ts';
import { NacreError } from '../../runtime/errors.ts';
import { editedLabels, editedPart, editorScan, labelsOn } from './editor-scan.ts';
import { qcPage } from './qc-page.ts';
import type { Review } from './review.ts';
import { editorFile, editorFileText, qcAssets } from './write-qc.ts';

export interface ServeQcOptions {
  /** Default 0: any free port. */
  port?: number | undefined;
  reviewer?: string | undefined;
  honoured: boolean;
  /** Time of a decision. Default: the clock. */
  now?: (() => Date) | undefined;
}

export interface ServedQc {
  /** Address with the secret token, without which the page cannot be opened. */
  url: string;
  close(): Promise<void>;
}

const decisionSchema = z.strictObject({
  number: z.int().min(0),
  action: z.enum(['accept', 'redo', 'exclude']),
  reason: z.string().max(300),
  by: z.string().trim().min(1).max(80),
});

const securityHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** A refused request: its status and what the page shows. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Serves the review on 127.0.0.1 alone, under a random token in the path. Every request must name this host (against pages of
 * other sites that resolve their name to 127.0.0.1); a request that writes must come from this page itself. Decisions and
 * edited masks are written one after another, each whole or not at all.
 *
 * @throws NacreError `port-taken`
 */
export async function serveQc(review: Review, options: ServeQcOptions): Promise<ServedQc> {
  const token = randomBytes(24).toString('base64url');
  const assets = qcAssets();
  let host = '';
  let writing: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = writing.then(work);
    writing = done.catch(() => undefined);
    return done;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers.host !== host) throw new Refusal(421, 'another host');
    const url = new URL(request.url ?? '/', `http://${host}`);
    const [, given, ...rest] = url.pathname.split('/');
    if (!sameText(given ?? '', token)) throw new Refusal(404, 'not found');
    const path = rest.join('/');
    if (request.method === 'GET' || request.method === 'HEAD') {
      const { type, text } = await read(path);
      response.writeHead(200, { ...securityHeaders, 'content-type': type });
      response.end(request.method === 'HEAD' ? undefined : text);
      return;
    }
    if (request.method !== 'POST') throw new Refusal(405, 'method not allowed');
    if (request.headers.origin !== `http://${host}`) throw new Refusal(403, 'another origin');
    const row =
      path === 'decision'
        ? await decision(request)
        : path === 'mask'
          ? await mask(request, url)
          : undefined;
    if (row === undefined) throw new Refusal(404, 'not found');
    response.writeHead(200, { ...securityHeaders, 'content-type': 'application/json' });
    response.end(JSON.stringify(row));
  };

  const read = async (path: string): Promise<{ type: string; text: string }> => {
    if (path === '' || path === 'index.html') {
      const editors = new Map(
        review.scans
          .filter(({ size }) => size !== undefined)
          .map((scan) => review.numberOf(scan))
          .map((number) => [number, editorFile(number)]),
      );
      const text = qcPage(review, { ...options, served: true, editors });
      return { type: 'text/html; charset=utf-8', text };
    }
    if (Object.hasOwn(assets, path)) {
      const type = path.endsWith('.css') ? 'text/css' : 'text/javascript';
      return { type: `${type}; charset=utf-8`, text: assets[path] };
    }
    const [, name] = /^scans\/scan-(\d{4,9})\.js$/.exec(path) ?? [];
    if (name === undefined) throw new Refusal(404, 'not found');
    const number = Number(name) - 1;
    const task = review.taskOf(number);
    const { patient, scan } = task;
    const packed = await editorScan({ number, patient, scan }, task);
    return { type: 'text/javascript; charset=utf-8', text: editorFileText(packed) };
  };

  const decision = async (request: IncomingMessage) => {
    requireType(request, 'application/json');
    const parsed = decisionSchema.safeParse(jsonOf(await bodyOf(request, 10_000)));
    if (!parsed.success) throw new Refusal(400, 'not a decision');
    const { number, ...rest } = parsed.data;
    return inTurn(() => review.decide(number, rest, now()));
  };

  const mask = async (request: IncomingMessage, url: URL) => {
    requireType(request, 'application/octet-stream');
    const number = Number(url.searchParams.get('number') ?? Number.NaN);
    const by = (url.searchParams.get('by') ?? '').trim().slice(0, 80);
    if (!Number.isInteger(number) || by === '') throw new Refusal(400, 'number and by are needed');
    const task = review.taskOf(number);
    const scan = await readVolume(task.image);
    const edited = await bodyOf(request, scan.data.length);
    return inTurn(async () => {
      const { patient, scan: name } = task;
      const shown = review.scans.find((one) => one.patient === patient && one.scan === name);
      if (url.searchParams.get('from') !== shown?.maskSha256) {
        throw new Refusal(409, 'the mask has changed meanwhile: reload the page');
      }
      const { labels, label } = await labelsOn(scan, task);
      const nifti = editedLabels(labels, label, edited, editedPart(labels, label));
      return review.saveEdit(number, nifti, by, now());
    });
  };

  const now = options.now ?? (() => new Date());
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const known = error instanceof Refusal || error instanceof NacreError;
      const status = error instanceof Refusal ? error.status : known ? 400 : 500;
      if (!response.headersSent) {
        response.writeHead(status, {
          ...securityHeaders,
          'content-type': 'text/plain; charset=utf-8',
        });
      }
      response.end(known ? (error as Error).message : 'unexpected error');
      request.resume();
    });
  });
  await listen(server, options.port ?? 0);
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/${token}/`,
    close: async () => {
      await writing;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new NacreError('port-taken', 'the review cannot be served', {
          found: `${cause.code} on port ${port}`,
          expected: 'a free port',
          todo: 'name another one (--port), or none for any',
          cause,
        }),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

/** Requires a content type that an HTML form of another site cannot send. */
function requireType(request: IncomingMessage, type: string): void {
  if (request.headers['content-type']?.split(';')[0] !== type)
    throw new Refusal(415, `not ${type}`);
}

async function bodyOf(request: IncomingMessage, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    length += piece.length;
    if (length > most) throw new Refusal(413, 'too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Refusal(400, 'not JSON');
  }
}
