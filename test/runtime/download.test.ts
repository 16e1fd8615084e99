import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { download, type RemoteFile } from '../../src/runtime/download.ts';
import type { NacreError } from '../../src/runtime/errors.ts';

const content = randomBytes(300_000);
const hash = createHash('sha256').update(content).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let answer: Answer;
let requests: { range: string | undefined; encoding: string | undefined }[];
let folder: string;
let target: string;

beforeEach(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push({
      range: request.headers.range,
      encoding: String(request.headers['accept-encoding']),
    });
    answer(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  folder = mkdtempSync(join(tmpdir(), 'nacre-download-'));
  target = join(folder, 'to', 'file.bin');
  answer = ranged;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true, force: true });
});

const address = (path = 'file.bin') =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`;
const file = (more: Partial<RemoteFile> = {}): RemoteFile => ({
  url: address(),
  sha256: hash,
  bytes: content.length,
  ...more,
});

/** A server that knows ranges. */
const ranged: Answer = (request, response) => {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(start)) {
    response.writeHead(200, { 'content-length': content.length }).end(content);
  } else if (start >= content.length) {
    response.writeHead(416).end();
  } else {
    response
      .writeHead(206, {
        'content-length': content.length - start,
        'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
      })
      .end(content.subarray(start));
  }
};

/** The same, but the connection breaks after some bytes, once the client has written what came. */
const cutAfter =
  (bytes: number): Answer =>
  async (_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, bytes));
    const part = `${target}.part`;
    while (!existsSync(part) || statSync(part).size === 0) await sleep(5);
    response.destroy();
  };

async function fault(work: Promise<unknown>): Promise<NacreError> {
  try {
    await work;
  } catch (error) {
    return error as NacreError;
  }
  throw new Error('expected a refusal');
}

describe('download', () => {
  it('brings a file, tells progress, and leaves it alone the second time', async () => {
    const told: [number, number | undefined][] = [];
    const options = {
      onProgress: (done: number, total: number | undefined) => told.push([done, total]),
    };
    expect(await download(file(), target, options)).toBe('downloaded');
    expect(readFileSync(target).equals(content)).toBe(true);
    expect(told.at(-1)).toEqual([content.length, content.length]);
    expect(existsSync(`${target}.part`)).toBe(false);
    expect(await download(file(), target)).toBe('present');
    expect(requests).toHaveLength(1);
    expect(requests[0].encoding).toBe('identity');
  });

  it('resumes where a broken connection stopped', async () => {
    answer = cutAfter(100_000);
    const broken = await fault(download(file(), target));
    expect(broken.code).toBe('download-failed');
    expect(broken.message).toContain('resumes');
    expect(existsSync(target)).toBe(false);
    const kept = readFileSync(`${target}.part`);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.equals(content.subarray(0, kept.length))).toBe(true);
    answer = ranged;
    expect(await download(file(), target)).toBe('resumed');
    expect(requests.at(-1)?.range).toBe(`bytes=${kept.length}-`);
    expect(readFileSync(target).equals(content)).toBe(true);
  });

  it('starts over where the server ignores ranges', async () => {
    answer = cutAfter(50_000);
    await fault(download(file(), target));
    answer = (_, response) => response.writeHead(200).end(content);
    expect(await download(file(), target)).toBe('downloaded');
    expect(readFileSync(target).equals(content)).toBe(true);
  });

  it('keeps what came where the server stops early without saying a length', async () => {
    answer = (_, response) => {
      response.writeHead(200);
      response.end(content.subarray(0, 1000));
    };
    const short = await fault(download(file(), target));
    expect(short.code).toBe('download-failed');
    expect(short.facts.found).toBe(`1000 of ${content.length} bytes`);
    answer = ranged;
    expect(await download(file(), target)).toBe('resumed');
  });

  it('takes a part that is already whole', async () => {
    answer = cutAfter(10);
    await fault(download(file(), target));
    writeFileSync(`${target}.part`, content);
    answer = ranged;
    expect(await download(file(), target)).toBe('resumed');
    expect(readFileSync(target).equals(content)).toBe(true);
  });

  it('refuses a part that was not asked for', async () => {
    answer = cutAfter(5000);
    await fault(download(file(), target));
    answer = (_, response) =>
      response
        .writeHead(206, { 'content-range': `bytes 0-9/${content.length}` })
        .end(content.subarray(0, 10));
    const wrong = await fault(download(file(), target));
    expect(wrong.code).toBe('download-failed');
    expect(wrong.facts.found).toContain('content-range');
    answer = ranged;
    expect(await download(file(), target)).toBe('resumed');
  });

  it('refuses a wrong checksum and leaves nothing behind', async () => {
    const wrong = await fault(download(file({ sha256: '0'.repeat(64) }), target));
    expect(wrong.code).toBe('checksum-mismatch');
    expect(wrong.facts.found).toContain(hash);
    expect(wrong.facts.expected).toContain('0'.repeat(64));
    expect(existsSync(target)).toBe(false);
    expect(existsSync(`${target}.part`)).toBe(false);
  });

  it('does not overwrite a file of another checksum', async () => {
    await download(file(), target);
    writeFileSync(target, 'mine');
    expect((await fault(download(file(), target))).code).toBe('checksum-mismatch');
    expect(readFileSync(target, 'utf8')).toBe('mine');
  });

  it('stops a body that is longer than the manifest says', async () => {
    const long = await fault(download(file({ bytes: 1000 }), target));
    expect(long.code).toBe('download-failed');
    expect(long.facts.found).toBe('more than 1000 bytes');
    expect(existsSync(`${target}.part`)).toBe(false);
  });

  it('takes gzip files as they are published', async () => {
    const packed = gzipSync(content);
    answer = (request, response) => {
      // A server that marks .gz as an encoding when the client would unpack it.
      const marked = String(request.headers['accept-encoding']).includes('gzip');
      response.writeHead(200, marked ? { 'content-encoding': 'gzip' } : {}).end(packed);
    };
    const sha256 = createHash('sha256').update(packed).digest('hex');
    await download(file({ sha256, bytes: packed.length }), target);
    expect(readFileSync(target).equals(packed)).toBe(true);
  });

  it.each([
    ['404', (_: IncomingMessage, r: ServerResponse) => r.writeHead(404).end(), 'HTTP 404'],
    ['503', (_: IncomingMessage, r: ServerResponse) => r.writeHead(503).end('busy'), 'HTTP 503'],
  ])('tells an answer of %s', async (_, reply, found) => {
    answer = reply;
    const error = await fault(download(file(), target));
    expect(error.code).toBe('download-failed');
    expect(error.facts.found).toBe(found);
    expect(existsSync(`${target}.part`)).toBe(false);
  });

  it('tells a server that is not there', async () => {
    const gone = file();
    await new Promise((closed) => server.close(closed));
    const error = await fault(download(gone, target));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    expect(error.code).toBe('download-failed');
    expect(error.facts.found).toMatch(/ECONNREFUSED/);
  });

  it('follows redirects, but never to an address that is not https', async () => {
    answer = (request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/file.bin' }).end();
      else ranged(request, response);
    };
    expect(await download(file({ url: address('moved') }), target)).toBe('downloaded');
    rmSync(target);
    answer = (_, response) => response.writeHead(302, { location: 'http://nacre.invalid/x' }).end();
    expect((await fault(download(file(), target))).code).toBe('insecure-address');
    answer = (_, response) => response.writeHead(302, { location: '/again' }).end();
    expect((await fault(download(file(), target))).facts.found).toBe('more than 10 redirects');
  });

  it.each(['http://nacre.invalid/file', 'file:///etc/hostname', 'ftp://127.0.0.1/file'])(
    'refuses %s',
    async (url) => {
      expect((await fault(download(file({ url }), target))).code).toBe('insecure-address');
    },
  );

  it('stops when asked to and resumes afterwards', async () => {
    const abort = new AbortController();
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 70_000));
    };
    const options = { signal: abort.signal, onProgress: () => abort.abort() };
    expect((await fault(download(file(), target, options))).code).toBe('download-failed');
    expect(existsSync(target)).toBe(false);
    answer = ranged;
    await download(file(), target);
    expect(readFileSync(target).equals(content)).toBe(true);
  });

  it('tells a folder that cannot be made', async () => {
    writeFileSync(join(folder, 'to'), 'a file');
    const error = await fault(download(file(), target));
    expect(error.code).toBe('write-failed');
    expect(requests).toEqual([]);
  });

  describe('from a mirror', () => {
    it('copies and verifies without the network', async () => {
      writeFileSync(join(folder, 'copy.bin'), content);
      const options = { mirror: folder, mirrorName: 'copy.bin' };
      expect(await download(file(), target, options)).toBe('copied');
      expect(readFileSync(target).equals(content)).toBe(true);
      expect(requests).toHaveLength(0);
    });

    it('refuses a copy that differs', async () => {
      writeFileSync(join(folder, 'copy.bin'), content.subarray(1));
      const options = { mirror: folder, mirrorName: 'copy.bin' };
      expect((await fault(download(file(), target, options))).code).toBe('checksum-mismatch');
      expect(existsSync(target)).toBe(false);
      expect(existsSync(`${target}.part`)).toBe(false);
    });

    it.each(['nothing-here.bin', '.'])(
      'tells a mirror without the file (%s)',
      async (mirrorName) => {
        const error = await fault(download(file(), target, { mirror: folder, mirrorName }));
        expect(error.code).toBe('file-missing');
      },
    );
  });
});
