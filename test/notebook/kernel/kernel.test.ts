import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JupyterMessage } from '../../../src/notebook/kernel/wire.ts';
import { RawClient } from './raw-client.ts';
import { signFile } from './sign-file.ts';

const types = (messages: readonly JupyterMessage[]) => messages.map((m) => m.header.msg_type);
const textOf = (messages: readonly JupyterMessage[], type: string) =>
  messages.find((m) => m.header.msg_type === type)?.content;
const traceback = (messages: readonly JupyterMessage[]) =>
  ((textOf(messages, 'error')?.traceback ?? []) as string[]).join('\n');

/** A cell that computes without an end. It prints again and again, since text is sent some time after it was printed, with what follows. */
const computing = 'for (let turns = 0; ; turns++) if (turns % 1e7 === 0) console.log(turns);';

describe('the kernel on the wire', () => {
  let client: RawClient;
  beforeAll(async () => {
    client = await RawClient.start();
  });
  afterAll(() => client.close());

  it('surrounds each request with busy and idle under its own parent header', async () => {
    const requests: [string, Record<string, unknown>][] = [
      ['kernel_info_request', {}],
      ['connect_request', {}],
      ['complete_request', { code: 'Math.sq', cursor_pos: 7 }],
      ['inspect_request', { code: 'Math.sqrt', cursor_pos: 9 }],
      ['is_complete_request', { code: 'f(' }],
      ['history_request', { hist_access_type: 'tail', n: 3 }],
      ['comm_info_request', {}],
      ['execute_request', { code: '1' }],
    ];
    for (const [type, content] of requests) {
      const { reply, published, id } = await client.ask(type, content);
      expect(reply.header.msg_type).toBe(type.replace('_request', '_reply'));
      expect(reply.header).toMatchObject({ username: 'tester', version: '5.4' });
      expect(reply.parent.msg_id).toBe(id);
      expect(published[0].content).toEqual({ execution_state: 'busy' });
      expect(published.at(-1)?.content).toEqual({ execution_state: 'idle' });
      const others = published.slice(1, -1);
      expect(others.every((m) => m.header.msg_type !== 'status')).toBe(true);
    }
  });

  it('sends the value of a cell as execute_result, a table as HTML, nothing after a declaration', async () => {
    const number = await client.execute('6 * 7');
    expect(textOf(number.published, 'execute_result')?.data).toEqual({ 'text/plain': '42' });
    const table = await client.execute('[{ a: 1, b: "x" }]');
    expect(textOf(table.published, 'execute_result')?.data).toHaveProperty('text/html');
    const own = await client.execute(
      '({ [Symbol.for("Jupyter.display")]: () => ({ "text/markdown": "*own*" }) })',
    );
    expect(textOf(own.published, 'execute_result')?.data).toEqual({ 'text/markdown': '*own*' });
    const nameless = await client.execute('(x: number) => x');
    expect(textOf(nameless.published, 'execute_result')?.data).toEqual({
      'text/plain': '[Function (anonymous)]',
    });
    const declaration = await client.execute('const quiet = 1;');
    expect(types(declaration.published)).toEqual(['status', 'execute_input', 'status']);
  });

  it('shows a figure, a feature table, a volume and a long object as the last value of a cell', async () => {
    await client.execute(
      'import { featureTable, figures, syntheticScan } from "nacre";\nconst { volume, tumour } = syntheticScan("ct");',
    );
    const shown = async (code: string) =>
      textOf((await client.execute(code)).published, 'execute_result')?.data as
        | Record<string, unknown>
        | undefined;
    const plotly = 'application/vnd.plotly.v1+json';
    const figure = await shown('figures.threePlanes(volume)');
    expect(Object.keys(figure ?? {})).toEqual([plotly, 'text/plain']);
    expect(JSON.stringify(figure)).toContain('SYNTHETIC volume');
    const scan = await shown('volume');
    expect(JSON.stringify(scan)).toMatch(/SYNTHETIC volume.*HU.*"sliders":\[/);
    const table = await shown(
      'featureTable(["P1"], [{ name: "clinical.age", block: "clinical", values: Float64Array.of(51) }])',
    );
    expect(table?.['text/html']).toMatch(/patient.*clinical\.age.*P1.*51/s);
    const long = await shown(
      'Object.fromEntries(Array.from({ length: 900 }, (_, i) => ["key number " + i, { i }]))',
    );
    expect(String(long?.['text/plain']).split('\n')).toHaveLength(41);
    expect(long?.['text/plain']).toMatch(/… \d+ lines more$/);
  });

  it('counts stored cells alone; a silent one publishes nothing but its state', async () => {
    const before = await client.execute('1');
    const silent = await client.execute('console.log("unheard"); 2', { silent: true });
    const unstored = await client.execute('3', { store_history: false });
    const after = await client.execute('4');
    expect(types(silent.published)).toEqual(['status', 'status']);
    const count = (run: typeof before) => Number(run.reply.content.execution_count);
    expect([count(unstored), count(after)]).toEqual([count(before), count(before) + 1]);
  });

  it('names the line of the cell that threw, through calls into earlier cells', async () => {
    await client.execute(
      'function fails(x: number) {\n  if (x > 0) {\n    throw new RangeError("no " + x);\n  }\n}',
    );
    const { reply, published } = await client.execute('const y = 1;\n\nfails(y);');
    expect(reply.content).toMatchObject({ status: 'error', ename: 'RangeError', evalue: 'no 1' });
    const text = traceback(published);
    expect(text).toMatch(/cell \d+, line 3\n/);
    expect(text).toMatch(/--> +3 \| {5}throw new RangeError/);
    expect(text).toMatch(
      /at fails \(cell \d+, line 3, column 11\)\n +at cell \d+, line 3, column 1$/,
    );
    expect(text).not.toMatch(/evalmachine|node:|tslab/);
    const untyped = await client.execute('const a = 1;\nconst b: string = a;');
    const complaint = traceback(untyped.published);
    expect(complaint).toMatch(/--> +2 \| const b: string = a;\n.*line 2, column 7: Type 'number'/s);
    const awaited = await client.execute('await null;\nconst c = 3;\n(undefined as any).x;');
    expect(traceback(awaited.published)).toMatch(/^cell \d+, line 3\n/);
  });

  it('sends the output of a late timer to the cell that set it', async () => {
    const late = await client.execute(
      'import { setTimeout as sleep } from "node:timers/promises";\n' +
        'setTimeout(async () => { console.log("timer"); await null; console.log("after it"); }, 400);\n' +
        'sleep(500).then(() => console.log("promise")); void 0;',
    );
    const next = await client.execute(
      'for (let n = 0; n < 8; n++) { await new Promise((r) => setTimeout(r, 100)); console.log("next"); }',
    );
    const heard = (id: string) =>
      client.published
        .filter((m) => m.parent.msg_id === id && m.header.msg_type === 'stream')
        .map((m) => String(m.content.text))
        .join('');
    expect(heard(late.id)).toBe('timer\nafter it\npromise\n');
    expect(heard(next.id)).toBe('next\n'.repeat(8));
  });

  it('keeps the output of a running cell its own when a completion is asked for meanwhile', async () => {
    const id = await client.run(
      'await import("node:fs/promises").then(async (fs) => { for (let n = 0; n < 30; n++) { await new Promise((r) => setTimeout(r, 20)); await fs.stat("."); console.log(n); } });',
    );
    const asked = await client.ask('complete_request', { code: 'Math.sq', cursor_pos: 7 });
    const published = await client.publishedFor(id);
    const text = published.map((m) => String(m.content.text ?? '')).join('');
    expect(text).toBe(Array.from({ length: 30 }, (_, n) => `${n}\n`).join(''));
    expect(asked.published.every((m) => m.header.msg_type === 'status')).toBe(true);
  });

  it('aborts the cells behind one that failed, unless asked not to', async () => {
    const first = client.send('execute_request', { code: 'await null; throw new Error("first")' });
    const second = client.send('execute_request', { code: 'console.log("never")' });
    const [a, b] = await Promise.all([first, second]);
    const reply = (id: string) =>
      client.until(() => client.replies.find((m) => m.parent.msg_id === id));
    expect((await reply(a)).content.status).toBe('error');
    expect((await reply(b)).content).toEqual({ status: 'aborted' });
    expect(types(await client.publishedFor(b))).toEqual(['status', 'status']);
    const kept = client.send('execute_request', { code: 'throw 1', stop_on_error: false });
    const next = client.send('execute_request', { code: '2' });
    expect((await reply(await kept)).content).toMatchObject({ ename: 'Thrown', evalue: '1' });
    expect((await reply(await next)).content.status).toBe('ok');
  });

  it('prints from within a loop that never gives way', async () => {
    const end = signFile();
    const id = await client.run(
      `import { existsSync } from "node:fs";\nlet turns = 0;\nwhile (!existsSync(${end.name})) { if (turns++ % 1000 === 0) console.log(turns); }\nconsole.error("end");`,
    );
    // The first text is here while the cell still runs: no reply yet.
    expect(client.replies.some((m) => m.parent.msg_id === id)).toBe(false);
    end.write();
    const published = await client.publishedFor(id);
    expect(published.some((m) => m.content.name === 'stderr' && m.content.text === 'end\n')).toBe(
      true,
    );
  });

  it.each([
    ['waits', 'console.log("runs");\nawait new Promise(() => {});'],
    ['computes', computing],
    ['computes behind an await', `await null;\n${computing}`],
  ])('interrupts a cell that %s, by message; earlier variables stay', async (_, code) => {
    await client.execute('globalThis.kept = 5;');
    const id = await client.run(code);
    const interrupt = await client.ask('interrupt_request', {}, 'control');
    expect(interrupt.reply.content).toEqual({ status: 'ok' });
    const published = await client.publishedFor(id);
    expect(textOf(published, 'error')).toMatchObject({ ename: 'Interrupted' });
    const after = await client.execute('(globalThis as any).kept');
    expect(textOf(after.published, 'execute_result')?.data).toEqual({ 'text/plain': '5' });
  });

  it('interrupts a cell that has only just begun', async () => {
    for (let times = 0; times < 3; times++) {
      const id = await client.send('execute_request', {
        code: 'await new Promise((resolve) => setTimeout(resolve, 600_000));',
      });
      await client.until(() =>
        client.published.find(
          (m) => m.parent.msg_id === id && m.header.msg_type === 'execute_input',
        ),
      );
      await client.ask('interrupt_request', {}, 'control');
      const published = await client.publishedFor(id);
      expect(textOf(published, 'error')).toMatchObject({ ename: 'Interrupted' });
    }
  });

  it.skipIf(process.platform === 'win32')('interrupts by signal', async () => {
    const id = await client.run(computing);
    client.kernel.kill('SIGINT');
    expect(textOf(await client.publishedFor(id), 'error')).toMatchObject({ ename: 'Interrupted' });
  });

  it('answers heartbeat, kernel_info on control and completion while a cell runs', async () => {
    const end = signFile();
    const id = await client.run(
      `import { existsSync } from "node:fs";\nfor (let turns = 0; !existsSync(${end.name}); turns++) if (turns % 1000 === 0) console.log(turns);`,
    );
    expect(await client.beat()).toBe('beat');
    const info = await client.ask('kernel_info_request', {}, 'control');
    expect(info.reply.content.status).toBe('ok');
    expect(client.replies.some((m) => m.parent.msg_id === id)).toBe(false);
    end.write();
    await client.publishedFor(id);
    const later = signFile();
    const waiting = await client.run(
      `console.log("waits");\nwhile (!existsSync(${later.name})) await new Promise((r) => setTimeout(r, 20));`,
    );
    const { reply } = await client.ask('complete_request', { code: 'Math.hyp', cursor_pos: 8 });
    expect(reply.content.matches).toEqual(['hypot']);
    expect(client.replies.some((m) => m.parent.msg_id === waiting)).toBe(false);
    later.write();
    await client.publishedFor(waiting);
  });

  it('speaks with a widget through a comm while its cell waits', async () => {
    const id = await client.send('execute_request', {
      code: 'import { comms } from "nacre";\nawait new Promise<void>((done) => {\n  comms().onOpen("dial", (comm) => {\n    comm.onMessage(({ data }) => { comm.send({ twice: Number(data.value) * 2 }); done(); });\n  });\n  console.log("ready");\n});',
    });
    await client.until(() =>
      client.published.find((m) => m.parent.msg_id === id && m.content.text === 'ready\n'),
    );
    await client.send('comm_open', { comm_id: 'c1', target_name: 'dial', data: {} });
    await client.send('comm_msg', { comm_id: 'c1', data: { value: 21 } });
    const answer = await client.until(() =>
      client.published.find((m) => m.header.msg_type === 'comm_msg'),
    );
    expect(answer.content).toEqual({ comm_id: 'c1', data: { twice: 42 } });
    await client.publishedFor(id);
    const { reply } = await client.ask('comm_info_request', { target_name: 'dial' });
    expect(reply.content.comms).toEqual({ c1: { target_name: 'dial' } });
  });

  it('clears output, and refuses what it does not know in a reply', async () => {
    const { published } = await client.execute(
      'import { clearOutput } from "nacre";\nclearOutput({ wait: true });',
    );
    expect(textOf(published, 'clear_output')).toEqual({ wait: true });
    const id = await client.send('execute_request', { code: 5 });
    const reply = await client.until(() => client.replies.find((m) => m.parent.msg_id === id));
    expect(reply.content).toMatchObject({ status: 'error', ename: 'InvalidRequest' });
  });

  it('imports a file that was written after an import of it failed, and follows its changes', async () => {
    // The compiler watches no folder that stands close to the root.
    const folder = 'some/where/below';
    await client.execute(
      `import { mkdirSync, writeFileSync } from "node:fs";\nmkdirSync("${folder}", { recursive: true });`,
    );
    const use = `import { seven } from "./${folder}/later";\nseven`;
    expect(traceback((await client.execute(use)).published)).toContain('/later');
    for (const value of ['7', '"seven"']) {
      const { published } = await client.execute(
        `writeFileSync("${folder}/later.ts", 'export const seven = ${value};\\n');
writeFileSync("${folder}/other" + ${value} + ".ts", "export {};");`,
      );
      expect(textOf(published, 'error')).toBeUndefined();
      // Until the compiler's watchers have seen it.
      const shown = async () => {
        const { published: seen } = await client.execute(use);
        const data = textOf(seen, 'execute_result')?.data as Record<string, string> | undefined;
        return data?.['text/plain'] ?? traceback(seen);
      };
      await vi.waitFor(async () => expect(await shown()).toContain(value.replaceAll('"', '')), {
        timeout: 600_000,
        interval: 100,
      });
    }
  });

  it('drops a message with a wrong signature', async () => {
    const forged = await client.send('execute_request', { code: '1' }, 'shell', 'other key');
    await client.execute('2');
    expect(client.published.some((m) => m.parent.msg_id === forged)).toBe(false);
    expect(client.replies.some((m) => m.parent.msg_id === forged)).toBe(false);
  });

  it('shuts down on request, also in the middle of a computation', async () => {
    await client.run(computing);
    const ended = new Promise((resolve) => client.kernel.once('exit', resolve));
    const id = await client.send('shutdown_request', { restart: true }, 'control');
    const reply = await client.until(() => client.replies.find((m) => m.parent.msg_id === id));
    expect(reply.content).toEqual({ status: 'ok', restart: true });
    await ended;
  });
});
