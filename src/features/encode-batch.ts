import type { EncodeOptions, Encoding } from '../deep/encoder.ts';
import type { RegionEncoder } from '../deep/encoder-group.ts';
import { readRegions } from '../imaging/read-regions.ts';
import { type RegionChoice, type RegionName, regionNamed } from '../imaging/tumour-regions.ts';
import type { Mask, Volume } from '../imaging/volume.ts';
import type { NoteAssumption } from '../runtime/assumptions.ts';
import { NacreError } from '../runtime/errors.ts';
import { type Progress, silentProgress } from '../runtime/terminal/progress.ts';
import { type FeatureColumn, type FeatureTable, featureTable } from '../table/feature-table.ts';
import { type CaseFailure, caseFailure } from './case-failure.ts';
import { caseName, type RadiomicsCase } from './radiomics-case.ts';

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
  { image, mask, label }: Pick<RadiomicsCase, 'image' | 'mask' | 'label'>,
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
  options: EncodeCaseOptions & { progress?: Progress | undefined } = {},
): Promise<EncodedBatch> {
  const { progress = silentProgress, regions: _regions, ...choice } = options;
  const patients = cases.map(caseName);
  featureTable(patients, []);
  const failures: CaseFailure[] = [];
  const warnings: EncodedBatch['warnings'] = [];
  const columns: FeatureColumn[] = [];
  for (const [at, one] of cases.entries()) {
    const patient = patients[at];
    const encoding = await encodeCase(encoder, one, options, choice).catch((error: unknown) => {
      failures.push({ ...caseFailure(error, { ...one, patient, row: undefined }), row: one.row });
    });
    if (encoding !== undefined) {
      if (columns.length === 0) columns.push(...emptyColumns(encoding, cases.length, choice));
      let column = 0;
      for (const value of rowOf(encoding)) columns[column++].values[at] = value;
      for (const warning of encoding.warnings) warnings.push({ patient, warning });
    }
    progress.tick(patient);
  }
  progress.stop();
  return { table: featureTable(patients, columns), failures, warnings };
}

async function encodeCase(
  encoder: RegionEncoder,
  one: RadiomicsCase,
  reading: EncodeCaseOptions,
  choice: EncodeOptions,
): Promise<Encoding> {
  const { volume, region } = await readRegion(one, reading);
  return encoder.encode(volume, region, choice);
}

/**
 * Columns of an encoding, NaN in every row: the features, and the spacing of the input along x, y, z. A crop that was too
 * large was made coarser, so that scale and tumour size are mixed in its features: the spacing shows which crops.
 */
export function emptyColumns(
  { features }: Pick<Encoding, 'features'>,
  rows: number,
  { modality, regionName }: Pick<EncodeOptions, 'modality' | 'regionName'>,
): FeatureColumn[] {
  const prefix = [modality, regionName].flatMap((part) => (part === undefined ? [] : `${part}.`));
  const spacing = ['x', 'y', 'z'].map((axis) => `${prefix.join('')}input_spacing_${axis}`);
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
export function rowOf({ features, input }: Pick<Encoding, 'features' | 'input'>): number[] {
  return [...features.flatMap(({ values }) => [...values]), ...input.geometry.spacing];
}
