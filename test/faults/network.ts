import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { download } from '../../src/runtime/download.ts';
import { NacreError } from '../../src/runtime/errors.ts';
import type { Fault } from './fault.ts';

export const networkCut: Fault = {
  name: 'network cut in a download',
  what: 'the connection breaks at a random byte, up to three times; what came is kept and asked for no more',
  trial: async (_, place, stream) => {
    const content = Buffer.from(Array.from({ length: 200_000 }, () => stream.integer(0, 255)));
    const target = join(place.cache, 'file.bin');
    let cuts = stream.integer(1, 3);
    let sent = 0;
    const server = createServer(async (request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const rest = content.subarray(from);
      const range = `bytes ${from}-${content.length - 1}/${content.length}`;
      response.writeHead(from > 0 ? 206 : 200, {
        'content-length': rest.length,
        ...(from > 0 ? { 'content-range': range } : {}),
      });
      if (cuts-- <= 0) {
        sent += rest.length;
        response.end(rest);
        return;
      }
      response.write(rest.subarray(0, stream.integer(1, Math.max(1, rest.length - 1))));
      const size = () => (existsSync(`${target}.part`) ? statSync(`${target}.part`).size : 0);
      while (size() <= from) await sleep(2);
      response.destroy();
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.bin`;
    const sha256 = createHash('sha256').update(content).digest('hex');
    const problems: string[] = [];
    let refusals = 0;
    let said: string | undefined;
    let kept = 0;
    try {
      for (let tries = 0; tries < 5 && !existsSync(target); tries++) {
        const part = existsSync(`${target}.part`)
          ? readFileSync(`${target}.part`)
          : Buffer.alloc(0);
        kept = part.length;
        if (!part.equals(content.subarray(0, part.length))) problems.push('the part is broken');
        try {
          await download({ url, sha256, bytes: content.length }, target);
        } catch (error) {
          if (!(error instanceof NacreError)) throw error;
          refusals++;
          said = error.message;
        }
      }
    } finally {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    }
    if (!existsSync(target) || !readFileSync(target).equals(content)) problems.push('not whole');
    if (sent + kept !== content.length) problems.push('bytes that were there came again');
    return { struck: refusals > 0, problems, kept: 0, said };
  },
};
