import type { InferenceSession } from 'onnxruntime-node';
import type { Mask, Volume } from '../imaging/volume.ts';
import { collectGarbage } from '../runtime/collect-garbage.ts';
import { NacreError } from '../runtime/errors.ts';
import type { NetworkVariant, ResNetLayer } from './architecture.ts';
import { type DeepInput, deepInput } from './deep-input.ts';
import { drawLayerMap, type LayerMap, partsOfFeature } from './layer-map.ts';
import { readNetwork } from './models/convert-model.ts';
import { readModelList } from './models/model-list.ts';
import { type ModelStoreOptions, resolveModel } from './models/model-store.ts';
import {
  networkLabel,
  sameLabel,
  type WeightsOrigin,
  weightsOrigin,
} from './models/weights-origin.ts';
import { requireFiniteFeatures } from './network-pass.ts';
import { openNetwork } from './network-session.ts';
import { inputName } from './onnx/network-graph.ts';
import { runsInPlanes } from './onnx/plane-plan.ts';
import type { ModelFacts, ReadModel } from './onnx/read-model.ts';
import { modelFor } from './onnx/specialise.ts';
import { loadOnnxruntime } from './onnxruntime.ts';
import type { PreprocessingChoice } from './preprocessing.ts';
import { chosenDevice, firstLine } from './session.ts';
import { devices, type SessionOptions } from './session-options.ts';
import { steadyThreads } from './steady-threads.ts';

export type PooledLayer = ResNetLayer['name'];

export interface EncoderOptions extends ModelStoreOptions, SessionOptions {
  /** For checkpoints; an `.onnx` file stores its variant. Default: `medicalnet`, unless the keys are MONAI's. */
  variant?: NetworkVariant | undefined;
  /** Stride of the stem, for checkpoints. Default: 2 for `medicalnet`, 1 for `monai`. */
  stemStride?: 1 | 2 | undefined;
  /** For checkpoints: leave tensors outside stem and layers aside. Default false. */
  ignoreExtra?: boolean | undefined;
  /** SHA-256 that the file must have: one that was replaced since it was hashed is refused. */
  sha256?: string | undefined;
  /** `mean` (default), as MedicalNet pools, or `max`; names of columns then end in `-max`. */
  pool?: 'mean' | 'max' | undefined;
  /** Layers whose global average is given. Default: `layer4`, the features of the network. */
  layers?: readonly PooledLayer[] | undefined;
  /**
   * Rewrite the network for the size of the input, so that nothing multiplies padding (the same features to some 1e-6,
   * up to several times faster). Default: where the preprocessing fixes a size, on the CPU.
   */
  specialise?: boolean | undefined;
}

/** A network that an encoder holds. */
export interface EncoderNetwork {
  /**
   * Name in columns: `resnet34`, `resnet34-monai`; `resnet10-random7` for random weights of seed 7,
   * `resnet34-own1a2b3c4d` for weights that are not the published ones, by the first digits of their SHA-256.
   */
  block: string;
  /** Whether the weights are the published ones, random, or the user's. */
  origin: WeightsOrigin;
  facts: ModelFacts;
  /** Features of layer 4: 512 or 2,048. */
  features: number;
}

/** Features of one network (and layer) for one region. */
export interface DeepFeatures {
  /** `resnet34`; with the layer where it is not the last: `resnet34-layer2`. */
  block: string;
  /** `ceT1.intra.resnet34_0` …; without modality and region where none were given. */
  names: string[];
  /** One value per name. */
  values: Float32Array;
}

export interface Encoding {
  features: DeepFeatures[];
  /** Input of the networks. */
  input: DeepInput;
  /** Where several scans are channels of one input: all of them, `input` first. */
  channels?: readonly DeepInput[];
  warnings: string[];
}

export interface EncodeOptions extends PreprocessingChoice {
  /** For the names of columns: `ceT1`. */
  modality?: string | undefined;
  /** For the names of columns: `intra` or `peri`. */
  regionName?: string | undefined;
}

interface Loaded extends EncoderNetwork {
  /** The network with its weights, which are read anew for each session but the first. */
  network: () => Promise<ReadModel>;
  sessions: Map<string, InferenceSession>;
}

/** Sessions of one network that are kept, one a size. */
const mostSessions = 3;

/**
 * Deep features of a 3D region: MedicalNet's networks through onnxruntime, on the CPU or a CUDA device.
 *
 * The input is one channel, depth × height × width (z, y, x), made by `deepInput`; global average pooling of layer 4
 * gives 512 features (2,048 for ResNet50). Several networks share one crop. The same input gives the same features, whatever
 * the number of threads asked for (`steadyThreads`).
 *
 * @example
 * const encoder = await ResNetEncoder.load(['resnet10', 'resnet34'], { threads: 2 });
 * const { features, warnings } = await encoder.encode(volume, mask, { modality: 'ceT1', regionName: 'intra' });
 * features[1].names[127]; // 'ceT1.intra.resnet34_127'
 * await encoder.dispose();
 *
 * References: Chen et al. 2019, arXiv:1904.00625; He et al. 2016, doi:10.1109/CVPR.2016.90.
 */
