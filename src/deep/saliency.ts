import { geometryOf, type Mask, type Volume } from '../imaging/volume.ts';
import { NacreError } from '../runtime/errors.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';
import { sampleAligned } from './aligned-sampling.ts';
import { type DeepInput, deepInput } from './deep-input.ts';
import type { DeepFeatures, ResNetEncoder } from './encoder.ts';
import type { OnnxEncoder } from './onnx-file/onnx-encoder.ts';
import type { PreprocessingChoice } from './preprocessing.ts';

/** The score to explain: one feature by name (`resnet34_127`), or any score made of the features (a fitted model's). */
export type Explained = string | ((features: readonly DeepFeatures[]) => number);

export interface OcclusionOptions extends PreprocessingChoice {
  /** Edge of the cube that is hidden, mm, above 0. Default 16. */
  patchMm?: number | undefined;
  /** From one cube to the next, mm, above 0 and at most `patchMm`. Default: half of it. */
  stepMm?: number | undefined;
  /** Passes at a time. Default 1. */
  batchSize?: number | undefined;
  /** Further scans that are channels of the input, for an ONNX network of several. A cube is hidden in all of them. */
  further?: readonly Volume[] | undefined;
  /** Called after each pass. */
  onPass?: ((done: number, passes: number) => void) | undefined;
}

export interface OcclusionSaliency {
  /**
   * On the grid of the scan: by how much the score falls when a voxel's surroundings are hidden, in the units of the
   * score, mean over the cubes that cover it; negative where hiding raises it; 0 outside the crop.
   */
  saliency: Volume<Float32Array>;
  /** Score of the region as it is. */
  baseline: number;
  /** Cubes that were hidden in turn; each costs a pass through the network. */
  passes: number;
  input: DeepInput;
}

/**
 * Which parts of a region a feature or a score depends on: cubes of the network's input are replaced by 0 (the mean of
 * the body, after standardising) one after the other, and the fall of the score is drawn where the cube was. Needs no
 * gradients and no random numbers. Cubes without a voxel of the region are left out when the region is masked.
 *
 * @param encoder networks; the score sees the features of all of them
 * @throws NacreError `unknown-name`, `bad-option`, those of `deepInput`
 * @example
 * const { saliency } = await occlusionSaliency(encoder, volume, mask, 'resnet34_127', { patchMm: 12 });
 * writeNifti('saliency.nii.gz', saliency);
 *
 * Reference: Zeiler and Fergus 2014, doi:10.1007/978-3-319-10590-1_53, section 4.2.
 */
export async function occlusionSaliency(
  encoder: Pick<ResNetEncoder, 'encodeInputs'> | Pick<OnnxEncoder, 'inputs' | 'encodeChannels'>,
  volume: Volume,
  mask: Mask | undefined,
  explained: Explained,
  options: OcclusionOptions = {},
): Promise<OcclusionSaliency> {
  const { patchMm = 16, stepMm = patchMm / 2, batchSize = 1, onPass, further, ...choice } = options;
  if (!(patchMm > 0) || !(stepMm > 0) || stepMm > patchMm) {
    throw new NacreError('bad-option', 'the cubes cannot cover the region', {
      found: `patches of ${patchMm} mm every ${stepMm} mm`,
      expected: 'both above 0, the step at most the patch',
    });
  }
  const network = 'encodeChannels' in encoder ? encoder : oneChannel(encoder, batchSize);
  const channels = network.inputs([volume, ...(further ?? [])], mask, choice);
  const [input] = channels;
  const [unchanged] = await network.encodeChannels([channels]);
  const score = scoreOf(explained, unchanged);
  const baseline = score(unchanged);
  const cubes = patches(input, patchMm, stepMm);
  const drops = new Float64Array(cubes.length);
  for (let from = 0; from < cubes.length; from += batchSize) {
    const batch = cubes.slice(from, from + batchSize);
    const hidden = batch.map((cube) =>
      channels.map((channel) => ({ ...channel, data: hide(channel, cube) })),
    );
    const features = await network.encodeChannels(hidden);
    features.forEach((each, i) => {
      drops[from + i] = baseline - score(each);
    });
    onPass?.(Math.min(from + batchSize, cubes.length), cubes.length);
  }
  const drawn = draw(input, cubes, drops);
  const { data } = sampleAligned({ ...input.geometry, data: drawn }, volume, 'linear');
  const saliency = withDisplay({ ...geometryOf(volume), data });
  return { saliency, baseline, passes: cubes.length, input };
}

