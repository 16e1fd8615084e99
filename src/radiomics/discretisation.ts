import { NacreError } from '../runtime/errors.ts';
import { binLevels, rangeInside } from './algorithms/region-passes.ts';
import type { Conventions } from './feature-class.ts';
import type { DiscretisedRegion, RegionOfInterest } from './region-of-interest.ts';

export interface DiscretisationOptions {
  /** Intensity units per level; not used where `binCount` is given. Default 25. */
  binWidth?: number | undefined;
  /** Fixed number of levels between the region's minimum and maximum. */
  binCount?: number | null | undefined;
  /** Default `pyradiomics`: bins of fixed width begin at a multiple of the width; IBSI: at `lowerBound`. */
  conventions?: Conventions | undefined;
  /** IBSI, fixed width: where the first bin begins, the lower end of re-segmentation; default the minimum. */
  lowerBound?: number | undefined;
}

/** More levels than this are a mistake in units rather than a texture. */
const mostLevels = 1e6;

/**
 * Turns the region's intensities into grey levels 1, 2, … (fixed bin size, IBSI Q3RU, or fixed bin number, K15C).
 *
 * @throws NacreError `bad-bins` where the width or number is not positive, or gives more than a million levels
 */
export function discretise(
  region: RegionOfInterest,
  { binWidth = 25, binCount, conventions = 'pyradiomics', lowerBound }: DiscretisationOptions = {},
): DiscretisedRegion {
  const { intensity, mask } = region;
  const [minimum, maximum] = rangeInside(intensity, mask);
  const count = binCount ?? undefined;
  const first = lowerBound ?? minimum;
  const edges =
    count !== undefined
      ? edgesOfNumber(minimum, maximum, checked(count, 'binCount'))
      : conventions === 'pyradiomics'
        ? edgesOfWidth(
            minimum - floorModulo(minimum, binWidth),
            maximum + 2 * binWidth,
            checked(binWidth, 'binWidth'),
          )
        : edgesOfWidth(
            Math.min(first, minimum),
            maximum + 2 * checked(binWidth, 'binWidth'),
            binWidth,
          );
  const { levels, highest, counted } = binLevels(intensity, mask, edges);
  // A fixed number of bins is the number asked for; a fixed width has as many as the highest value needs.
  const levelCount = count !== undefined && conventions === 'ibsi' ? count : highest;
  return {
    ...region,
    levels,
    levelCount,
    binEdges: edges,
    presentLevels: present(counted),
    levelVoxels: Float64Array.from(counted.subarray(0, levelCount + 1)),
  };
}

/** A region whose levels are given (a phantom, or another program's discretisation): whole numbers from 1. */
export function withLevels(region: RegionOfInterest): DiscretisedRegion {
  const { intensity, mask } = region;
  const levels = new Int32Array(mask.length);
  let levelCount = 0;
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 0) continue;
    const level = intensity[at];
    if (!Number.isInteger(level) || level < 1 || level > mostLevels) {
      throw new NacreError('bad-levels', 'the region does not hold grey levels', {
        found: String(level),
        expected: 'whole numbers from 1',
        todo: 'discretise the intensities',
      });
    }
    levels[at] = level;
    if (level > levelCount) levelCount = level;
  }
  const levelVoxels = new Float64Array(levelCount + 1);
  for (const level of levels) if (level > 0) levelVoxels[level]++;
  return {
    ...region,
    levels,
    levelCount,
    binEdges: new Float64Array(),
    presentLevels: present(levelVoxels),
    levelVoxels,
  };
}

function present(counted: Float64Array | Int32Array): Int32Array {
  const found: number[] = [];
  for (let level = 1; level < counted.length; level++) if (counted[level] > 0) found.push(level);
  return Int32Array.from(found);
}

/** numpy.arange: `low, low + width, …` below `end`. */
function edgesOfWidth(low: number, end: number, width: number): Float64Array {
  const step = low + width - low;
  const count = Math.ceil((end - low) / width);
  if (!(count <= mostLevels)) throw tooMany(count, `binWidth ${width}`);
  return Float64Array.from({ length: count }, (_, i) => low + i * step);
}

/** numpy.histogram's edges, the last one raised so that the maximum falls into the last bin. */
function edgesOfNumber(minimum: number, maximum: number, count: number): Float64Array {
  if (count > mostLevels) throw tooMany(count, 'binCount');
  const [low, high] = minimum === maximum ? [minimum - 0.5, maximum + 0.5] : [minimum, maximum];
  const step = (high - low) / count;
  const edges = Float64Array.from({ length: count + 1 }, (_, i) => low + i * step);
  edges[count] = high + 1;
  return edges;
}

function floorModulo(value: number, width: number): number {
  const rest = value % width;
  return rest !== 0 && rest < 0 !== width < 0 ? rest + width : rest;
}

function checked(value: number, column: string): number {
  if (value > 0 && Number.isFinite(value) && (column === 'binWidth' || Number.isInteger(value)))
    return value;
  throw new NacreError('bad-bins', 'bins cannot be made', {
    column,
    found: String(value),
    expected: column === 'binWidth' ? 'a positive width' : 'a positive whole number',
  });
}

function tooMany(count: number, column: string): NacreError {
  return new NacreError('bad-bins', 'the intensities would have too many grey levels', {
    column,
    found: `${count} levels`,
    expected: `at most ${mostLevels}`,
    todo: 'take wider bins, or a fixed number (binCount)',
  });
}
