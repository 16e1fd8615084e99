import type { PartitionOutcome } from '../evaluation/evaluate-partition.ts';
import { workerSetup } from '../runtime/worker-pool.ts';
import { runUnit, type Unit, type WorkerSetup } from './units.ts';

/** Worker thread of `runStudy`: it receives the tables once, at its start, and then one unit at a time. */
export default function work(unit: Unit): Promise<PartitionOutcome> {
  return runUnit(workerSetup<WorkerSetup>(), unit);
}
