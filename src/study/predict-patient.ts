import { numberFrom } from '../cohort/cell-value.ts';
import type { Cohort, ScanFiles } from '../cohort/cohort.ts';
import {
  type ExtractCohortOptions,
  type ExtractedFeatures,
  extractCohort,
} from '../features/extract-cohort.ts';
import { notHarmonised } from '../learning/combat/portable-combat.ts';
import { type Predicted, predictPortable } from '../learning/portable-pipeline.ts';
import { NacreError, nearestName, unknownName } from '../runtime/errors.ts';
import { clinicalBlock } from './feature-sets.ts';
import { checkFeatures, checkRanges, checkScans } from './model-checks.ts';
import { checkWeights, extractionOfModel } from './model-extraction.ts';
import type { TrainedModel } from './model-file.ts';
import { clinicalName } from './train-model.ts';

/** Input data of a new patient. */
export interface NewPatient {
  /** By scan: `ceT1`. */
  scans: Readonly<Record<string, ScanFiles>>;
  /** By variable: `age`, `subtype`. Text as it stands in a table; empty is missing. */
  clinical: Readonly<Record<string, string>>;
  /** Site, cohort or scanner by the name that training had for it, for models that harmonise sites. */
  site?: string | undefined;
  /** Features by column name, for models whose cohort came with tables of features; NaN is missing. */
  features?: ReadonlyMap<string, number> | undefined;
}

export interface PredictOptions extends ExtractCohortOptions {
  /** Predicts also for values far outside training, with a remark. Default false: refused. */
  allowOutside?: boolean | undefined;
}

export interface Prediction extends Predicted {
  threshold: number;
  /** Name of the class that is predicted. */
  predicted: string;
  /** Values that were imputed, and values at the edge of the training range. */
  remarks: string[];
}

/**
 * Predicts a new patient with a trained model: features are made from the scans by the model's recipe.
 *
 * A number outside the range of training is a remark, up to the width of that range; farther off it is refused.
 *
 * @throws NacreError `scan-missing`, `spacing-out-of-range`, `outside-training`, `not-a-number`, `feature-missing`,
 *   `clinical-missing`, `unknown-name`, `other-weights`, and what
 *   the readers and the extraction refuse (no mask, another grid, an empty mask)
 */
export async function predictPatient(
  model: TrainedModel,
  patient: NewPatient,
  { allowOutside = false, ...options }: PredictOptions = {},
): Promise<Prediction> {
  const { endpoint, pipeline } = model;
  const remarks: string[] = [];
  const values = new Map<string, number>(patient.features);
  checkNames(model, patient, remarks);
  await checkScans(model, patient.scans);
  for (const [name, value] of clinicalValues(model, patient, remarks)) values.set(name, value);
  for (const [name, value] of await scanValues(model, patient, options)) values.set(name, value);
  checkFeatures(model, values, remarks);
  checkRanges(model, values, { allowOutside, remarks });
  const { harmonise } = pipeline;
  if (harmonise !== undefined && !harmonise.sites.includes(patient.site ?? '')) {
    remarks.push(notHarmonised);
  }
  const predicted = predictPortable(pipeline, values, {
    site: patient.site,
    covariates: givenOnly(patient.clinical),
  });
  const positive = predicted.probability >= pipeline.threshold;
  return {
    ...predicted,
    threshold: pipeline.threshold,
    predicted: positive ? endpoint.positiveName : endpoint.negativeName,
    remarks,
  };
}

/** An empty text is a missing value. */
function givenOnly(clinical: NewPatient['clinical']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(clinical).map(([name, text]) => [name, text === '' ? undefined : text]),
  );
}

