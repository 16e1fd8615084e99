import { airThreshold } from '../imaging/body.ts';
import { countNonFinite } from '../imaging/finite-voxels.ts';
import { requireSameGeometry } from '../imaging/same-geometry.ts';
import type { Geometry, Mask, Vector3, Volume } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import { RandomStream } from '../runtime/random-stream.ts';
import { sampleAligned } from './aligned-sampling.ts';
import { type IntensityStatistics, intensityStatistics } from './body-statistics.ts';
import { inputGrid, regionBox } from './input-grid.ts';
import { applyRule } from './intensity-rule.ts';
import {
  type Preprocessing,
  type PreprocessingChoice,
  preprocessing,
  smallestEdge,
} from './preprocessing.ts';

/** A region made ready for a network. */
export interface DeepInput {
  /** Depth, height, width: z, y, x of `geometry`. One channel. */
  shape: [number, number, number];
  /** Depth slowest, width fastest; standardised intensities. */
  data: Float32Array;
  /** Position of the input's voxels in the patient. */
  geometry: Geometry;
  /** 1 where the region is, on the input's grid; undefined without a mask. */
  region: Uint8Array | undefined;
  /** Mean and deviation used to standardise the intensities; undefined for `normalise: none`. */
  statistics: IntensityStatistics | undefined;
  settings: Preprocessing;
  warnings: string[];
}

export interface DeepInputOptions {
  /** Grid of another scan's input, for scans that are channels of one input. Default: made from the region. */
  grid?: Geometry | undefined;
  /** A warning is given for inputs below this many voxels along an axis. Default 33, for MedicalNet's layer 4; 0: none. */
  smallest?: number | undefined;
  /** Region on `grid`, for scans whose own grid it was not drawn on. */
  region?: Uint8Array | undefined;
}

/**
 * Cuts, resamples, standardises and fills: from a scan and a region to the input of a network. What each step does is
 * said at the fields of `Preprocessing`. Order: crop (box of the region, margin), grid (orientation, spacing, size),
 * sampling, standardising, filling.
 *
 * @param volume a scan, intensities in any unit
 * @param mask a region on the same grid; may be undefined for `crop: image` with `region: boxed`
 * @throws NacreError `geometry-mismatch`, `empty-mask`, `crop-background` (nothing of the body in it),
 *   `flat-image`, `non-finite`, `mask-missing`, `bad-option`
 */
export function deepInput(
  volume: Volume,
  mask: Mask | undefined,
  choice: PreprocessingChoice = {},
  { grid: given, smallest = 33, region: drawn }: DeepInputOptions = {},
): DeepInput {
  const settings = preprocessing(choice);
  if (smallest > 0) requireSizeForResNet(settings);
  const needsMask = settings.crop === 'region' || settings.region === 'masked';
  if (mask === undefined && drawn === undefined && (needsMask || settings.normalise === 'region')) {
    throw new NacreError('mask-missing', 'these settings need a region', {
      expected: 'a mask',
      todo: 'give one, or take crop: image, region: boxed and another normalise',
    });
  }
  if (mask !== undefined) requireSameGeometry(volume, mask);
  const box = () => regionBox(volume, settings.crop === 'region' ? mask : undefined);
  const { grid, warnings } =
    given === undefined ? inputGrid(volume, box(), settings) : { grid: given, warnings: [] };
  const { data, from, to } = sampleAligned(volume, grid, settings.interpolation);
  const region =
    mask === undefined ? drawn : Uint8Array.from(sampleAligned(mask, grid, 'nearest').data);
  if (region !== undefined && !region.includes(1)) {
    throw new NacreError('empty-mask', 'no voxel of the region is left on the grid of the input', {
      expected: 'a region at least as thick as the input is spaced',
      todo: `take a finer spacing than ${describeSpacing(grid)} mm`,
    });
  }
  requireFinite(data, volume);
  const outside = outsideOf(grid.size, from, to, settings.region === 'masked' ? region : undefined);
  if (settings.normalise === 'positive') {
    for (let i = 0; i < data.length; i++) if (data[i] === 0) outside[i] = 1;
  }
  const statistics = standardise(data, outside, volume, mask, settings);
  warnings.push(...gapWarnings(volume));
  fill(data, outside, settings);
  warnings.push(...smallWarnings(grid.size, smallest));
  const [nx, ny, nz] = grid.size;
  return { shape: [nz, ny, nx], data, geometry: grid, region, statistics, settings, warnings };
}

/** What the schema of a choice holds, for settings that come another way. */
function requireSizeForResNet({ size }: Preprocessing): void {
  const edges = typeof size === 'number' ? [size] : (size ?? []);
  const small = edges.find((voxels) => voxels !== null && voxels < smallestEdge);
  if (small === undefined) return;
  throw new NacreError('bad-option', 'the input is too small for the network', {
    column: 'size',
    found: String(small),
    expected: `a number of at least ${smallestEdge}`,
  });
}

/** 1 for voxels beyond the scan, and outside the region where it is given. */
function outsideOf(
  [nx, ny, nz]: Vector3,
  from: Vector3,
  to: Vector3,
  region: Uint8Array | undefined,
): Uint8Array {
  const outside = new Uint8Array(nx * ny * nz).fill(1);
  for (let k = from[2]; k < to[2]; k++) {
    for (let j = from[1]; j < to[1]; j++) {
      const row = nx * (j + ny * k);
      if (region === undefined) outside.fill(0, row + from[0], row + to[0]);
      else for (let i = from[0]; i < to[0]; i++) outside[row + i] = region[row + i] === 0 ? 1 : 0;
    }
  }
  return outside;
}

