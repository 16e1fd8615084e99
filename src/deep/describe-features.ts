import { NacreError } from '../runtime/errors.ts';
import type { DeepFeatures } from './encoder.ts';

/** Features of one network for one region, in numbers. */
export interface FeatureDescription {
  count: number;
  smallest: number;
  mean: number;
  largest: number;
  /** Name of the feature with the largest value; of several the first. */
  largestName: string;
}

/** Count, range and mean of the features of a network. */
export function describeFeatures({
  names,
  values,
}: Pick<DeepFeatures, 'names' | 'values'>): FeatureDescription {
  let sum = 0;
  let smallest = Number.POSITIVE_INFINITY;
  let largest = 0;
  values.forEach((value, f) => {
    sum += value;
    if (value < smallest) smallest = value;
    if (value > values[largest]) largest = f;
  });
  return {
    count: values.length,
    smallest,
    mean: sum / values.length,
    largest: values[largest],
    largestName: names[largest],
  };
}

/**
 * Largest difference between two encodings of one input, as a share of the largest feature of the first.
 *
 * @throws NacreError `bad-option` where they have different numbers of features
 */
export function featureDifference(
  a: Pick<DeepFeatures, 'values'>,
  b: Pick<DeepFeatures, 'values'>,
): number {
  if (a.values.length !== b.values.length) {
    throw new NacreError('bad-option', 'the encodings have different numbers of features', {
      found: `${b.values.length} features`,
      expected: `${a.values.length}`,
      todo: 'compare encodings by one network',
    });
  }
  let apart = 0;
  let largest = 0;
  a.values.forEach((value, f) => {
    apart = Math.max(apart, Math.abs(value - b.values[f]));
    largest = Math.max(largest, Math.abs(value));
  });
  return apart / largest;
}
