import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchAnswer } from '../../src/runtime/fetch-answer.ts';
import { type FetchObjectOptions, fetchObject } from '../../src/runtime/fetch-object.ts';
import { sha256 } from '../../src/runtime/hash.ts';
import {
  type MadeServer,
  type Misbehaviour,
  madeServer,
  md5,
} from '../cohort/archives/made-server.ts';
import { faultOf } from '../cohort/small-cohort.ts';

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));
let server: MadeServer;
let folder: string;
beforeAll(async () => {
  server = await madeServer();
  server.files.set('scan.dcm', bytes);
});
afterAll(() => server.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nacre-object-'));
  server.seen.length = 0;
  server.faults.clear();
});

const bring = (fault: Misbehaviour, options: FetchObjectOptions & { hash?: string } = {}) => {
  server.faults.set('scan.dcm', { written: join(folder, 'scan.dcm.part'), ...fault });
  const address = () => `${server.origin}/scan.dcm`;
  const object = { address, bytes: bytes.length, md5: options.hash ?? md5(bytes) };
  return fetchObject(object, join(folder, 'scan.dcm'), { waitSeconds: 0, tries: 4, ...options });
};
const arrived = () => readFileSync(join(folder, 'scan.dcm')).equals(bytes);

describe('fetchObject', () => {
  it('takes the SHA-256 on arrival, and leaves alone what is there and right', async () => {
    expect(await bring({})).toEqual({
      bytes: bytes.length,
      sha256: sha256(bytes),
      result: 'downloaded',
    });
    expect((await bring({})).result).toBe('present');
    expect(server.seen).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['scan.dcm']);
  });

  it('waits for a busy server and follows redirects', async () => {
    await bring({ busy: 2, redirect: true });
    expect(arrived()).toBe(true);
    expect(server.seen.at(-1)?.origin).toBe(server.storage);
  });

  it('resumes where a connection broke, more than once', async () => {
    expect((await bring({ cut: 2 })).result).toBe('resumed');
    expect(arrived()).toBe(true);
    expect(server.seen.map(({ range }) => range !== undefined)).toEqual([false, true, true]);
  });

  it('begins again where the server knows no ranges', async () => {
    await bring({ cut: 1, noRanges: true });
    expect(arrived()).toBe(true);
  });

  it('keeps what came when the tries are over, and goes on from there in the next call', async () => {
    const fault = await faultOf(bring({ cut: 9 }, { tries: 2 }));
    expect(fault.code).toBe('download-failed');
    expect(existsSync(join(folder, 'scan.dcm'))).toBe(false);
    expect(readFileSync(join(folder, 'scan.dcm.part')).equals(bytes.subarray(0, 225_000))).toBe(
      true,
    );
    expect((await bring({})).result).toBe('resumed');
    expect(arrived()).toBe(true);
  });

  it('refuses another size before a byte is kept, and an endless answer', async () => {
    const size = await faultOf(bring({ wrongSize: true }, { tries: 1 }));
    expect(size.code).toBe('download-failed');
    expect(size.message).toContain('more than 300000 bytes');
    const endless = await faultOf(bring({ endless: true }, { tries: 1 }));
    expect(endless.message).toContain('more than 300000 bytes');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses other bytes of the right size, and keeps none of them', async () => {
    const fault = await faultOf(bring({ wrongBytes: true }));
    expect(fault.code).toBe('checksum-mismatch');
    expect(fault.message).toContain(md5(bytes));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('breaks off a drip, says how slow it was, and keeps what came', async () => {
    const patience = { seconds: 0.1, bytes: 1000 };
    const fault = await faultOf(bring({ drip: 200 }, { patience, tries: 1 }));
    expect(fault.code).toBe('download-failed');
    expect(fault.message).toContain('fewer than 1000 bytes in 0.1 seconds');
    expect(existsSync(join(folder, 'scan.dcm'))).toBe(false);
    await bring({});
    expect(arrived()).toBe(true);
  });

  it('asks for a new address where a signed one has expired, once', async () => {
    const asked: boolean[] = [];
    const object = {
      address: (again: boolean) => {
        asked.push(again);
        return `${server.origin}/scan.dcm?X-Amz-Signature=secret${asked.length}`;
      },
      bytes: bytes.length,
    };
    server.faults.set('scan.dcm', { expired: 1 });
    await fetchObject(object, join(folder, 'scan.dcm'), { waitSeconds: 0 });
    expect(asked).toEqual([false, true]);
    server.faults.set('scan.dcm', { expired: 9 });
    const fault = await faultOf(fetchObject(object, join(folder, 'other.dcm'), { waitSeconds: 0 }));
    expect(fault.code).toBe('download-failed');
    expect(fault.message).not.toContain('secret');
    expect(fault.message).not.toContain('Signature');
    expect(asked).toHaveLength(4);
  });

  it('does not ask again for what is not there', async () => {
    const object = { address: () => `${server.origin}/none.dcm`, bytes: 5 };
    const fault = await faultOf(fetchObject(object, join(folder, 'none.dcm'), { waitSeconds: 0 }));
    expect(fault.message).toContain('HTTP 404');
    expect(server.seen).toHaveLength(1);
  });

  it('replaces a file of another size or other bytes', async () => {
    server.files.set('short.dcm', Buffer.from('short'));
    const target = join(folder, 'scan.dcm');
    await fetchObject({ address: () => `${server.origin}/short.dcm`, bytes: 5 }, target);
    await bring({});
    expect(arrived()).toBe(true);
  });
});

describe('fetchAnswer', () => {
  it('bounds an endless answer and breaks off a silent one', async () => {
    server.files.set('list.xml', Buffer.from('x'));
    server.faults.set('list.xml', { endless: true });
    const url = `${server.origin}/list.xml?token=secret`;
    const endless = await faultOf(fetchAnswer(url, { most: 100_000, tries: 1 }));
    expect(endless.code).toBe('download-failed');
    expect(endless.message).toContain('more than 100000 bytes');
    expect(endless.message).not.toContain('secret');
    server.faults.set('list.xml', { busy: 2 });
    expect((await fetchAnswer(url, { waitSeconds: 0 })).text).toBe('x');
  });

  it('keeps a token from the host that it is redirected to', async () => {
    server.faults.set('scan.dcm', { redirect: true });
    const headers = { authorization: 'Bearer secret' };
    await fetchAnswer(`${server.origin}/scan.dcm`, { headers });
    expect(server.seen.map(({ authorization }) => authorization)).toEqual([
      'Bearer secret',
      undefined,
    ]);
  });
});
