import { expect, it } from 'vitest';
import { Comms } from '../../../src/notebook/kernel/comms.ts';

const empty = { metadata: {}, buffers: [] };

function made() {
  const sent: [string, Record<string, unknown>][] = [];
  return { sent, comms: new Comms((type, content) => sent.push([type, content])) };
}

it('a cell opens a comm, hears the front end and closes it', async () => {
  const { sent, comms } = made();
  const comm = comms.open('slider', { min: 0 });
  const heard: unknown[] = [];
  comm.onMessage(({ data }) => heard.push(data));
  await comms.received(comm.id, { data: { value: 3 }, ...empty });
  expect(heard).toEqual([{ value: 3 }]);
  expect(comms.info()).toEqual({ [comm.id]: { target_name: 'slider' } });
  expect(comms.info('other')).toEqual({});
  comm.close();
  comm.close();
  expect(sent.map(([type]) => type)).toEqual(['comm_open', 'comm_close']);
  expect(comms.info()).toEqual({});
});

it('the front end opens a comm to a target of a cell; an unknown target is closed at once', async () => {
  const { sent, comms } = made();
  comms.onOpen('counter', (comm, { data }) => comm.send({ count: Number(data.count) + 1 }));
  await comms.opened('one', 'counter', { data: { count: 1 }, ...empty });
  await comms.opened('two', 'nobody', { data: {}, ...empty });
  expect(sent).toEqual([
    ['comm_msg', { comm_id: 'one', data: { count: 2 } }],
    ['comm_close', { comm_id: 'two', data: {} }],
  ]);
});
