import type { ScanFiles } from '../cohort/cohort.ts';
import { readVolume } from '../machine/read-volume.ts';
import { NacreError } from '../runtime/errors.ts';
import { clinicalBlock } from './feature-sets.ts';
import type { TrainedModel } from './model-file.ts';
import { clinicalName, finestFirst } from './train-model.ts';

/** A spacing counts as seen in training up to this share beyond the range of training. */
const spacingTolerance = 0.1;

export interface RangeCheck {
  /** Values far outside training are a remark, not refused. */
  allowOutside: boolean;
  /** Receives a sentence per value at the edge of training. */
  remarks: string[];
}

/** Refuses missing columns, and missing values where training had none. */
export function checkFeatures(
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
export function checkRanges(
  { recipe, pipeline }: TrainedModel,
  values: ReadonlyMap<string, number>,
  { allowOutside, remarks }: RangeCheck,
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

/**
 * Refuses a patient who lacks a scan of the model, or whose voxels are unlike those of training.
 *
 * @throws NacreError `scan-missing`, `spacing-out-of-range`, and what reading the scan throws
 */
export async function checkScans(
  { recipe }: TrainedModel,
  scans: Readonly<Record<string, ScanFiles | undefined>>,
): Promise<void> {
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

function round(mm: number): string {
  return String(Number(mm.toFixed(3)));
}
