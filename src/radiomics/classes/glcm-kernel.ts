import { angles } from '../algorithms/angles.ts';
import { epsilon } from '../algorithms/count-matrix.ts';
import type { Extent } from '../cut-region.ts';
import type { DiscretisedRegion } from '../region-of-interest.ts';
import type { GlcmOptions } from './glcm.ts';

/** Features that are a sum over the cells of a matrix, or their largest: no other of GLCM is measured here. */
const ofCells = [
  'Autocorrelation',
  'Contrast',
  'DifferenceAverage',
  'Id',
  'Idm',
  'Idmn',
  'Idn',
  'InverseVariance',
  'JointEnergy',
  'JointEntropy',
  'MaximumProbability',
] as const;
type CellFeature = (typeof ofCells)[number];

/**
 * GLCM features of kernels, without a matrix: the pairs of a small kernel fill few of its cells, and those are listed. Undefined where
 * a feature or a setting needs the matrices (`glcm.compute`); the values are the same but for rounding.
 *
 * @returns values in the order of `enabled`, averaged over the directions that have a pair; NaN where none has one
 */
export function glcmOfKernels(
  region: DiscretisedRegion,
  options: GlcmOptions,
  enabled: readonly string[],
): ((kernel: Extent, out: Float64Array) => void) | undefined {
  if (options.weightingNorm !== undefined || options.aggregation !== undefined) return undefined;
  if (!enabled.every((name) => (ofCells as readonly string[]).includes(name))) return undefined;
  const { symmetricalGLCM: symmetrical = true } = options;
  const { size, levels, levelCount } = region;
  const columns = levelCount + 1;
  // Cells of levels that occur nowhere take room, and no time.
  if (columns * columns > 2 ** 24) return undefined;
  const steps = angles(size, options);
  const counts = new Uint16Array(columns * columns);
  const touched = new Int32Array(columns * columns);
  const wanted = enabled as readonly CellFeature[];
  const sums = new Float64Array(wanted.length);
  const terms = entropyTerms();
  const [nx, ny] = size;
  return ([x0, y0, z0, x1, y1, z1], out) => {
    out.fill(0);
    let defined = 0;
    for (const [di, dj, dk] of steps) {
      const step = di + nx * (dj + ny * dk);
      let cells = 0;
      let total = 0;
      const [left, right] = di < 0 ? [x0 - di, x1] : [x0, x1 - di];
      const [front, back] = dj < 0 ? [y0 - dj, y1] : [y0, y1 - dj];
      for (let z = z0; z <= z1 - dk; z++) {
        for (let y = front; y <= back; y++) {
          const row = nx * (y + ny * z);
          for (let at = row + left, end = row + right; at <= end; at++) {
            const a = levels[at];
            const b = levels[at + step];
            if (a === 0 || b === 0) continue;
            const cell = a * columns + b;
            if (counts[cell]++ === 0) touched[cells++] = cell;
            total++;
            if (!symmetrical) continue;
            const mirrored = b * columns + a;
            if (counts[mirrored]++ === 0) touched[cells++] = mirrored;
            total++;
          }
        }
      }
      if (total === 0) continue;
      defined++;
      addCells(wanted, sums, { counts, touched, cells, total, columns, levelCount, terms });
      for (let f = 0; f < sums.length; f++) out[f] += sums[f];
      for (let n = 0; n < cells; n++) counts[touched[n]] = 0;
    }
    for (let f = 0; f < out.length; f++) out[f] = defined === 0 ? Number.NaN : out[f] / defined;
  };
}

interface Cells {
  counts: Uint16Array;
  touched: Int32Array;
  cells: number;
  total: number;
  columns: number;
  levelCount: number;
  terms: (count: number, total: number) => number;
}

function addCells(wanted: readonly CellFeature[], sums: Float64Array, matrix: Cells): void {
  const { counts, touched, cells, total, columns, levelCount, terms } = matrix;
  for (let f = 0; f < wanted.length; f++) {
    const feature = wanted[f];
    let sum = 0;
    if (feature === 'JointEntropy') {
      for (let n = 0; n < cells; n++) sum += terms(counts[touched[n]], total);
    } else {
      for (let n = 0; n < cells; n++) {
        const cell = touched[n];
        const p = counts[cell] / total;
        if (feature === 'JointEnergy') sum += p * p;
        else if (feature === 'MaximumProbability') sum = Math.max(p, sum);
        else sum += p * weight(feature, Math.floor(cell / columns), cell % columns, levelCount);
      }
    }
    sums[f] = sum;
  }
}

/** Of the cell (i, j), by the feature's formula. */
function weight(feature: CellFeature, i: number, j: number, levelCount: number): number {
  const k = i < j ? j - i : i - j;
  switch (feature) {
    case 'Autocorrelation':
      return i * j;
    case 'Contrast':
      return k * k;
    case 'DifferenceAverage':
      return k;
    case 'Id':
      return 1 / (1 + k);
    case 'Idm':
      return 1 / (1 + k * k);
    case 'Idn':
      return 1 / (1 + k / levelCount);
    case 'Idmn':
      return 1 / (1 + (k * k) / (levelCount * levelCount));
    default:
      return k === 0 ? 0 : 1 / (k * k);
  }
}

/** -p log2(p + 2^-52) of p = count / total: few pairs make few numbers, which are kept. */
function entropyTerms(): (count: number, total: number) => number {
  const most = 256;
  const kept = new Float64Array(most * most).fill(Number.NaN);
  return (count, total) => {
    if (total >= most) {
      const p = count / total;
      return -p * Math.log2(p + epsilon);
    }
    const at = total * most + count;
    let term = kept[at];
    if (Number.isNaN(term)) {
      const p = count / total;
      term = -p * Math.log2(p + epsilon);
      kept[at] = term;
    }
    return term;
  };
}
