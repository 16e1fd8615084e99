import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { parsePatientChoice } from '../../cohort/choose-patients.ts';
import { loadCohort } from '../../cohort/load-cohort.ts';
import { writeCsvColumns } from '../../machine/write-csv.ts';
import { startProgress } from '../../runtime/terminal/progress.ts';
import type { TrainedModel } from '../../study/model-file.ts';
import { type CohortPredictions, predictCohort } from '../../study/predict-cohort.ts';
import { csvText } from '../../table/csv.ts';
import type { PlainColumn } from '../../table/parquet-bytes.ts';
import { warnOfAssumptions } from '../assumption-lines.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptible, resumes } from '../interruptible.ts';

/** Options of `nacre predict` that concern a cohort. */
export interface CohortFlags {
  cohort?: string;
  only?: string;
  to?: string;
  data?: string;
  mirror?: string;
  pseudonymKey?: string;
  models?: string;
  cache?: string;
  allowOutside?: boolean;
  json?: boolean;
}

/** Options of one patient, which a cohort cannot be given together with. */
export interface PatientFlags {
  clinical?: string[];
  features?: string;
}

/** @throws InvalidArgumentError for a mixture of a cohort and one patient */
export function isCohort(
  words: readonly string[],
  { cohort, only, to, data, mirror, pseudonymKey, clinical, features }: CohortFlags & PatientFlags,
): boolean {
  if (cohort === undefined) {
    const stray = Object.entries({ only, to, data, mirror, pseudonymKey }).find(
      ([, value]) => value !== undefined,
    );
    if (stray === undefined) return false;
    throw new InvalidArgumentError('--only, --to, --data, --mirror, --pseudonym-key need --cohort');
  }
  if (words.length === 0 && clinical === undefined && features === undefined) return true;
  throw new InvalidArgumentError(
    '--cohort takes its patients from the manifest: no scans, --clinical or --features beside it',
  );
}

/** Predicts every patient of a cohort: a row each, as CSV or JSON; who was refused is listed with the reason. */
export async function predictWholeCohort(
  path: string,
  model: TrainedModel,
  { cohort: named = '', only, to, json, ...options }: CohortFlags,
): Promise<void> {
  await interruptible(resumes, async (signal) => {
    const { data, mirror, pseudonymKey, models, cache, allowOutside } = options;
    const cohort = await loadCohort(named, {
      data,
      mirror,
      pseudonymKey,
      only: only === undefined ? undefined : parsePatientChoice(only),
    });
    const answers = await predictCohort(model, cohort, {
      models,
      cache,
      allowOutside,
      folder: dirname(resolve(path)),
      signal,
      progress: (total, already) => startProgress('features', total, already),
    });
    for (const warning of model.card.warnings) process.stderr.write(`nacre: note: ${warning}\n`);
    for (const { reason } of answers.refused) process.stderr.write(`nacre: refused: ${reason}\n`);
    const summary = warnOfAssumptions(answers.assumptions, 'the output of --json');
    if (to !== undefined) writeCsvColumns(to, columnsOf(answers));
    if (json) {
      const { endpoint, card } = model;
      process.stdout.write(
        `${JSON.stringify({ ...answers, endpoint, warnings: card.warnings, intendedUse: card.intendedUse }, null, 2)}\n`,
      );
    } else if (to === undefined) {
      process.stdout.write(csvText(columnsOf(answers)));
    } else {
      process.stdout.write(
        `${answers.predictions.length} patients predicted, ${answers.refused.length} refused\n${summary}\npredictions: ${resolve(to)}\n${model.card.intendedUse}\n`,
      );
    }
    if (answers.refused.some(({ code }) => code !== 'left-out')) {
      process.exitCode = exitCodes.someFailed;
    }
  });
}

function columnsOf({ predictions, threshold }: CohortPredictions): PlainColumn[] {
  return [
    { name: 'patient', type: 'STRING', data: predictions.map(({ patient }) => patient) },
    { name: 'probability', type: 'DOUBLE', data: predictions.map((one) => one.probability) },
    { name: 'threshold', type: 'DOUBLE', data: predictions.map(() => threshold) },
    { name: 'predicted', type: 'STRING', data: predictions.map(({ predicted }) => predicted) },
    { name: 'remarks', type: 'STRING', data: predictions.map(({ remarks }) => remarks.join('; ')) },
  ];
}
