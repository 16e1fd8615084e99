import { workerSetup } from '../../../src/runtime/worker-pool.ts';

export default function square(n: number): number {
  if (n < 0) throw new Error(`no ${n}`);
  return n * n + workerSetup<{ plus: number }>().plus;
}
