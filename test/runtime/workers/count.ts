import { countOn, type SharedCounter } from '../../../src/runtime/shared-counter.ts';
import { workerSetup } from '../../../src/runtime/worker-setup.ts';

/** Counts what this thread does. */
export default (input: number): number => {
  countOn(workerSetup<{ counter: SharedCounter }>().counter);
  return input;
};
