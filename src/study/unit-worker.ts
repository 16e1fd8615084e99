import type { PartitionOutcome } from '../evaluation/evaluate-partition.ts';
import { workerSetup } from '../runtime/worker-pool.ts';
import { runUnit, type Unit, type WorkerSetup } from './units.ts';

/** Worker thread of `runStudy`: the tables come once with the thread, then a unit at a time. */
export default function work(unit: Unit): Promise<PartitionOutcome> {
  return runUnit(workerSetup<WorkerSetup>(), unit);
}
