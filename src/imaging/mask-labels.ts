import { NacreError } from '../runtime/errors.ts';
import { eachRun } from './equal-runs.ts';
import { geometryOf, type Mask, type Volume, type VoxelArray } from './volume.ts';

/** Which voxels of a mask file are the region. */
export interface LabelChoice {
  /** Value of the region. Default 1, as in PyRadiomics. Not used with `threshold`. */
  label?: number | undefined;
  /** For masks of probabilities or shares: the region is every voxel of at least this value. Default: labels are expected. */
  threshold?: number | undefined;
  /** Name of the mask's file, for errors. */
  file?: string | undefined;
}

/** More distinct values than this are an image, not a mask of organs (TotalSegmentator has 117). */
export const mostLabels = 255;

/** A mask with at least this many distinct values is compared with the image, since the two may be exchanged. */
const manyLabels = 50;
/** A mask of more values beside an image of two at most: no scan has two. */
const severalLabels = 10;

/** Counts of the values in a mask. */
interface Values {
  /** Voxels by value; 0 included. Incomplete where `distinct` is exceeded. */
  counts: Map<number, number>;
  /** Voxels whose value is not a whole number. */
  fractional: number;
  negative: number;
  notNumbers: number;
}

/**
 * The labels of a mask and how many voxels each has, ascending; 0 is background and left out.
 *
 * @throws NacreError `not-a-mask` where a value is not a label: fractional, negative, or more than 255 distinct values
 */
export function labelsOf(labels: Volume, file?: string): { label: number; voxels: number }[] {
  return labelsIn(labels, file);
}

/** @param fill gets each stretch of a value */
function labelsIn(
  labels: Volume,
  file: string | undefined,
  fill?: (value: number, start: number, end: number) => void,
) {
  const values = valuesOf(labels.data, fill);
  requireLabels(values, labels.data.length, file);
  return [...values.counts]
    .filter(([label]) => label !== 0)
    .map(([label, voxels]) => ({ label, voxels }))
    .sort((a, b) => a.label - b.label);
}

/**
 * The region of a mask: one label, or all voxels from a threshold on. Bytes that are this region already are shared, not copied.
 *
 * @throws NacreError `empty-mask` where nothing is drawn at all, `wrong-label` naming the labels there are, `not-a-mask`
 *   where the mask holds values that are not labels and no threshold is given, `bad-option`
 */
export function maskOfLabel(labels: Volume, choice: LabelChoice = {}): Mask {
  const { label = 1, threshold, file } = choice;
  if (threshold !== undefined) return fromThreshold(labels, threshold, file);
  const { data } = labels;
  if (data instanceof Uint8Array && label === 1 && onlyOnes(data)) {
    return { ...geometryOf(labels), data };
  }
  const inside = new Uint8Array(data.length);
  const known = labelsIn(labels, file, (value, start, end) => {
    // 0 is never a label.
    if (value === label) inside.fill(1, start, end);
  });
  if (known.length === 0) throw emptyMask(file);
  if (!known.some((entry) => entry.label === label)) {
    throw new NacreError('wrong-label', 'the mask has no voxel of this label', {
      file,
      found: shownLabels(known),
      expected: `label ${label}`,
      todo: 'name one of these (--label, or label in a study)',
    });
  }
  return { ...geometryOf(labels), data: inside };
}

/** True where the data are the region of label 1 already, and need no copy of 80 MB for a large CT. */
function onlyOnes(data: Uint8Array): boolean {
  let [ones, others] = [false, false];
  eachRun(data, (start) => {
    if (data[start] === 1) ones = true;
    else if (data[start] !== 0) others = true;
    return !others;
  });
  return ones && !others;
}

/** The regions of several labels in one pass over the voxels, in the order asked for; a label without voxels is empty. */
export function masksOfLabels(labels: Volume, wanted: readonly number[]): Map<number, Mask> {
  const { data } = labels;
  const geometry = geometryOf(labels);
  const masks = new Map(
    wanted.map((label) => [label, { ...geometry, data: new Uint8Array(data.length) }]),
  );
  eachRun(data, (start, end) => {
    masks.get(data[start])?.data.fill(1, start, end);
    return undefined;
  });
  return masks;
}

/**
 * Refuses a pair in which the mask looks like an image. Where both hold the same voxels, one file was given twice; a mask of
 * many values is compared with the image: where that has few, or two at most, the two were exchanged.
 *
 * @throws NacreError `exchanged`
 */
