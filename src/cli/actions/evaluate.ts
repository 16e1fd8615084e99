import { basename, dirname, resolve } from 'node:path';
import { parsePatientChoice } from '../../cohort/choose-patients.ts';
import { loadCohort } from '../../cohort/load-cohort.ts';
import { estimateText } from '../../report/evaluation-page.ts';
import { writeEvaluation } from '../../report/write-evaluation.ts';
import { startProgress } from '../../runtime/terminal/progress.ts';
import { textTable } from '../../runtime/terminal/text-table.ts';
import { evaluateModel, type ModelEvaluation } from '../../study/evaluate-model.ts';
import { readTrainedModel } from '../../study/model-file.ts';
import { trainingPatients } from '../../study/training-patients.ts';
import { warnOfAssumptions } from '../assumption-lines.ts';
import { interruptible, resumes } from '../interruptible.ts';

interface Options {
  only?: string;
  against?: string;
  endpoint?: string;
  out: string;
  name?: string;
  seed: number;
  resamples: number;
  allowOutside?: boolean;
  data?: string;
  mirror?: string;
  pseudonymKey?: string;
  models?: string;
  cache?: string;
  workers?: number;
  json?: boolean;
}

export async function evaluateCommand(
  path: string,
  cohortName: string,
  options: Options,
): Promise<void> {
  const model = readTrainedModel(path);
  const rival = options.against === undefined ? undefined : readTrainedModel(options.against);
  const only = options.only === undefined ? undefined : parsePatientChoice(options.only);
  const { data, mirror, pseudonymKey } = options;
  const name = options.name ?? defaultName(path, cohortName, options);
  await interruptible(resumes, async (signal) => {
    const source = { data, mirror, pseudonymKey };
    const cohort = await loadCohort(cohortName, { ...source, only });
    const trainedOn = [];
    for (const one of rival === undefined ? [model] : [model, rival]) {
      trainedOn.push(await trainingPatients(one, cohortName, source));
    }
    const { endpoint, seed, resamples, allowOutside, models, cache, workers } = options;
    const evaluation = await evaluateModel(model, cohort, {
      endpoint,
      rival,
      rivalFolder: options.against && dirname(resolve(options.against)),
      trainedOn,
      seed,
      resamples,
      allowOutside,
      models,
      cache,
      workers,
      folder: dirname(resolve(path)),
      signal,
      progress: (total, already) => startProgress('features', total, already),
    });
    const written = writeEvaluation(evaluation, { folder: resolve(options.out), name });
    if (options.json) {
      process.stdout.write(`${JSON.stringify(evaluation, null, 2)}\n`);
      return;
    }
    const summary = warnOfAssumptions(evaluation.assumptions, written.results);
    process.stdout.write(
      `${evaluationText(evaluation)}\n${summary}\nevaluation: ${written.results}\npredictions: ${written.predictions}\nreport: ${written.report}\n`,
    );
  });
}

/** `clinical-on-ispy1`, with the values of --only; what no file name can hold becomes `-`. */
function defaultName(path: string, cohort: string, { only, against }: Options): string {
  const stem = (file: string) => basename(file).replace(/\.json$/, '');
  const named = cohort.endsWith('.json')
    ? stem(cohort) === 'manifest'
      ? basename(dirname(resolve(cohort)))
      : stem(cohort)
    : cohort;
  const parts = [stem(path), 'on', named];
  if (only !== undefined) parts.push(only.slice(only.indexOf('=') + 1));
  if (against !== undefined) parts.push('against', stem(against));
  return parts
    .join('-')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '');
}

/** An evaluation as text for a terminal. */
export function evaluationText(evaluation: ModelEvaluation): string {
  const { model, cohort, results, comparison, refused, unknownOutcome } = evaluation;
  const { positiveName } = model.endpoint;
  const home = (name: string) => {
    const found = model.atHome.metrics[name];
    return found === undefined
      ? '–'
      : estimateText({ value: found.mean, low: found.low, high: found.high });
  };
  const only = (choice: { only?: { column: string; values: readonly string[] } | undefined }) =>
    choice.only === undefined
      ? ''
      : `, only ${choice.only.column} = ${choice.only.values.join(' or ')}`;
  const metrics = [
    ['balanced accuracy', 'balancedAccuracy'],
    ['AUC', 'auc'],
    ['sensitivity', 'sensitivity'],
    ['specificity', 'specificity'],
    ['Brier score', 'brier'],
  ] as const;
  const { calibration, recalibrated } = results;
  const parts = [
    `${model.title}, asked elsewhere${cohort.synthetic ? ' [SYNTHETIC]' : ''}`,
    `trained on ${model.trainedOn.patients} patients of ${model.trainedOn.title}${only(model.trainedOn)}`,
    `asked about ${evaluation.patients.length} of ${cohort.title}${only(cohort)}: ${results.patients} with a known outcome, ${results.positives} ${positiveName}${unknownOutcome > 0 ? `, ${unknownOutcome} unknown` : ''}; ${refused.length} without an answer that counts`,
    '',
    textTable(
      ['metric', 'elsewhere (95% interval)', 'at home'],
      metrics.map(([title, name]) => [title, estimateText(results.metrics[name]), home(name)]),
    ),
    '',
    `calibration in the large ${estimateText(calibration.intercept, 2)}, slope ${estimateText(calibration.slope, 2)}; mean prediction ${calibration.predicted.value.toFixed(3)}, observed ${calibration.observed.value.toFixed(3)}`,
    recalibrated === undefined
      ? 'recalibrated: not possible here'
      : `recalibrated here (cross-fitted): Brier score ${recalibrated.brier.toFixed(3)}, balanced accuracy ${recalibrated.balancedAccuracy.toFixed(3)}`,
  ];
  if (comparison !== undefined) {
    const { auc, classes, patients } = comparison;
    const p = (value: number | null) =>
      value === null ? '–' : value < 0.001 ? '< 0.001' : value.toFixed(3);
    parts.push(
      `against ${comparison.model.title} on ${patients} patients: AUC ${auc.a.auc.toFixed(3)} and ${auc.b.auc.toFixed(3)}, difference ${estimateText({ value: auc.difference, low: auc.low, high: auc.high })}, DeLong p ${p(auc.p)}; right alone ${classes.onlyFirst} and ${classes.onlySecond}, McNemar p ${p(classes.exact)}`,
    );
  }
  const reasons = new Map<string, number>();
  for (const { code } of refused) reasons.set(code, (reasons.get(code) ?? 0) + 1);
  for (const [code, patients] of reasons) parts.push(`without an answer, ${code}: ${patients}`);
  return parts.join('\n');
}
