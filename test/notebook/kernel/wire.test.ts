import { describe, expect, it } from 'vitest';
import {
  type JupyterMessage,
  newHeader,
  Wire,
  written,
} from '../../../src/notebook/kernel/wire.ts';

function message(content: Record<string, unknown> = { code: 'ä' }): JupyterMessage {
  return {
    identities: [Buffer.from('client')],
    header: newHeader('execute_request', 'session'),
    parent: {},
    metadata: { a: 1 },
    content,
    buffers: [Uint8Array.of(1, 2, 3)],
  };
}

const buffers = (frames: readonly (Uint8Array | string)[]) =>
  frames.map((frame) => Buffer.from(frame));

describe('the wire protocol', () => {
  it('reads back what it wrote, identities and buffers included', () => {
    const sent = message();
    const frames = buffers(new Wire('key').frames(written(sent)));
    const read = new Wire('key').read(frames);
    expect(read).toMatchObject({ header: sent.header, content: { code: 'ä' }, metadata: { a: 1 } });
    expect(read?.identities.map(String)).toEqual(['client']);
    expect([...(read?.buffers[0] ?? [])]).toEqual([1, 2, 3]);
  });

  it('drops another key, a changed part and a message that was seen before', () => {
    const frames = buffers(new Wire('key').frames(written(message())));
    expect(new Wire('other').read(frames)).toBeUndefined();
    const changed = frames.map((frame) =>
      frame.includes('code') ? Buffer.from('{"code":"evil"}') : frame,
    );
    expect(new Wire('key').read(changed)).toBeUndefined();
    const wire = new Wire('key');
    expect(wire.read(frames)).toBeDefined();
    expect(wire.read(frames)).toBeUndefined();
  });

  it.each([
    ['nothing', []],
    ['no delimiter', ['a', 'b', 'c', 'd', 'e', 'f']],
    ['too few parts', ['<IDS|MSG>', '', '{}', '{}']],
    ['no JSON', ['<IDS|MSG>', '', '{', '{}', '{}', '{}']],
    ['a header without a type', ['<IDS|MSG>', '', '{}', '{}', '{}', '{}']],
    ['a header that is null', ['<IDS|MSG>', '', 'null', '{}', '{}', '{}']],
  ])('drops %s', (_, frames) => {
    // Without a key the signature does not matter.
    expect(new Wire('').read(buffers(frames))).toBeUndefined();
  });
});