/** Body statistics of a scan are the same for all of its regions. */
const bodies = new WeakMap<Volume, Map<string, IntensityStatistics & { threshold: number }>>();

function bodyOf(volume: Volume, setting: Preprocessing['bodyThreshold']) {
  const known = bodies.get(volume) ?? new Map();
  bodies.set(volume, known);
  let body = known.get(String(setting));
  if (body === undefined) {
    // A crop within the body shows no air: all voxels count as body.
    const threshold =
      setting === 'otsu' ? (airThreshold(volume.data) ?? Number.NEGATIVE_INFINITY) : setting;
    body = { threshold, ...intensityStatistics(volume.data, threshold) };
    known.set(String(setting), body);
  }
  return body;
}

function standardise(
  data: Float32Array,
  outside: Uint8Array,
  volume: Volume,
  mask: Mask | undefined,
  settings: Preprocessing,
): IntensityStatistics | undefined {
  let statistics: IntensityStatistics;
  let threshold = Number.NEGATIVE_INFINITY;
  if (settings.normalise === 'none') return undefined;
  if (typeof settings.normalise === 'object') {
    applyRule(data, volume, settings.normalise);
    return undefined;
  }
  if (settings.normalise === 'body') {
    const body = bodyOf(volume, settings.bodyThreshold);
    statistics = body;
    threshold = body.threshold;
  } else if (settings.normalise === 'region') {
    statistics = intensityStatistics(volume.data, undefined, mask?.data);
  } else if (settings.normalise === 'input') {
    const within = outside.map((out) => 1 - out);
    statistics = intensityStatistics(data, undefined, within);
  } else {
    threshold = 0;
    statistics = intensityStatistics(data, 0);
  }
  const { mean, deviation, count } = statistics;
  if (count > 0 && mean - mean !== 0) {
    const { infinite, infiniteInside } = countNonFinite(volume.data, mask);
    throw new NacreError('non-finite', 'the scan cannot be standardised with infinite voxels', {
      found: `${infinite} of ${volume.data.length} voxels infinite${mask === undefined ? '' : `, ${infiniteInside} of them in the region`}`,
      expected: 'finite intensities wherever mean and deviation are taken',
      todo: 'replace them, for example by the value of air, and report it',
    });
  }
  let seen = 0;
  for (let i = 0; i < data.length; i++) if (outside[i] === 0 && data[i] > threshold) seen++;
  if (count === 0 || seen === 0) {
    throw new NacreError('crop-background', 'the crop is all background', {
      found: `no voxel above ${threshold.toPrecision(4)}`,
      expected: settings.normalise === 'positive' ? 'voxels above 0' : 'some of the body',
      todo: 'check that mask and scan belong together; for scans without air set bodyThreshold, or normalise: region',
    });
  }
  if (!(deviation > 0)) {
    throw new NacreError('flat-image', 'all voxels used for standardisation have the same value', {
      found: `${count} voxels of ${mean}`,
      expected: 'a standard deviation above 0',
      todo: 'check the scan',
    });
  }
  for (let i = 0; i < data.length; i++) data[i] = (data[i] - mean) / deviation;
  return { mean, deviation, count };
}

function fill(data: Float32Array, outside: Uint8Array, { fill: how, seed }: Preprocessing): void {
  if (how === 'zero') {
    for (let i = 0; i < data.length; i++) if (outside[i] === 1) data[i] = 0;
    return;
  }
  const noise = RandomStream.of(seed, 'deep-input', 'noise');
  for (let i = 0; i < data.length; i++) if (outside[i] === 1) data[i] = noise.normal();
}

/** Scans whose voxels that are not numbers were looked for; regions share them. */
const gaps = new WeakMap<Volume, number>();

/** NaN counts as background: nothing exceeds a threshold that is not a number. */
function gapWarnings(volume: Volume): string[] {
  const nan = gaps.get(volume) ?? countNonFinite(volume.data).nan;
  gaps.set(volume, nan);
  return nan === 0
    ? []
    : [`the scan holds ${nan} voxels that are not numbers (NaN); they counted as background`];
}

function smallWarnings(size: Vector3, smallest: number): string[] {
  if (Math.min(...size) >= smallest) return [];
  return [
    `the input is ${size.join('×')} voxels: at 32 and below, layer 4 (output stride 8, dilation 4) sees no ` +
      'neighbour, only padding; take 48 or more along every axis',
  ];
}

function requireFinite(data: Float32Array, scan: Volume): void {
  let bad = 0;
  for (let i = 0; i < data.length; i++) if (data[i] - data[i] !== 0) bad++;
  if (bad === 0) return;
  const { nan, infinite } = countNonFinite(scan.data);
  throw new NacreError('non-finite', 'the crop holds voxels that are not numbers', {
    found: `${nan} NaN and ${infinite} infinite voxels in the scan, which reach ${bad} of ${data.length} voxels of the crop`,
    expected: 'finite intensities in the crop',
    todo: 'replace them (for example by the value of air) before encoding',
  });
}

function describeSpacing({ spacing }: Geometry): string {
  return spacing.map((mm) => mm.toFixed(2)).join('×');
}
