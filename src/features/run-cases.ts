import type { Assumption } from '../runtime/assumptions.ts';
import { type RunUnkeptOptions, runUnkept, type TaskWork } from '../runtime/run-tasks.ts';
import { type CaseFailure, type CaseFiles, caseFailure } from './case-failure.ts';

/** A task of any extraction (cohort, batch, networks): the scan and the mask of one case. */
export interface CaseTask extends CaseFiles {
  /** Undefined: the label of the settings. */
  label?: number | 'all' | undefined;
  /** Name of the scan, where a patient has several. */
  scan?: string | undefined;
}

/** What a case gave. `R`: what was measured on one region; `never` where rows go to a cache. */
export interface CaseOutcome<R = never> {
  rows: R[];
  /** The whole case, or a region, label or extractor of it, that could not be measured. */
  failures: CaseFailure[];
  /** Regions that were measured but lost more than a tenth of their features; their rows are kept. */
  losses: CaseFailure[];
  /** Assumptions made in reading and measuring. */
  assumptions: Assumption[];
  /** SHA-256 of the bytes that were decoded; undefined where a file could not be read. */
  sha256?: { image: string; mask: string } | undefined;
}

export function emptyOutcome<R = never>(): CaseOutcome<R> {
  return { rows: [], failures: [], losses: [], assumptions: [] };
}

/**
 * Does a step of a case; a refusal is listed in its outcome and the case goes on.
 *
 * @throws what is no fault of the case
 */
export async function attempt(
  outcome: CaseOutcome<unknown>,
  task: CaseTask,
  part: Pick<CaseFailure, 'region' | 'extractor' | 'label'>,
  step: () => void | Promise<void>,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    const { scan } = task;
    const failure = caseFailure(error, task, part);
    outcome.failures.push(scan === undefined ? failure : { ...failure, scan });
  }
}

export interface RunCasesOptions<T, R>
  extends Omit<RunUnkeptOptions<T, CaseOutcome<R>>, 'kept' | 'keep' | 'nameOf'> {
  kept?: ((index: number) => CaseOutcome<R> | undefined) | undefined;
  keep?: ((index: number, outcome: CaseOutcome<R>) => void) | undefined;
}

/** Runs cases on worker threads or on this thread, those that have no kept outcome. Outcomes come in the order of the cases. */
export async function runCases<T extends CaseTask, R = never>(
  tasks: readonly T[],
  work: TaskWork<T, CaseOutcome<R>>,
  { kept = () => undefined, keep = () => {}, ...options }: RunCasesOptions<T, R>,
): Promise<CaseOutcome<R>[]> {
  const { outputs } = await runUnkept(tasks, work, { ...options, kept, keep, nameOf: caseName });
  return outputs;
}

/** Name of a case for progress and tables: the patient, with the scan where there are several, or the row. */
export function caseName({
  patient,
  row = 0,
  scan,
}: Omit<CaseTask, keyof CaseFiles> & Partial<CaseFiles>): string {
  const name = patient ?? `row ${row}`;
  return scan === undefined ? name : `${name} ${scan}`;
}