export function requireNotExchanged(image: Volume, labels: Volume, file?: string): void {
  const ofMask = distinctValues(labels.data, manyLabels);
  const shownMask = ofMask > manyLabels ? `more than ${manyLabels}` : String(ofMask);
  const same =
    // A mask alone is measured as its own image: its shape.
    ofMask > manyLabels &&
    image.data.length === labels.data.length &&
    (image.data as Float64Array).every((value, i) => value === labels.data[i]);
  if (same) {
    throw new NacreError('exchanged', 'the mask holds the same voxels as the image', {
      file,
      found: `${shownMask} different values`,
      expected: 'labels: whole numbers, 0 outside',
      todo: 'is the image given as the mask, too?',
    });
  }
  if (ofMask <= severalLabels) return;
  const ofImage = distinctValues(image.data, manyLabels);
  if (ofImage > (ofMask > manyLabels ? manyLabels / 4 : 2)) return;
  throw new NacreError('exchanged', 'the mask looks like an image and the image like a mask', {
    file,
    found: `${shownMask} different values in the mask, ${ofImage} in the image`,
    expected: 'the image first, then a mask of a few labels',
    todo: 'is the mask given as the image? Exchange the two',
  });
}

/** Number of distinct values; one more than `most` where there are more. */
function distinctValues(data: VoxelArray, most: number): number {
  const seen = new Set<number>();
  eachRun(data, (start) => seen.add(data[start]).size <= most);
  return seen.size;
}

function valuesOf(
  data: VoxelArray,
  fill?: (value: number, start: number, end: number) => void,
): Values {
  const values: Values = { counts: new Map(), fractional: 0, negative: 0, notNumbers: 0 };
  eachRun(data, (start, end) => {
    countValue(values, data[start], end - start);
    fill?.(data[start], start, end);
    return undefined;
  });
  return values;
}

function countValue(values: Values, value: number, voxels: number): void {
  const { counts } = values;
  if (!Number.isInteger(value)) {
    if (Number.isFinite(value)) values.fractional += voxels;
    else values.notNumbers += voxels;
  }
  if (value < 0) values.negative += voxels;
  // There are too many distinct values for a mask; only wrong values are still counted.
  if (counts.size <= mostLabels + 1 || counts.has(value)) {
    counts.set(value, (counts.get(value) ?? 0) + voxels);
  }
}

function requireLabels(values: Values, voxels: number, file: string | undefined): void {
  const { counts, fractional, negative, notNumbers } = values;
  const wrong = [
    ...(fractional > 0 ? [`${fractional} that are not whole`] : []),
    ...(negative > 0 ? [`${negative} below 0`] : []),
    ...(notNumbers > 0 ? [`${notNumbers} that are not finite`] : []),
  ];
  if (wrong.length > 0) {
    const ones = counts.get(1) ?? 0;
    const examples = [...counts.keys()].filter((x) => !Number.isInteger(x) || x < 0).slice(0, 3);
    throw new NacreError('not-a-mask', 'the mask holds values that are not labels', {
      file,
      found: `of ${voxels} voxels ${wrong.join(', ')} (such as ${examples.join(', ')}), ${ones} of exactly 1, ${counts.get(0) ?? 0} of 0`,
      expected: 'whole numbers, 0 outside',
      todo:
        fractional > 0 && notNumbers === 0
          ? 'for a mask of probabilities say from which value on a voxel is inside: --mask-threshold 0.5, or maskThreshold: 0.5 in the study or the manifest; check that image and mask are not exchanged'
          : 'check that image and mask are not exchanged, or draw the mask again',
    });
  }
  if (counts.size <= mostLabels + 1) return;
  throw new NacreError('not-a-mask', 'the mask holds more values than a mask has labels', {
    file,
    found: `more than ${mostLabels} different values`,
    expected: `at most ${mostLabels} labels`,
    todo: 'is the image given as the mask? Otherwise save the wanted label in a separate file',
  });
}

function fromThreshold(labels: Volume, threshold: number, file: string | undefined): Mask {
  if (!Number.isFinite(threshold) || threshold <= 0) {
    throw new NacreError('bad-option', 'the threshold of the mask is invalid', {
      file,
      found: String(threshold),
      expected: 'a number above 0, such as 0.5',
    });
  }
  const { data } = labels;
  const inside = new Uint8Array(data.length);
  let count = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (Number.isNaN(value)) {
      throw new NacreError('not-a-mask', 'the mask holds voxels that are not numbers', {
        file,
        found: 'NaN',
        expected: 'probabilities or shares',
        todo: 'draw or export the mask again',
      });
    }
    if (value > highest) highest = value;
    if (value >= threshold) {
      inside[i] = 1;
      count++;
    }
  }
  if (count > 0) return { ...geometryOf(labels), data: inside };
  throw new NacreError('empty-mask', 'no voxel of the mask reaches the threshold', {
    file,
    found: `values of at most ${highest}`,
    expected: `at least one voxel of ${threshold} or more`,
    todo: 'lower the threshold, or check the mask',
  });
}

function shownLabels(known: readonly { label: number; voxels: number }[]): string {
  const shown = known.slice(0, 10).map(({ label, voxels }) => `${label} (${voxels} voxels)`);
  const more = known.length > 10 ? ` and ${known.length - 10} more` : '';
  return `labels ${shown.join(', ')}${more}`;
}

export function emptyMask(file: string | undefined): NacreError {
  return new NacreError('empty-mask', 'the mask is empty', {
    file,
    found: '0 voxels',
    expected: 'a region of at least one voxel',
    todo: 'draw the region or leave the patient out',
  });
}