export class ResNetEncoder {
  private readonly loaded: readonly Loaded[];
  private readonly options: EncoderOptions;
  private disposed = false;

  private constructor(loaded: readonly Loaded[], options: EncoderOptions) {
    this.loaded = loaded;
    this.options = options;
  }

  /**
   * Opens networks: ids of the model list (`resnet34`), or paths of `.pth`, `.safetensors` or converted `.onnx` files.
   *
   * @throws NacreError `model-missing`, `bad-model`, `checksum-mismatch` for a file that bears the name of a published one
   *   with another content or not of `sha256`, what `readStateDict` and `checkWeights` throw, `bad-option`; `package-missing` where
   *   onnxruntime-node is not installed
   */
  static async load(
    models: string | readonly string[],
    options: EncoderOptions = {},
  ): Promise<ResNetEncoder> {
    const { threads = 1, device = 'cpu' } = options;
    if (!Number.isInteger(threads) || threads < 1 || !devices.includes(device)) {
      throw new NacreError('bad-option', 'invalid encoder options', {
        found: `device ${device}, ${threads} threads`,
        expected: `device ${devices.join(', ')}, threads of 1 or more`,
      });
    }
    await loadOnnxruntime();
    const loaded: Loaded[] = [];
    const { variant, stemStride, ignoreExtra, note, list = readModelList() } = options;
    for (const named of typeof models === 'string' ? [models] : models) {
      const path = resolveModel(named, options);
      const read = () =>
        readNetwork(path, { variant, stemStride, ignoreExtra, note, list, sha256: options.sha256 });
      let first: ReadModel | undefined = await read();
      const { facts, arch } = first;
      // The weights are kept for the first session only: further sizes are rare and read the file again.
      const network = async () => {
        const model = first ?? (await read());
        first = undefined;
        return model;
      };
      const origin = weightsOrigin(facts, path, list);
      const block = `${networkLabel(facts, origin)}${options.pool === 'max' ? '-max' : ''}`;
      if (loaded.some((other) => other.block === block)) throw sameLabel(path, block);
      loaded.push({ block, origin, facts, features: arch.features, network, sessions: new Map() });
    }
    return new ResNetEncoder(loaded, { ...options, device: await chosenDevice(options) });
  }

  /** The networks, in the order in which they were named. */
  get networks(): readonly EncoderNetwork[] {
    return this.loaded.map(({ block, origin, facts, features }) => ({
      block,
      origin,
      facts,
      features,
    }));
  }

  /**
   * Features of one region.
   *
   * @param mask the region; undefined for the whole scan (`preset: 'medicalnet'`)
   * @throws NacreError of `deepInput`; `device-unavailable`
   */
  async encode(
    volume: Volume,
    mask?: Mask | undefined,
    options: EncodeOptions = {},
  ): Promise<Encoding> {
    const { modality, regionName, ...choice } = options;
    const input = deepInput(volume, mask, choice);
    const [features] = await this.encodeInputs([input], { modality, regionName });
    return { features, input, warnings: input.warnings };
  }

  /**
   * Features of inputs that are ready, in batches of one shape (large crops one at a time, which is faster).
   *
   * @returns for each input the features of each network and layer
   */
  async encodeInputs(
    inputs: readonly Pick<DeepInput, 'shape' | 'data' | 'settings'>[],
    options: Pick<EncodeOptions, 'modality' | 'regionName'> & { batchSize?: number } = {},
  ): Promise<DeepFeatures[][]> {
    const out = inputs.map((): DeepFeatures[] => []);
    const { batchSize = 1, modality, regionName } = options;
    const prefix = [modality, regionName].flatMap((part) => (part === undefined ? [] : `${part}.`));
    const layers = this.options.layers ?? ['layer4'];
    for (const network of this.loaded) {
      for (let from = 0; from < inputs.length; ) {
        let to = from + 1;
        while (
          to < inputs.length &&
          to - from < this.mostAtOnce(inputs[from], batchSize) &&
          `${inputs[to].shape}` === `${inputs[from].shape}`
        ) {
          to++;
        }
        const pooled = await this.run(network, inputs.slice(from, to), layers);
        layers.forEach((layer, l) => {
          const block = layer === 'layer4' ? network.block : `${network.block}-${layer}`;
          pooled[l].forEach((values, i) => {
            const names = Array.from(values, (_, f) => `${prefix.join('')}${block}_${f}`);
            out[from + i].push({ block, names, values });
          });
        });
        from = to;
      }
    }
    return out;
  }

