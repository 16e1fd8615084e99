import { log2 } from '../../runtime/elementary.ts';
import { type Angle, angles } from '../algorithms/angles.ts';
import { epsilon } from '../algorithms/epsilon.ts';
import type { Extent } from '../cut-region.ts';
import type { DiscretisedRegion } from '../region-of-interest.ts';
import type { GlcmOptions } from './glcm.ts';

/** Features of the cells' counts alone. */
const ofCounts = ['JointEnergy', 'JointEntropy', 'MaximumProbability'] as const;
/** Features of the difference |i - j| alone: Σ weight(k) p(k). */
const ofDifferences = {
  Contrast: (k: number) => k * k,
  DifferenceAverage: (k: number) => k,
  Id: (k: number) => 1 / (1 + k),
  Idm: (k: number) => 1 / (1 + k * k),
  Idn: (k: number, levelCount: number) => 1 / (1 + k / levelCount),
  Idmn: (k: number, levelCount: number) => 1 / (1 + (k * k) / (levelCount * levelCount)),
  InverseVariance: (k: number) => (k === 0 ? 0 : 1 / (k * k)),
} as const;
const measured: readonly string[] = [...ofCounts, ...Object.keys(ofDifferences), 'Autocorrelation'];

/** Cells of all tables together. Those of levels that occur nowhere take room, and no time. */
const mostCells = 2 ** 24;

/**
 * GLCM features of kernels, without a matrix: the pairs of a kernel are tallied, and a kernel that lies one voxel further along x loses one
 * column of pairs and gains one. All tallies are whole numbers, so that nothing depends on the way to a kernel. Undefined where a feature or
 * a setting needs the matrices (`glcm.compute`); the values are the same but for rounding.
 *
 * @param most voxels of a kernel
 * @returns values in the order of `enabled`, averaged over the directions that have a pair; NaN where none has one
 */
export function glcmOfKernels(
  region: DiscretisedRegion,
  options: GlcmOptions,
  enabled: readonly string[],
  most: number,
): ((kernel: Extent, out: Float64Array) => void) | undefined {
  if (options.weightingNorm !== undefined || options.aggregation !== undefined) return undefined;
  if (!enabled.every((name) => measured.includes(name))) return undefined;
  const { size, levelCount } = region;
  const directions = angles(size, options);
  if ((levelCount + 1) * (levelCount + 1) * directions.length > mostCells) return undefined;
  if (most >= 2 ** 16) return undefined;
  const { symmetricalGLCM: symmetrical = true } = options;
  const tallies = directions.map((angle) => new PairTally(region, angle, symmetrical, most));
  const features = enabled.map((name) => featureOf(name, levelCount));
  let last: Extent | undefined;
  return (kernel, out) => {
    const slides = last !== undefined && isNext(last, kernel);
    out.fill(0);
    let defined = 0;
    for (const tally of tallies) {
      if (slides) tally.slide(last as Extent, kernel);
      else {
        if (last !== undefined) tally.add(last, -1);
        tally.add(kernel, 1);
      }
      if (tally.pairs === 0) continue;
      defined++;
      for (let f = 0; f < features.length; f++) out[f] += features[f](tally);
    }
    last = [...kernel];
    for (let f = 0; f < out.length; f++) out[f] = defined === 0 ? Number.NaN : out[f] / defined;
  };
}

/** True where a kernel is the same slab as the last, each end along x the same or one further. */
function isNext(last: Extent, next: Extent): boolean {
  const [low, high] = [next[0] - last[0], next[3] - last[3]];
  for (const side of [1, 2, 4, 5] as const) if (last[side] !== next[side]) return false;
  return (low === 0 || low === 1) && (high === 0 || high === 1);
}

/** The pairs of one direction in one kernel. */
class PairTally {
  /** Pairs, each once. */
  pairs = 0;
  /** Σ of the products of both levels. */
  product = 0;
  /** cellsOf[n]: cells of the matrix that count n. */
  readonly cellsOf: Int32Array;
  /** differencesOf[k]: pairs whose levels differ by k. */
  readonly differencesOf: Int32Array;
  readonly symmetrical: boolean;
  readonly #counts: Uint16Array;
  readonly #region: DiscretisedRegion;
  readonly #angle: Angle;

  constructor(region: DiscretisedRegion, angle: Angle, symmetrical: boolean, most: number) {
    const columns = region.levelCount + 1;
    this.symmetrical = symmetrical;
    this.#region = region;
    this.#angle = angle;
    this.#counts = new Uint16Array(columns * columns);
    this.cellsOf = new Int32Array(2 * most + 1);
    this.differencesOf = new Int32Array(columns);
  }

