import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startKernelClient } from '../../src/notebook/kernel-client.ts';

const handed = vi.hoisted(() => ({ taken: [] as number[], asked: 0 }));
vi.mock('../../src/notebook/free-ports.ts', async (original) => {
  const real = await original<typeof import('../../src/notebook/free-ports.ts')>();
  return {
    freePorts: async (count: number): Promise<number[]> => {
      handed.asked++;
      const ports = await real.freePorts(count);
      return [...ports.slice(1), ...handed.taken.splice(0, 1), ports[0]].slice(0, count);
    },
  };
});

let other: Server | undefined;
afterEach(() => {
  other?.close();
});

describe('a port that another program takes', () => {
  it('after it was found free: the kernel starts on others', async () => {
    const server = createServer();
    other = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    handed.taken = [(server.address() as { port: number }).port];
    const client = await startKernelClient(tmpdir());
    await client.close();
    expect(handed.asked).toBe(2);
  });
});
