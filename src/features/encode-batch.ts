import type { EncodeOptions, Encoding } from '../deep/encoder.ts';
import type { GroupEncoding, RegionEncoder } from '../deep/encoder-group.ts';
import { type RegionChoice, type RegionName, regionNamed } from '../imaging/tumour-regions.ts';
import type { Mask, Volume } from '../imaging/volume.ts';
import { readRegions } from '../machine/read-regions.ts';
import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { type FeatureColumn, type FeatureTable, featureTable } from '../table/feature-table.ts';
import type { CaseFailure } from './case-failure.ts';
import { type RadiomicsCase, taskOf } from './radiomics-case.ts';
import {
  attempt,
  type CaseTask,
  caseName,
  emptyOutcome,
  type RunCasesOptions,
  runCases,
} from './run-cases.ts';

export interface EncodeCaseOptions extends EncodeOptions {
  /** `intra` (default): the region itself; `peri`: the ring around it. Second part of column names. */
  regionName?: RegionName | undefined;
  /** How the regions are drawn; its label is for cases that name none. */
  regions?: RegionChoice | undefined;
  note?: NoteAssumption | undefined;
}

export interface EncodedBatch {
  /** One row per case, in the order of the cases; NaN in all columns of a case that failed. */
  table: FeatureTable;
  /** Cases that gave no features: their rows stay empty. */
  failures: CaseFailure[];
  /** Warnings of the preprocessing, by patient. */
  warnings: { patient: string; warning: string }[];
}

/**
 * Reads a scan and its mask, as the region or the ring around it.
 *
 * @throws NacreError of the readers and of `tumourRegions`
 */
export async function readRegion(
  { image, mask, label }: Pick<CaseTask, 'image' | 'mask' | 'label'>,
  options: EncodeCaseOptions = {},
): Promise<{ volume: Volume; region: Mask }> {
  if (label === 'all') {
    throw new NacreError('bad-cell', 'deep features are of one region per row', {
      column: 'Label',
      found: label,
      expected: 'a whole number above 0',
    });
  }
  const choice = options.regions ?? {};
  const { scan, regions } = await readRegions(
    { image, mask },
    { ...choice, label: label ?? choice.label, note: options.note },
  );
  return { volume: scan, region: regionNamed(regions, options.regionName ?? 'intra') };
}

/** What the networks gave of one case; its input is not kept. */
interface EncodedRow {
  values: number[];
  warnings: string[];
}

/**
 * Deep features of many cases, one after the other: the threads are inside the networks. A case that fails is listed
 * and stops nothing; a device that cannot be used stops all.
 *
 * @throws NacreError `duplicate-patient`, `device-unavailable`
 * @example
 * const { table, failures } = await encodeBatch(encoder, await readBatch('cases.csv'), { modality: 'ct' });
 */
export async function encodeBatch(
  encoder: RegionEncoder,
  cases: readonly RadiomicsCase[],
  options: EncodeCaseOptions &
    Pick<RunCasesOptions<CaseTask, EncodedRow>, 'progress' | 'signal'> = {},
): Promise<EncodedBatch> {
  const { progress, signal, regions, note, ...choice } = options;
  const reading = { regions, note, regionName: choice.regionName };
  const patients = cases.map(caseName);
  featureTable(patients, []);
  const columns: FeatureColumn[] = [];
  const warnings: EncodedBatch['warnings'] = [];
  const work = async (task: CaseTask) => {
    const outcome = emptyOutcome<EncodedRow>();
    await attempt(outcome, task, {}, async () => {
      const { volume, region } = await readRegion(task, reading);
      const encoding = await encoder.encode(volume, region, choice);
      if (columns.length === 0) columns.push(...emptyColumns(encoding, cases.length, choice));
      outcome.rows.push({ values: rowOf(encoding), warnings: encoding.warnings });
    });
    return outcome;
  };
  const outcomes = await runCases<CaseTask, EncodedRow>(
    cases.map(taskOf),
    { here: async () => ({ work }) },
    { workers: 1, progress, signal },
  );
  outcomes.forEach(({ rows: [row] }, at) => {
    if (row === undefined) return;
    row.values.forEach((value, column) => {
      columns[column].values[at] = value;
    });
    for (const warning of row.warnings) warnings.push({ patient: patients[at], warning });
  });
  const failures = outcomes.flatMap(({ failures }, at) =>
    failures.map((failure) => ({ ...failure, patient: patients[at], row: cases[at].row })),
  );
  return { table: featureTable(patients, columns), failures, warnings };
}

/** An encoding of one network, or of several with what each saw. */
type Encoded = Pick<Encoding, 'features' | 'input'> & Partial<Pick<GroupEncoding, 'seen'>>;

/**
 * Columns of an encoding, NaN in every row: the features, and the spacing of the input along x, y, z. A crop that was too
 * large was made coarser, so that scale and tumour size are mixed in its features: the spacing shows which crops. ONNX files
 * beside other networks have inputs of their own, whose spacing stands under their names.
 */
export function emptyColumns(
  { features, seen = [] }: Encoded,
  rows: number,
  { modality, regionName }: Pick<EncodeOptions, 'modality' | 'regionName'>,
): FeatureColumn[] {
  const prefix = [modality, regionName].flatMap((part) => (part === undefined ? [] : `${part}.`));
  const inputs = ['input', ...seen.slice(1).map(({ block }) => `${block}-input`)];
  const spacing = inputs.flatMap((name) =>
    ['x', 'y', 'z'].map((axis) => `${prefix.join('')}${name}_spacing_${axis}`),
  );
  const named = [
    ...features.flatMap(({ block, names }) => names.map((name) => ({ name, block }))),
    ...spacing.map((name) => ({ name, block: 'input' })),
  ];
  return named.map(({ name, block }) => ({
    name,
    block,
    modality,
    region: regionName,
    values: new Float64Array(rows).fill(Number.NaN),
  }));
}

/** Values of those columns. */
export function rowOf({ features, input, seen = [] }: Encoded): number[] {
  const further = seen.slice(1).flatMap(({ channels: [{ geometry }] }) => geometry.spacing);
  const values = features.flatMap((one) => [...one.values]);
  return [...values, ...input.geometry.spacing, ...further];
}
