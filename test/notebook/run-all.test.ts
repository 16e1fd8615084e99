import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { JupyterMessage } from '../../src/notebook/kernel/wire.ts';
import { startKernelClient } from '../../src/notebook/kernel-client.ts';

/** As JupyterLab's "Run all" does: every cell is sent before the first one ended. */
it('a cell sent while another runs keeps its own error and its own output', async () => {
  const client = await startKernelClient(mkdtempSync(join(tmpdir(), 'nacre-run-all-')));
  try {
    const cells = [
      'await new Promise((resolve) => setTimeout(resolve, 300));\nconsole.log("first");',
      'console.log("second");',
      'throw new Error("of the third");',
    ];
    const heard: string[][] = cells.map(() => []);
    const replies: Promise<{ status: string }>[] = [];
    for (const [i, code] of cells.entries()) {
      const note = ({ header, content }: JupyterMessage) => {
        if (header.msg_type === 'stream') heard[i].push(String(content.text).trim());
        if (header.msg_type === 'error') heard[i].push(`error: ${content.evalue}`);
      };
      replies.push(client.execute(code, note, 60));
      await wait(10);
    }
    const statuses = (await Promise.all(replies)).map(({ status }) => status);
    expect(heard).toEqual([['first'], ['second'], ['error: of the third']]);
    expect(statuses).toEqual(['ok', 'ok', 'error']);
  } finally {
    await client.close();
  }
});
