import type { Cohort } from '../cohort/cohort.ts';
import {
  type ExtractCohortOptions,
  type ExtractedFeatures,
  extractCohort,
} from '../features/extract-cohort.ts';
import { notHarmonised, type PatientSite } from '../learning/combat/portable-combat.ts';
import { predictPortable } from '../learning/portable-pipeline.ts';
import { type Assumption, AssumptionLog, type NoteAssumption } from '../runtime/assumptions.ts';
import { type ErrorCode, NacreError } from '../runtime/errors.ts';
import { patientRows } from '../table/patient-rows.ts';
import { clinicalBlock } from './feature-sets.ts';
import { checkFeatures, checkRanges, checkScans } from './model-checks.ts';
import { checkWeights, extractionOfModel } from './model-extraction.ts';
import type { TrainedModel } from './model-file.ts';
import { clinicalValuesOf } from './model-values.ts';

export interface PredictCohortOptions extends ExtractCohortOptions {
  /** Predicts also for values far outside training, with a remark. Default false: such a patient is refused. */
  allowOutside?: boolean | undefined;
}

export interface PatientPrediction {
  patient: string;
  /** Of class 1, in [0, 1]. */
  probability: number;
  /** Name of the class that is predicted. */
  predicted: string;
  /** Values that were imputed, and values at the edge of the training range. */
  remarks: string[];
}

/** A patient without a prediction. */
export interface RefusedPatient {
  patient: string;
  /** Stable code of the error; `no-scan` for a patient who lacks a scan, `left-out` for one whom the cohort itself leaves out. */
  code: ErrorCode | 'no-scan' | 'left-out';
  reason: string;
}

export interface CohortPredictions {
  /** In the order of the cohort. */
  predictions: PatientPrediction[];
  refused: RefusedPatient[];
  /** Class 1 is predicted at and above it. */
  threshold: number;
  /** Where image features come from: made from the scans by the model's recipe, read from tables, or not needed. */
  features: 'extracted' | 'read' | 'none';
  /** What was assumed in loading and measuring, sorted. */
  assumptions: Assumption[];
}

/**
 * Predicts every patient of a cohort with a trained model. Features that the tables of the cohort hold under the model's names are
 * read; otherwise they are made from the scans by the model's recipe. One patient who cannot be predicted does not stop the others:
 * `refused` has the reason of each.
 *
 * @throws NacreError where no patient could be predicted alike: `feature-missing` (the cohort lacks a variable or a feature),
 *   `other-coding`, `other-weights`, `unknown-name` (it lacks a scan), `no-patients`
 */
export async function predictCohort(
  model: TrainedModel,
  cohort: Cohort,
  { allowOutside = false, ...options }: PredictCohortOptions = {},
): Promise<CohortPredictions> {
  const { endpoint, pipeline } = model;
  const log = new AssumptionLog();
  log.noteAll(cohort.assumptions ?? []);
  const clinical = clinicalValuesOf(model, cohort, log.note);
  const images = await imageValuesOf(model, cohort, { options, note: log.note });
  const refused: RefusedPatient[] = [...images.refused];
  const out = new Set(refused.map(({ patient }) => patient));
  const predictions: PatientPrediction[] = [];
  const placeOf = placesOf(model, cohort);
  for (const [row, patient] of cohort.patients.entries()) {
    if (out.has(patient)) continue;
    const remarks: string[] = [];
    try {
      if (images.features === 'extracted') {
        const scans = Object.entries(cohort.images ?? {}).map(([scan, files]) => [
          scan,
          files[row],
        ]);
        await checkScans(model, Object.fromEntries(scans));
      }
      const values = new Map([...images.featuresOf(patient), ...clinical.valuesOf(row, remarks)]);
      checkFeatures(model, values, remarks);
      checkRanges(model, values, { allowOutside, remarks });
      const place = { patient, ...placeOf(row, remarks) };
      const { probability } = predictPortable(pipeline, values, place);
      const predicted =
        probability >= pipeline.threshold ? endpoint.positiveName : endpoint.negativeName;
      predictions.push({ patient, probability, predicted, remarks });
    } catch (error) {
      if (!(error instanceof NacreError)) throw error;
      refused.push({ patient, code: error.code, reason: error.message });
    }
  }
  for (const { patient, reason } of cohort.excluded) {
    refused.push({ patient, code: 'left-out', reason });
  }
  return {
    predictions,
    refused: refused.sort((a, b) => (a.patient < b.patient ? -1 : a.patient > b.patient ? 1 : 0)),
    threshold: pipeline.threshold,
    features: images.features,
    assumptions: log.list(),
  };
}

