import { join } from 'node:path';
import { measuredStages } from '../study/measured-stages.ts';

/** One stage with one and with two workers. */
export interface MeasuredStage {
  stage: string;
  units: number;
  /** Seconds on the clock. */
  seconds: [number, number];
  /** Seconds of the main thread, with two workers. */
  mainSeconds: number;
}

/** The whole default study of so many patients. */
export interface MeasuredStudy {
  patients: number;
  stages: MeasuredStage[];
  /** Highest resident memory, MB, with one and with two workers. */
  peak: [number, number];
}

/** Runs the study with two workers and with one, each from nothing. */
export function measuredStudy(patients: number, dist: string, folder: string): MeasuredStudy {
  const run = (workers: number) =>
    measuredStages(
      { patients, extent: 'whole', workers },
      dist,
      join(folder, `${patients}-${workers}`),
    ).filter(({ stage }) => !stage.startsWith('of '));
  const pair = run(2);
  const single = run(1);
  return {
    patients,
    stages: single.map(({ stage, units, seconds }, i) => ({
      stage,
      units,
      seconds: [seconds, pair[i].seconds],
      mainSeconds: pair[i].mainSeconds,
    })),
    peak: [
      Math.max(...single.map(({ peakMB }) => peakMB)),
      Math.max(...pair.map(({ peakMB }) => peakMB)),
    ],
  };
}