function checkNames(
  { recipe, pipeline }: TrainedModel,
  { scans, clinical }: NewPatient,
  remarks: string[],
): void {
  const known = recipe.extraction?.scans ?? [];
  for (const scan of Object.keys(scans)) {
    if (known.includes(scan)) continue;
    throw unknownName('the model was trained on no such scan', scan, known);
  }
  // Variables that the selection left out are taken and not used: the same command line serves several models.
  for (const variable of Object.keys(clinical)) {
    if (Object.hasOwn(recipe.clinical, variable)) continue;
    if (pipeline.harmonise?.codings.some(({ name }) => name === variable)) continue;
    const near = nearestName(variable, Object.keys(recipe.clinical));
    remarks.push(
      `${variable} is not used by this model${near === undefined ? '' : ` (did you mean ${near}?)`}`,
    );
  }
  for (const [variable, { meanings, codes = {} }] of Object.entries(recipe.clinical)) {
    const given = clinical[variable] ?? '';
    const texts = [...new Set([...(meanings ?? []), ...Object.keys(codes)])];
    if (given === '' || texts.length === 0 || texts.includes(given)) continue;
    throw unknownName(`the model knows no such value of ${variable}`, given, texts);
  }
}

/** Values of the clinical columns; a missing value is accepted only where training had missing values too. */
function clinicalValues(
  { recipe, pipeline }: TrainedModel,
  { clinical }: NewPatient,
  remarks: string[],
): Map<string, number> {
  const values = new Map<string, number>();
  const coded = (variable: string) => {
    const text = clinical[variable] ?? '';
    return String(recipe.clinical[variable]?.codes?.[text] ?? text);
  };
  for (const [variable, { range, mayBeMissing }] of Object.entries(recipe.clinical)) {
    const text = coded(variable);
    if (text === '') {
      if (!mayBeMissing) {
        throw new NacreError(
          'feature-missing',
          `the model needs the clinical variable ${variable}`,
          {
            found: Object.keys(clinical).join(', ') || 'none',
            expected: Object.keys(recipe.clinical).join(', '),
            todo: `give --clinical ${variable}=…`,
          },
        );
      }
      remarks.push(`${variable} is missing and was filled in as in training`);
      continue;
    }
    if (range !== undefined) {
      values.set(`${clinicalBlock}.${variable}`, numberOf(variable, text, range));
    }
  }
  for (const { name } of pipeline.columns) {
    if (!name.startsWith(`${clinicalBlock}.`)) continue;
    const [variable, meaning] = clinicalName(name);
    const given = coded(variable);
    if (meaning !== undefined && given !== '') values.set(name, given === meaning ? 1 : 0);
  }
  return values;
}

/** By the rule of tables: plain decimals, with an exponent if wished. */
function numberOf(variable: string, text: string, { low, high }: { low: number; high: number }) {
  try {
    return numberFrom(text, [], { file: '--clinical', row: 1, column: variable });
  } catch (cause) {
    throw new NacreError('not-a-number', `the clinical variable ${variable} is not a number`, {
      found: JSON.stringify(text),
      expected: `a number such as 51 or 5.1e1; training saw ${low} to ${high}`,
      cause,
    });
  }
}

/** Extracts features by the recipe, only for the scans, regions and extractors that the model uses. */
async function scanValues(
  model: TrainedModel,
  { scans }: NewPatient,
  options: ExtractCohortOptions,
): Promise<Map<string, number>> {
  const extraction = extractionOfModel(model);
  if (extraction === undefined) return new Map();
  const extracted = await extractCohort(onePatient(scans, extraction.scans), extraction, options);
  refuseFailures(extracted);
  checkWeights(model, extracted);
  return new Map(
    Object.values(extracted.blocks).flatMap((table) =>
      table.columns.map(({ name, values }) => [name, values[0]] as const),
    ),
  );
}

function refuseFailures({ failures }: ExtractedFeatures): void {
  const [first] = failures;
  if (first !== undefined) throw new NacreError(first.code, first.message);
}

function onePatient(scans: NewPatient['scans'], needed: readonly string[]): Cohort {
  return {
    id: 'new-patient',
    title: 'a new patient',
    citation: 'none',
    licence: 'none',
    synthetic: false,
    patients: ['patient'],
    blocks: {},
    endpoints: {},
    images: Object.fromEntries(needed.map((scan) => [scan, [scans[scan]]])),
    notices: [],
    excluded: [],
    inputs: [],
  };
}