/** Site and covariates of a patient, for a model that harmonises. */
function placesOf({ pipeline: { harmonise } }: TrainedModel, cohort: Cohort) {
  if (harmonise === undefined) return () => ({});
  const valueAt = (name: string | undefined, row: number) => {
    const column = name === undefined ? undefined : cohort.columns?.[name];
    const value = column?.values[row];
    return value === undefined || Number.isNaN(value) ? undefined : value;
  };
  return (row: number, remarks: string[]): PatientSite => {
    const value = valueAt(harmonise.by, row);
    const site = value === undefined ? undefined : String(value);
    if (site === undefined || !harmonise.sites.includes(site)) remarks.push(notHarmonised);
    return {
      site,
      covariates: Object.fromEntries(
        harmonise.codings.map(({ name }) => [name, valueAt(name, row)]),
      ),
    };
  };
}

interface ImageValues {
  features: CohortPredictions['features'];
  featuresOf(patient: string): Map<string, number>;
  refused: RefusedPatient[];
}

/** Values of the columns that are not clinical: from tables of the cohort where they hold all of them, else from its scans. */
async function imageValuesOf(
  model: TrainedModel,
  cohort: Cohort,
  { options, note }: { options: ExtractCohortOptions; note: NoteAssumption },
): Promise<ImageValues> {
  const names = model.pipeline.columns
    .map(({ name }) => name)
    .filter((name) => !name.startsWith(`${clinicalBlock}.`));
  if (names.length === 0) return { features: 'none', featuresOf: () => new Map(), refused: [] };
  const known = new Map(
    Object.values(cohort.blocks).flatMap(({ columns }) =>
      columns.map(({ name, values }) => [name, values] as const),
    ),
  );
  const lacking = names.filter((name) => !known.has(name));
  const extraction = extractionOfModel(model);
  if (lacking.length > 0 && extraction !== undefined) {
    const extracted = await extractCohort(cohort, extraction, options);
    checkWeights(model, extracted);
    for (const assumption of extracted.assumptions) note(assumption);
    return extractedValues(extracted);
  }
  if (lacking.length > 0) throw lackingFeatures(cohort, names, lacking);
  if (extraction !== undefined) {
    note({
      kind: 'features-read',
      found: `tables of the cohort hold all ${names.length} image features of the model`,
      taken: 'read from the tables; the scans are not opened',
      why: 'that they were made by the recipe of the model is taken as given',
    });
  }
  const rowOf = new Map(cohort.patients.map((patient, row) => [patient, row]));
  return {
    features: 'read',
    refused: [],
    featuresOf(patient) {
      const row = rowOf.get(patient) as number;
      return new Map(names.map((name) => [name, (known.get(name) as Float64Array)[row]]));
    },
  };
}

function extractedValues(extracted: ExtractedFeatures): ImageValues {
  const { patients, blocks, failures, missingScans } = extracted;
  const columns = Object.values(blocks).flatMap((table) => table.columns);
  const rowOf = new Map(patients.map((patient, row) => [patient, row]));
  const first = new Map<string, RefusedPatient>();
  for (const { patient, code, message } of failures) {
    if (!first.has(patient)) first.set(patient, { patient, code, reason: message });
  }
  for (const { patient, scans, left } of missingScans) {
    if (left !== 'out' || first.has(patient)) continue;
    first.set(patient, { patient, code: 'no-scan', reason: `no scan of ${scans.join(', ')}` });
  }
  return {
    features: 'extracted',
    refused: [...first.values()],
    featuresOf(patient) {
      const row = rowOf.get(patient) as number;
      return new Map(columns.map(({ name, values }) => [name, values[row]]));
    },
  };
}

function lackingFeatures(
  { id, blocks }: Cohort,
  names: readonly string[],
  lacking: readonly string[],
): NacreError {
  const shown = lacking.slice(0, 3).join(', ') + (lacking.length > 3 ? ', …' : '');
  return new NacreError('feature-missing', `the cohort ${id} lacks features of the model`, {
    found: `${lacking.length} of ${names.length} missing (${shown}) in ${Object.keys(blocks).join(', ') || 'no block'}`,
    expected: 'a table of features under the same names',
    todo: 'name the same block, modality and region under features in the manifest',
  });
}

/** Rows of the cohort for the patients of some predictions, in their order. */
export function rowsOfPredictions(
  cohort: Pick<Cohort, 'patients'>,
  predictions: readonly Pick<PatientPrediction, 'patient'>[],
): number[] {
  return patientRows(
    cohort.patients,
    predictions.map(({ patient }) => patient),
  );
}