/** The networks that nacre builds see one scan. */
function oneChannel(
  encoder: Pick<ResNetEncoder, 'encodeInputs'>,
  batchSize: number,
): Pick<OnnxEncoder, 'inputs' | 'encodeChannels'> {
  return {
    inputs(volumes, mask, choice) {
      if (volumes.length === 1) return [deepInput(volumes[0], mask, choice)];
      throw new NacreError('bad-option', 'the network takes one scan', {
        found: `${volumes.length} scans`,
        expected: 'one, or an ONNX network of several channels',
      });
    },
    encodeChannels: (regions) =>
      encoder.encodeInputs(
        regions.map(([input]) => input),
        { batchSize },
      ),
  };
}

function scoreOf(
  explained: Explained,
  groups: readonly DeepFeatures[],
): (features: readonly DeepFeatures[]) => number {
  if (typeof explained === 'function') return explained;
  for (let n = 0; n < groups.length; n++) {
    const f = groups[n].names.indexOf(explained);
    if (f >= 0) return (features) => features[n].values[f];
  }
  throw new NacreError('unknown-name', 'no network of the encoder has this feature', {
    found: explained,
    expected: groups.map(({ names }) => `${names[0]} … ${names[names.length - 1]}`).join(', '),
  });
}

/** Index box of the input along x, y, z: from (included) to (excluded). */
interface Cube {
  from: [number, number, number];
  to: [number, number, number];
}

function patches(input: DeepInput, patchMm: number, stepMm: number): Cube[] {
  const { size, spacing } = input.geometry;
  const starts = size.map((count, a) => {
    const width = Math.max(1, Math.round(patchMm / spacing[a]));
    const step = Math.max(1, Math.round(stepMm / spacing[a]));
    const list: [number, number][] = [];
    for (let at = 0; at === 0 || at + width - step < count; at += step) {
      list.push([at, Math.min(at + width, count)]);
    }
    return list;
  });
  const cubes: Cube[] = [];
  for (const [z0, z1] of starts[2]) {
    for (const [y0, y1] of starts[1]) {
      for (const [x0, x1] of starts[0]) {
        const cube: Cube = { from: [x0, y0, z0], to: [x1, y1, z1] };
        if (matters(input, cube)) cubes.push(cube);
      }
    }
  }
  return cubes;
}

/** Whether hiding the cube can change anything: masked inputs are constant outside the region. */
function matters(input: DeepInput, cube: Cube): boolean {
  const { region, settings } = input;
  if (settings.region === 'boxed' || region === undefined) return true;
  let inside = false;
  eachVoxel(input, cube, (at) => {
    inside ||= region[at] === 1;
  });
  return inside;
}

function hide(input: DeepInput, cube: Cube): Float32Array {
  const data = input.data.slice();
  const [nx, ny] = input.geometry.size;
  for (let k = cube.from[2]; k < cube.to[2]; k++) {
    for (let j = cube.from[1]; j < cube.to[1]; j++) {
      const row = nx * (j + ny * k);
      data.fill(0, row + cube.from[0], row + cube.to[0]);
    }
  }
  return data;
}

/** Mean fall of the score over the cubes that cover a voxel; 0 where none does, and outside a masked region. */
function draw(input: DeepInput, cubes: readonly Cube[], drops: Float64Array): Float32Array {
  const sum = new Float64Array(input.data.length);
  const count = new Uint32Array(input.data.length);
  cubes.forEach((cube, c) => {
    eachVoxel(input, cube, (at) => {
      sum[at] += drops[c];
      count[at]++;
    });
  });
  const masked = input.settings.region === 'masked' ? input.region : undefined;
  return Float32Array.from(sum, (total, at) =>
    count[at] === 0 || masked?.[at] === 0 ? 0 : total / count[at],
  );
}

function eachVoxel({ geometry }: DeepInput, { from, to }: Cube, visit: (at: number) => void): void {
  const [nx, ny] = geometry.size;
  for (let k = from[2]; k < to[2]; k++) {
    for (let j = from[1]; j < to[1]; j++) {
      const row = nx * (j + ny * k);
      for (let i = from[0]; i < to[0]; i++) visit(row + i);
    }
  }
}
