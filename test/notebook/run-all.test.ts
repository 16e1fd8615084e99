import { expect, it } from 'vitest';
import { RawClient } from './kernel/raw-client.ts';
import { signFile } from './kernel/sign-file.ts';

/** As JupyterLab's "Run all" does: every cell is sent before the first one ended. */
it('a cell sent while another runs keeps its own error and its own output', async () => {
  const client = await RawClient.start();
  try {
    const allSent = signFile();
    const ids: string[] = [];
    for (const code of [
      `import { existsSync } from "node:fs";
while (!existsSync(${allSent.name})) await new Promise((resolve) => setTimeout(resolve, 20));
console.log("first");`,
      'console.log("second");',
      'throw new Error("of the third");',
    ]) {
      ids.push(await client.send('execute_request', { code }));
    }
    allSent.write();
    const heard: string[][] = [];
    const statuses: unknown[] = [];
    for (const id of ids) {
      const reply = await client.until(() => client.replies.find((m) => m.parent.msg_id === id));
      statuses.push(reply.content.status);
      const published = await client.publishedFor(id);
      heard.push(
        published.flatMap(({ header, content }) => {
          if (header.msg_type === 'stream') return String(content.text).trim();
          return header.msg_type === 'error' ? `error: ${content.evalue}` : [];
        }),
      );
    }
    expect(heard).toEqual([['first'], ['second'], ['error: of the third']]);
    expect(statuses).toEqual(['ok', 'ok', 'error']);
  } finally {
    await client.close();
  }
});