  /** Pairs whose first voxel lies in a column of the kernel: adds (1) or takes away (-1). */
  add([x0, y0, z0, x1, y1, z1]: Extent, sign: 1 | -1): void {
    const [di] = this.#angle;
    const [left, right] = [x0 - Math.min(0, di), x1 - Math.max(0, di)];
    for (let x = left; x <= right; x++) this.#column(x, y0, z0, y1, z1, sign);
  }

  slide(last: Extent, next: Extent): void {
    const [, y0, z0, , y1, z1] = next;
    const [di] = this.#angle;
    const [left, right] = [last[0] - Math.min(0, di), last[3] - Math.max(0, di)];
    if (next[0] > last[0] && left <= right) this.#column(left, y0, z0, y1, z1, -1);
    const first = next[0] - Math.min(0, di);
    if (next[3] > last[3] && first <= right + 1) this.#column(right + 1, y0, z0, y1, z1, 1);
  }

  #column(x: number, y0: number, z0: number, y1: number, z1: number, sign: 1 | -1): void {
    const { levels, size, levelCount } = this.#region;
    const [nx, ny] = size;
    const [di, dj, dk] = this.#angle;
    const columns = levelCount + 1;
    const step = di + nx * (dj + ny * dk);
    const [front, back] = [y0 - Math.min(0, dj), y1 - Math.max(0, dj)];
    const { symmetrical, cellsOf, differencesOf } = this;
    const counts = this.#counts;
    let { pairs, product } = this;
    for (let z = z0; z <= z1 - dk; z++) {
      for (let y = front; y <= back; y++) {
        const at = x + nx * (y + ny * z);
        const a = levels[at];
        const b = levels[at + step];
        if (a === 0 || b === 0) continue;
        // Counted once where both orders are: the mirrored cell has the same count, and one on the diagonal twice as many.
        const turned = symmetrical && a > b;
        const cell = turned ? b * columns + a : a * columns + b;
        const twice = symmetrical && a === b ? 1 : 0;
        const cells = symmetrical ? 2 - twice : 1;
        const n = counts[cell];
        cellsOf[n << twice] -= cells;
        cellsOf[(n + sign) << twice] += cells;
        counts[cell] = n + sign;
        differencesOf[a > b ? a - b : b - a] += sign;
        product += sign * a * b;
        pairs += sign;
      }
    }
    this.pairs = pairs;
    this.product = product;
  }
}

type Term = (count: number, total: number) => number;

/** A feature as a function of a tally that is not empty. */
function featureOf(name: string, levelCount: number): (tally: PairTally) => number {
  if (name === 'JointEntropy') return (tally) => overCounts(tally, entropyTerm);
  if (name === 'JointEnergy') {
    return (tally) => overCounts(tally, (count, total) => (count / total) * (count / total));
  }
  if (name === 'MaximumProbability') return highestProbability;
  if (name === 'Autocorrelation') return ({ product, pairs }) => product / pairs;
  const weight = ofDifferences[name as keyof typeof ofDifferences];
  const weights = Float64Array.from({ length: levelCount + 1 }, (_, k) => weight(k, levelCount));
  return ({ differencesOf, pairs }) => {
    let sum = 0;
    for (let k = 0, left = pairs; left > 0; k++) {
      const n = differencesOf[k];
      if (n === 0) continue;
      sum += weights[k] * (n / pairs);
      left -= n;
    }
    return sum;
  };
}

/** Σ over the cells of a term of their count. Cells with one count are added at once. */
function overCounts({ cellsOf, pairs, symmetrical }: PairTally, term: Term): number {
  const total = symmetrical ? 2 * pairs : pairs;
  let sum = 0;
  for (let count = 1, left = total; left > 0; count++) {
    const cells = cellsOf[count];
    if (cells === 0) continue;
    sum += cells * term(count, total);
    left -= cells * count;
  }
  return sum;
}

function highestProbability({ cellsOf, pairs, symmetrical }: PairTally): number {
  const total = symmetrical ? 2 * pairs : pairs;
  let highest = 0;
  for (let count = 1, left = total; left > 0; count++) {
    if (cellsOf[count] > 0) highest = count;
    left -= cellsOf[count] * count;
  }
  return highest / total;
}

/** Totals whose terms are kept. */
const mostKept = 256;
let kept: Float64Array | undefined;

/** -p log2(p + 2^-52) of p = count / total: few pairs make few numbers, which are kept. */
function entropyTerm(count: number, total: number): number {
  const p = count / total;
  if (total >= mostKept) return -p * log2(p + epsilon);
  kept ??= new Float64Array(mostKept * mostKept).fill(Number.NaN);
  const at = total * mostKept + count;
  if (Number.isNaN(kept[at])) kept[at] = -p * log2(p + epsilon);
  return kept[at];
}
