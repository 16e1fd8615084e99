import { NacreError } from '../runtime/errors.ts';
import type { Comms } from './kernel/comms.ts';
import { kernelHook } from './kernel/kernel-hook.ts';

/**
 * The comms of the running kernel: lines between cells and widgets of the front end.
 *
 * @throws NacreError `no-kernel` outside a notebook
 * @example
 * comms().onOpen('counter', (comm) => {
 *   comm.onMessage(({ data }) => comm.send({ count: Number(data.count) + 1 }));
 * });
 */
export function comms(): Comms {
  const hook = kernelHook();
  if (hook !== undefined) return hook.comms;
  throw new NacreError('no-kernel', 'comms need a notebook kernel', {
    found: 'a script without one',
    todo: 'run this in a cell of a notebook on the nacre kernel',
  });
}
