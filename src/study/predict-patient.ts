import { numberFrom } from '../cohort/cell-value.ts';
import type { Cohort, ScanFiles } from '../cohort/cohort.ts';
import {
  type ExtractCohortOptions,
  type ExtractedFeatures,
  extractCohort,
} from '../features/extract-cohort.ts';
import { extractorsOf, withoutOthers } from '../features/extractor-choice.ts';
import { readVolume } from '../imaging/read-volume.ts';
import { type Predicted, predictPortable } from '../learning/portable-pipeline.ts';
import { NacreError, nearestName, unknownName } from '../runtime/errors.ts';
import { clinicalBlock } from './feature-sets.ts';
import type { TrainedModel } from './model-file.ts';
import { clinicalName, finestFirst } from './train-model.ts';

/** Input data of a new patient. */
export interface NewPatient {
  /** By scan: `ceT1`. */
  scans: Readonly<Record<string, ScanFiles>>;
  /** By variable: `age`, `subtype`. Text as it stands in a table; empty is missing. */
  clinical: Readonly<Record<string, string>>;
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

/** A spacing counts as seen in training up to this share beyond the range of training. */
const spacingTolerance = 0.1;

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
  await checkScans(model, patient);
  for (const [name, value] of clinicalValues(model, patient, remarks)) values.set(name, value);
  for (const [name, value] of await scanValues(model, patient, options)) values.set(name, value);
  checkFeatures(model, values, remarks);
  checkRanges(model, values, { allowOutside, remarks });
  const predicted = predictPortable(pipeline, values);
  const positive = predicted.probability >= pipeline.threshold;
  return {
    ...predicted,
    threshold: pipeline.threshold,
    predicted: positive ? endpoint.positiveName : endpoint.negativeName,
    remarks,
  };
}

/** Refuses missing columns, and missing values where training had none. */
function checkFeatures(
  { recipe, pipeline }: TrainedModel,
  values: ReadonlyMap<string, number>,
  remarks: string[],
): void {
  for (const { name } of pipeline.columns) {
    if (name.startsWith(`${clinicalBlock}.`)) continue;
    const value: unknown = values.get(name);
    if (value !== undefined && typeof value !== 'number') {
      throw new NacreError('not-a-number', 'a feature is not a number', {
        column: name,
        found: JSON.stringify(value),
        expected: 'a number, or NaN where it is missing',
      });
    }
    if (value !== undefined && !Number.isNaN(value)) continue;
    if (value !== undefined && recipe.features[name]?.mayBeMissing !== false) {
      remarks.push(`${name} has no value and was filled in as in training`);
      continue;
    }
    throw new NacreError('feature-missing', 'the model needs a feature that is not there', {
      column: name,
      found:
        value === undefined ? 'neither a scan it could be made from nor a value' : 'an empty value',
      expected: `values of ${pipeline.columns.length} columns`,
      todo: 'give the table of features (--features), as the cohort of the model had it',
    });
  }
}

/** Numbers outside the range of training: a remark within one width of the range, beyond it a refusal. */
function checkRanges(
  { recipe, pipeline }: TrainedModel,
  values: ReadonlyMap<string, number>,
  { allowOutside, remarks }: { allowOutside: boolean; remarks: string[] },
): void {
  for (const { name } of pipeline.columns) {
    const clinical = name.startsWith(`${clinicalBlock}.`)
      ? recipe.clinical[clinicalName(name)[0]]
      : undefined;
    const range = (clinical ?? recipe.features[name])?.range;
    const value = values.get(name);
    if (range === undefined || value === undefined || Number.isNaN(value)) continue;
    const { low, high } = range;
    if (value >= low && value <= high) continue;
    const far = value < low - (high - low) || value > high + (high - low);
    if (!far || allowOutside) {
      remarks.push(`${name} ${value} lies outside training (${low} to ${high})`);
      continue;
    }
    throw new NacreError('outside-training', 'a value lies far outside what training saw', {
      column: name,
      found: String(value),
      expected: `${low} to ${high}, or nearer to it than that range is wide`,
      todo: 'check the value and its unit; --allow-outside predicts all the same, with a remark',
    });
  }
}

function checkNames(
  { recipe }: TrainedModel,
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

async function checkScans({ recipe }: TrainedModel, { scans }: NewPatient): Promise<void> {
  for (const [scan, { spacing }] of Object.entries(recipe.scans)) {
    const files = scans[scan];
    if (files === undefined) {
      throw new NacreError('scan-missing', `the model needs the scan ${scan}`, {
        found: Object.keys(scans).join(', ') || 'no scan',
        expected: Object.keys(recipe.scans).join(', '),
        todo: `give --${scan} and --${scan}-mask`,
      });
    }
    const found = finestFirst((await readVolume(files.image)).spacing);
    const outside = found.some(
      (mm, axis) =>
        mm < spacing[axis].low * (1 - spacingTolerance) ||
        mm > spacing[axis].high * (1 + spacingTolerance),
    );
    if (!outside) continue;
    const seen = spacing.map(({ low, high }) => `${round(low)} to ${round(high)}`).join(' × ');
    throw new NacreError('spacing-out-of-range', `${scan} has voxels unlike those of training`, {
      file: files.image,
      found: `${found.map(round).join(' × ')} mm (finest to coarsest)`,
      expected: `${seen} mm, ${100 * spacingTolerance}% beyond at most`,
      todo: 'use a scan of the protocol that the model was trained on',
    });
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
  const { recipe, pipeline } = model;
  const { extraction } = recipe;
  const needed = Object.keys(recipe.scans);
  if (extraction === undefined || needed.length === 0) return new Map();
  const networks = new Map(recipe.networks.map((network) => [network.extractor, network]));
  const names = pipeline.columns.map(({ name }) => name);
  const labels = recipe.networks.map(({ extractor, label = extractor }) => ({ extractor, label }));
  const ofNetwork = (name: string) =>
    labels.find(({ label }) => new RegExp(`\\.${label}(-random\\d+)?_\\d+$`).test(name))?.extractor;
  const extractors = extractorsOf(extraction.extractors).filter((extractor) =>
    names.some((name) =>
      name.startsWith(`${clinicalBlock}.`) ? false : (ofNetwork(name) ?? 'radiomics') === extractor,
    ),
  );
  const random = recipe.networks
    .filter(({ label }) => label === undefined)
    .map(({ randomSeed }) => randomSeed !== undefined);
  const extracted = await extractCohort(
    onePatient(scans, needed),
    {
      ...extraction,
      scans: needed,
      extractors: withoutOthers(extraction.extractors, extractors),
      byScan: Object.fromEntries(
        Object.entries(extraction.byScan).filter(([scan]) => needed.includes(scan)),
      ),
      missingScan: 'drop',
      weights: random.every(Boolean)
        ? 'random'
        : random.some(Boolean)
          ? 'random-where-missing'
          : 'installed',
    },
    options,
  );
  refuseFailures(extracted);
  for (const { extractor, sha256 } of extracted.networks) {
    const trained = networks.get(extractor);
    if (trained === undefined || trained.sha256 === sha256) continue;
    throw new NacreError('other-weights', `${extractor} has other weights than in training`, {
      found: `sha256 ${sha256}`,
      expected: `sha256 ${trained.sha256}`,
      todo: 'install the checkpoint that the model was trained with (nacre models fetch)',
    });
  }
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

function round(mm: number): string {
  return String(Number(mm.toFixed(3)));
}
