import type { MeasuredStage } from './measured-study.ts';

/** What one stage of a study costs, from measured runs with one and two workers. */
export interface StageCost {
  stage: string;
  /** Seconds of one unit on a worker; 0 where workers take none of it. */
  unit: number;
  /** Seconds of the main thread per unit, which no worker takes off it. */
  main: number;
  /** Share by which each further busy worker lengthens a unit, its start spread over its units. */
  contention: number;
}

/** Stages whose units workers take; the others are one thread's. */
const pooled: readonly string[] = ['phantom', 'networks', 'extraction', 'evaluation'];

/** The cost of a stage. What two workers take longer than half of one is what a second worker costs: start, caches, memory, waiting. */
export function stageCost({
  stage,
  units,
  seconds: [one, two],
  mainSeconds,
}: MeasuredStage): StageCost {
  if (!pooled.includes(stage)) {
    return { stage, unit: 0, main: Math.min(one, two) / units, contention: 0 };
  }
  return {
    stage,
    unit: one / units,
    main: Math.min(mainSeconds, two) / units,
    contention: Math.max(0, (2 * two) / one - 1),
  };
}

/**
 * Seconds of a stage of so many units with so many workers, each on a core of its own: those of the worker with the most units, or
 * the main thread's where these are more.
 *
 * @param longest seconds of the longest task, where tasks hold several units: no stage ends before it
 * @param contended lengthens units by the contention of each further worker, as it was measured for the second
 */
export function stageSeconds(
  { unit, main, contention }: StageCost,
  units: number,
  workers: number,
  { longest = 0, contended = false }: { longest?: number; contended?: boolean } = {},
): number {
  const busy = Math.min(workers, units);
  const slower = contended ? 1 + contention * (busy - 1) : 1;
  const last = Math.max(Math.ceil(units / busy) * unit, longest);
  return Math.max(last * slower, units * main);
}
