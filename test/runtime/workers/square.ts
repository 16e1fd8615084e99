import { NacreError } from '../../../src/runtime/errors.ts';
import { workerSetup } from '../../../src/runtime/worker-setup.ts';

export default function square(n: number): number {
  if (n === -3)
    throw new NacreError('bad-option', 'refused', {
      found: '-3',
      patient: 'P3',
      cause: new Error('deep'),
    });
  if (n < 0) throw new Error(`no ${n}`);
  return n * n + workerSetup<{ plus: number }>().plus;
}
