import type { PartitionOutcome } from '../evaluation/evaluate-partition.ts';
import { workerSetup } from '../runtime/worker-setup.ts';
import { runUnits, type Unit, type WorkerSetup } from './units.ts';

/** Worker thread of `runStudy`: it receives the tables once, at its start, and then units that share columns. */
export default function work(units: readonly Unit[]): Promise<PartitionOutcome[]> {
  return runUnits(workerSetup<WorkerSetup>(), units);
}
