/** Milliseconds of a run, on the clock and of CPU, and what else the process reports. */
export type Timed = { ms: number; cpu: number; writing?: number };

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Medians of runs, each number by itself. */
export function middle(runs: readonly Timed[]): Timed {
  const writing = runs.flatMap((run) => run.writing ?? []);
  return {
    ms: median(runs.map(({ ms }) => ms)),
    cpu: median(runs.map(({ cpu }) => cpu)),
    ...(writing.length === 0 ? {} : { writing: median(writing) }),
  };
}
