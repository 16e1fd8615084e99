import type { MeasuredStudy } from './measured-study.ts';
import { type StageCost, stageCost, stageSeconds } from './model.ts';

/** CPU seconds of one task of the evaluation. */
export interface TaskTime {
  name: string;
  /** Columns of each of its sets. */
  sets: readonly number[];
  /** How many a partition of one endpoint has. */
  perPartition: number;
  seconds: number;
}

export interface Forecast {
  workers: number;
  /** Seconds by stage, every worker as fast as one alone. */
  stages: Map<string, number>;
  /** All stages. */
  seconds: number;
  /** All stages, each further worker as costly as the second was. */
  contended: number;
  /** Resident memory, MB. */
  memory: number;
}

/** A study with other numbers of workers, or another study by the costs of this one's units. */
export function forecast(
  costs: readonly StageCost[],
  longestTask: number,
  { stages: measured, peak: [one, two] }: MeasuredStudy,
  workers: number,
): Forecast {
  const stages = new Map<string, number>();
  let contended = 0;
  for (const [i, cost] of costs.entries()) {
    const { units } = measured[i];
    const longest = cost.stage === 'evaluation' ? longestTask : 0;
    stages.set(cost.stage, stageSeconds(cost, units, workers, { longest }));
    contended += stageSeconds(cost, units, workers, { longest, contended: true });
  }
  const seconds = [...stages.values()].reduce((sum, stage) => sum + stage, 0);
  const memory = one + Math.max(0, two - one) * (workers - 1);
  return { workers, stages, seconds, contended, memory };
}

interface PageFacts {
  /** The study that is forecast first. */
  studies: readonly MeasuredStudy[];
  costs: readonly StageCost[];
  tasks: readonly TaskTime[];
  bandwidth: readonly number[];
  forecasts: readonly Forecast[];
  /** Machine and load. */
  here: string;
  /** Minutes that the bench took. */
  minutes: number;
  /** Processors of the machine. */
  cores: number;
}

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;

export function coresPage(facts: PageFacts): string {
  const { studies, costs, tasks, bandwidth, forecasts, here, minutes, cores } = facts;
  const [{ patients, stages: measured, peak }] = studies;
  const names = costs.map(({ stage }) => stage);
  const times = forecasts.map(({ workers, stages, seconds, contended, memory }) =>
    row([
      workers,
      ...names.map((name) => stages.get(name)!.toFixed(1)),
      `**${seconds.toFixed(0)}**`,
      contended.toFixed(0),
      (forecasts[0].seconds / seconds).toFixed(1),
      (memory / 1024).toFixed(1),
    ]),
  );
  const unitRows = costs.map(({ stage, unit, main, contention }, i) =>
    row([
      stage,
      measured[i].units,
      measured[i].seconds.map((seconds) => seconds.toFixed(1)).join(' / '),
      unit === 0 ? '' : (1000 * unit).toFixed(0),
      (1000 * main).toFixed(1),
      unit === 0 ? '' : `${(100 * contention).toFixed(0)}%`,
    ]),
  );
  const last = forecasts.at(-1)!;
  const [longest, longestSeconds] = [...last.stages].sort((a, b) => b[1] - a[1])[0];
  const longestTask = Math.max(...tasks.map(({ seconds }) => seconds));
  return `# More cores, on paper

The default study (studies/phantom.yaml) with ${patients} SYNTHETIC patients, three scans, two regions, five extractors, both endpoints, ten
partitions, without audit and learning curve: **projected** for 1 to 64 workers from the same study, measured stage by stage with one and with two
workers in this run. Measured in this run, too: one task of the evaluation of each size, the bandwidth of memory, and a second study to
test the model by. Written by \`npm run bench -- cores\` in ${minutes.toFixed(0)} minutes (${here}).

![Projected time and memory by the number of workers](cores.svg)

| workers | ${names.map((name) => `${name}, s`).join(' | ')} | all, s | all with contention, s | times as fast | memory, GB |
|---:|${names.map(() => '---:|').join('')}---:|---:|---:|---:|
${times.join('\n')}

With 64 workers the longest stage is ${longest} (${longestSeconds.toFixed(0)} s). "With contention" lets every further worker cost what the
second one did.

## The measured points beside the model

All stages: patients drawn, networks, extraction, tables, evaluation, report. The costs of a unit are those of ${patients} patients, so that its own
two rows lie near 1 by construction; the study of ${studies[1].patients} patients tests them. Of the evaluation they are those of the study itself, as a fit on fewer
patients costs less.

| patients | workers | model, s | model with contention, s | measured, s | model over measured | peak memory, MB |
|---|---:|---:|---:|---:|---:|---:|
${studies.flatMap((one) => [1, 2].map((workers) => checkedRow(one, costs, longestTask, workers))).join('\n')}

The machine has ${cores} processors: more workers could not be measured. As many workers as processors leave none for the main thread and the
collector of garbage, which a machine with one more would give them.

## What a unit costs

${patients} patients. A unit: a patient drawn, a network, a scan's region by an extractor, a set fitted on a partition, a page or picture.

| stage | units | seconds, 1 / 2 workers | ms a unit | main thread, ms a unit | a second worker adds |
|---|---:|---:|---:|---:|---:|
${unitRows.join('\n')}

One task of the evaluation, all sets of one partition that share columns, at ${patients} patients with the pipeline of the default study. No stage
ends before its longest task:

| sets | columns of each | tasks a partition | CPU ms |
|---|---|---:|---:|
${tasks.map(({ name, sets, perPartition, seconds }) => row([name, sets.join(', '), perPartition, (1000 * seconds).toFixed(0)])).join('\n')}

Copying 128 MB arrays (bytes read and written): ${bandwidth[0].toFixed(1)} GB a CPU second for one thread, ${bandwidth[1].toFixed(1)} for each of two at once.

## The formulas

- A stage of U units on W workers: max(⌈U / W⌉ · u, l, U · m), u the seconds of a unit, l those of the longest task, m the main thread's
  share of a unit (taking results, writing them), which no worker takes off it. With contention u and l grow by c for each worker beyond
  the first, c being what two workers took longer than half of one.
- \`tables\` and \`report\` are one thread's; networks are made once, a worker each.
- Memory: the peak with one worker, and the difference between two and one (${(peak[1] - peak[0]).toFixed(0)} MB) for each further worker.

## What the model leaves out

- Cores that run slower when all are busy, hyper-threads that share one, memory on another socket. The bandwidth above is what a
  thread can move here; a machine with 64 cores has more channels, and fewer for each core. The column with contention is the
  pessimist's answer, a straight line through two points.
- Overlap: a study that evaluates while it still extracts waits less at the end of a stage than ⌈U / W⌉ says.
- The order of units: the longest may begin last, and be waited for.
- Chromium, which draws the pictures of the report in processes of its own; disks; the system's cache of files.
- The audit and the learning curve of the default study: further units of evaluation.
`;
}

function checkedRow(
  study: MeasuredStudy,
  costs: readonly StageCost[],
  longestTask: number,
  workers: number,
): string {
  const costsHere = costs.map((cost, i) =>
    cost.stage === 'evaluation' ? stageCost(study.stages[i]) : cost,
  );
  const { seconds, contended } = forecast(costsHere, longestTask, study, workers);
  const measured = study.stages.reduce((sum, stage) => sum + stage.seconds[workers - 1], 0);
  return row([
    study.patients,
    workers,
    seconds.toFixed(0),
    contended.toFixed(0),
    measured.toFixed(0),
    (contended / measured).toFixed(2),
    study.peak[workers - 1].toFixed(0),
  ]);
}