  /**
   * The map behind one pooled feature: where in the region a channel of a layer responds.
   *
   * @param feature name without modality and region: `resnet34_127`, or of another layer `resnet34-layer2_5`
   * @throws NacreError `unknown-name`, those of `deepInput`
   * @example
   * const { map } = await encoder.layerMap(volume, mask, 'resnet34_127');
   * writeNifti('map.nii.gz', map);
   */
  async layerMap(
    volume: Volume,
    mask: Mask | undefined,
    feature: string,
    choice: PreprocessingChoice = {},
  ): Promise<LayerMap> {
    const blocks = this.loaded.map(({ block }) => block);
    const parts = partsOfFeature(feature, blocks);
    const { block, facts, network } = this.loaded[blocks.indexOf(parts.block)];
    return drawLayerMap(
      { block, network: await network(), file: facts.sourceFile },
      parts,
      { volume, mask },
      { choice, session: this.options },
    );
  }

  /** Frees the networks' memory; the encoder cannot be used afterwards. */
  async dispose(): Promise<void> {
    this.disposed = true;
    for (const { sessions } of this.loaded) {
      for (const session of sessions.values()) await session.release();
      sessions.clear();
    }
  }

  /** Pooled features: for each layer, for each input. */
  private async run(
    network: Loaded,
    inputs: readonly Pick<DeepInput, 'shape' | 'data' | 'settings'>[],
    layers: readonly PooledLayer[],
  ): Promise<Float32Array[][]> {
    const { shape } = inputs[0];
    const session = await this.sessionFor(network, inputs[0]);
    const voxels = shape[0] * shape[1] * shape[2];
    let data = inputs[0].data;
    if (inputs.length > 1) {
      data = new Float32Array(voxels * inputs.length);
      inputs.forEach((input, i) => {
        data.set(input.data, i * voxels);
      });
    }
    const { Tensor } = await loadOnnxruntime();
    const tensor = new Tensor('float32', data, [inputs.length, 1, ...shape]);
    let results: InferenceSession.ReturnType;
    try {
      results = await session.run({ [inputName]: tensor }, [...layers]);
    } catch (cause) {
      throw new NacreError('bad-option', `${network.block} cannot take this input`, {
        found: `${tensor.dims.join('×')}: ${firstLine(cause)}`,
        expected: 'one channel of a size that all layers take',
        todo: 'take a larger input (size), or a network of one channel',
        cause,
      });
    }
    return layers.map((layer) => {
      const pooled = results[layer].data as Float32Array;
      requireFiniteFeatures(pooled, `${network.block}, ${layer}`);
      const channels = pooled.length / inputs.length;
      return inputs.map((_, i) => pooled.slice(i * channels, (i + 1) * channels));
    });
  }

  /** Whether the graph is rewritten for the size of an input. */
  private rewrites({ size }: DeepInput['settings']): boolean {
    const { device = 'cpu', specialise = size !== null && device === 'cpu' } = this.options;
    return specialise;
  }

  /** Inputs of a pass: a graph in planes takes one. */
  private mostAtOnce(
    { shape, settings }: Pick<DeepInput, 'shape' | 'settings'>,
    batchSize: number,
  ): number {
    return this.rewrites(settings) && runsInPlanes(shape) ? 1 : batchSize;
  }

  private async sessionFor(
    network: Loaded,
    { shape, settings }: Pick<DeepInput, 'shape' | 'settings'>,
  ): Promise<InferenceSession> {
    if (this.disposed) throw new NacreError('disposed', 'the encoder was disposed of');
    const rewrite = this.rewrites(settings);
    const threads = steadyThreads(shape, rewrite, this.options.threads);
    const key = rewrite ? shape.join('x') : `any, ${threads}`;
    const known = network.sessions.get(key);
    if (known !== undefined) return known;
    if (network.sessions.size >= mostSessions) {
      const [oldest, session] = [...network.sessions][0];
      network.sessions.delete(oldest);
      await session.release();
    }
    const size = rewrite ? shape : undefined;
    const session = await this.openSession(network, size, threads);
    // What the weights were made from is dropped; a pass needs memory next.
    await collectGarbage();
    network.sessions.set(key, session);
    return session;
  }

  private async openSession(
    { facts, network }: Loaded,
    size: readonly [number, number, number] | undefined,
    threads: number,
  ): Promise<InferenceSession> {
    const { pool } = this.options;
    const model = modelFor(await network(), { size, pool });
    return openNetwork(model, facts.sourceFile, { ...this.options, threads });
  }
}
