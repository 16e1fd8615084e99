import { type Mask, markOf, type Vector3, type Volume } from '../imaging/volume.ts';
import { NacreError, unknownName } from '../runtime/errors.ts';
import { withDisplay } from '../runtime/jupyter-display.ts';
import { blocksOf, type ResNetArchitecture, type ResNetLayer } from './architecture.ts';
import { type DeepInput, deepInput } from './deep-input.ts';
import { openNetwork } from './network-session.ts';
import { inputName, mapName } from './onnx/network-graph.ts';
import type { ReadModel } from './onnx/read-model.ts';
import { modelFor } from './onnx/specialise.ts';
import { loadOnnxruntime } from './onnxruntime.ts';
import type { PreprocessingChoice } from './preprocessing.ts';
import { firstLine } from './session.ts';
import type { SessionOptions } from './session-options.ts';
import { steadyThreads } from './steady-threads.ts';

/** The map behind one feature. */
export interface LayerMap {
  /**
   * Activations of one channel, where they are in the patient: the grid of the network's input, coarser by the strides
   * before the layer (8 for MedicalNet's layer 4). Their mean (or maximum, `pool: max`) is the feature.
   */
  map: Volume<Float32Array>;
  input: DeepInput;
}

/** A network with its weights, as an encoder holds it. */
export interface MappedNetwork {
  /** Name in columns. */
  block: string;
  network: ReadModel;
  file: string;
}

/** Which network, layer and channel a feature's name means: `resnet34_127`, `resnet34-layer2_5`. */
export function partsOfFeature(
  feature: string,
  blocks: readonly string[],
): { block: string; layer: ResNetLayer['name']; channel: number } {
  for (const block of blocks) {
    if (!feature.startsWith(block)) continue;
    const match = /^(?:-(layer[1-4]))?_([0-9]+)$/.exec(feature.slice(block.length));
    if (match === null) continue;
    const layer = (match[1] ?? 'layer4') as ResNetLayer['name'];
    return { block, layer, channel: Number(match[2]) };
  }
  throw unknownName(
    'no network has this feature',
    feature,
    blocks.flatMap((block) => [`${block}_0`, `${block}-layer2_0`]),
  );
}

/**
 * Computes the map behind one pooled feature.
 *
 * @throws NacreError of `deepInput`; `unknown-name` for a channel that the layer does not have; `bad-option` where the
 *   input is too small
 */
export async function drawLayerMap(
  { block, network, file }: MappedNetwork,
  { layer, channel }: { layer: ResNetLayer['name']; channel: number },
  { volume, mask }: { volume: Volume; mask: Mask | undefined },
  { choice, session: options }: { choice: PreprocessingChoice; session: SessionOptions },
): Promise<LayerMap> {
  const { arch } = network;
  const channels = channelsOf(arch, layer);
  if (channel >= channels) {
    throw unknownName(`${layer} of ${block} has ${channels} features`, String(channel), [
      `0 to ${channels - 1}`,
    ]);
  }
  const input = deepInput(volume, mask, choice);
  const threads = steadyThreads(input.shape, false, options?.threads);
  const session = await openNetwork(modelFor(network, { map: layer }), file, {
    ...options,
    threads,
  });
  try {
    const { Tensor } = await loadOnnxruntime();
    const tensor = new Tensor('float32', input.data, [1, 1, ...input.shape]);
    const output = (await session.run({ [inputName]: tensor }, [mapName]))[mapName];
    const [, , nz, ny, nx] = output.dims;
    const voxels = nx * ny * nz;
    const data = (output.data as Float32Array).slice(channel * voxels, (channel + 1) * voxels);
    const step = strideBefore(arch, layer);
    const { spacing, origin, direction } = input.geometry;
    // Every padding is half of its kernel: voxel i of the map has its centre on voxel i · step of the input.
    const coarse = [spacing[0] * step, spacing[1] * step, spacing[2] * step] as const;
    const size: Vector3 = [nx, ny, nz];
    const grid = { size, spacing: coarse, origin, direction, ...markOf(volume) };
    return { map: withDisplay({ ...grid, data }), input };
  } catch (cause) {
    throw new NacreError('bad-option', `${block} cannot take this input`, {
      found: `${input.shape.join('×')}: ${firstLine(cause)}`,
      expected: 'a size that all layers take',
      todo: 'take a larger input (size)',
      cause,
    });
  } finally {
    await session.release();
  }
}

function channelsOf(arch: ResNetArchitecture, layer: ResNetLayer['name']): number {
  return blocksOf(arch).find((block) => block.layer === layer)?.outputs ?? 0;
}

/** Voxels of the input from one voxel of the layer's map to the next. */
function strideBefore(arch: ResNetArchitecture, layer: ResNetLayer['name']): number {
  // The stem's pooling halves the map.
  let step = arch.stem.stride * 2;
  for (const block of blocksOf(arch)) {
    if (block.layer > layer) break;
    step *= block.stride;
  }
  return step;
}
