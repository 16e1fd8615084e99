import { basename } from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Mask, Volume } from '../../imaging/volume.ts';
import { NacreError } from '../../runtime/errors.ts';
import { parseWithSchema } from '../../runtime/parse-with-schema.ts';
import { type DeepInput, deepInput } from '../deep-input.ts';
import type { DeepFeatures, EncodeOptions, Encoding } from '../encoder.ts';
import { loadOnnxruntime } from '../onnxruntime.ts';
import type { PreprocessingChoice } from '../preprocessing.ts';
import { createSession, firstLine } from '../session.ts';
import type { SessionOptions } from '../session-options.ts';
import { withAccurateNorms } from './accurate-norm.ts';
import { type OnnxSettings, type OnnxSettingsChoice, onnxSettingsSchema } from './onnx-choice.ts';
import { type OnnxContents, readOnnxContents } from './onnx-contents.ts';
import { type OnnxLayout, onnxLayout, onnxPreprocessing, requireSize } from './onnx-layout.ts';
import { pooledOutput, tensorsOf } from './onnx-tensors.ts';

export interface OnnxEncoderOptions extends Omit<SessionOptions, 'threads'> {
  /** Name of the network in columns. Default: the name of the file, and the first digits of its SHA-256. */
  name?: string | undefined;
  /** SHA-256 that the file must have, with its external data (`readOnnxContents`). */
  sha256?: string | undefined;
}

/**
 * Features of a region by any ONNX network: two- or three-dimensional, of one scan or of several scans as channels.
 * A pass takes one thread: with several, a network of another maker may sum in another order (DenseNet121's features differ
 * in their last bits), and a study must give what `nacre encode` gives.
 *
 * @example
 * const encoder = await OnnxEncoder.load('encoder.onnx', { input: { size: 32, spacing: 2 }, intensity: { zscore: 'body' } });
 * const { features } = await encoder.encode(volume, mask, { modality: 'ceT1', regionName: 'intra' });
 * await encoder.dispose();
 */
export class OnnxEncoder {
  readonly block: string;
  readonly contents: OnnxContents;
  readonly layout: OnnxLayout;
  /** Values per region. */
  readonly features: number;
  private readonly settings: OnnxSettings;
  private readonly session: InferenceSession;

  private constructor(
    parts: Pick<OnnxEncoder, 'block' | 'contents' | 'layout' | 'features'> & {
      settings: OnnxSettings;
      session: InferenceSession;
    },
  ) {
    this.block = parts.block;
    this.contents = parts.contents;
    this.layout = parts.layout;
    this.features = parts.features;
    this.settings = parts.settings;
    this.session = parts.session;
  }

  /**
   * Opens a file.
   *
   * @param choice what the network expects to see; `nacre models inspect` proposes it
   * @throws NacreError of `readOnnxContents`, `onnxLayout` and `createSession`; `checksum-mismatch`
   */
  static async load(
    path: string,
    choice: OnnxSettingsChoice = {},
    options: OnnxEncoderOptions = {},
  ): Promise<OnnxEncoder> {
    const settings = parseWithSchema(onnxSettingsSchema, choice, 'the settings of the network');
    const contents = readOnnxContents(path);
    const { sha256, bytes, external } = contents;
    if (options.sha256 !== undefined && options.sha256 !== sha256) {
      throw new NacreError('checksum-mismatch', 'the network has another sha256 than expected', {
        file: path,
        found: `sha256 ${sha256}`,
        expected: `sha256 ${options.sha256}`,
        todo: 'replace the file by the intended one, or correct its sha256',
      });
    }
    const layout = onnxLayout(contents, settings);
    const session = await createSession(
      withAccurateNorms(bytes),
      path,
      { ...options, threads: 1 },
      external,
    );
    // The constants are in the session now.
    const light = { ...contents, bytes: new Uint8Array(0), external: [] };
    const stem = basename(path)
      .replace(/\.onnx$/i, '')
      .replace(/[^A-Za-z0-9]+/g, '-');
    const block = options.name ?? `${stem}-${sha256.slice(0, 8)}`;
    const features =
      declaredFeatures(contents, layout, settings) ??
      (await probedFeatures(session, layout, settings, path));
    return new OnnxEncoder({ block, contents: light, layout, features, settings, session });
  }

  /** Preprocessing for this network: its own size, spacing and intensities over `base`. */
  preprocessing(base: PreprocessingChoice = {}): PreprocessingChoice {
    return onnxPreprocessing(this.contents, this.settings, base);
  }

  /**
   * Checks a size that was asked for against the one that the file or `input.size` fixes, which the network sees in any case.
   *
   * @throws NacreError `bad-option` with both shapes
   */
  requireSize(asked: PreprocessingChoice['size']): void {
    requireSize(asked, this.layout, this.contents.file);
  }

  /**
   * Features of one region.
   *
   * @param volumes one scan, or one per channel in the order of the network's; the first gives the grid
   * @param mask the region, on the grid of the first scan
   * @throws NacreError of `deepInput`; `model-output` where features are not finite
   */
  async encode(
    volumes: Volume | readonly Volume[],
    mask?: Mask | undefined,
    options: EncodeOptions = {},
  ): Promise<Encoding> {
    const { modality, regionName, ...choice } = options;
    const inputs = this.inputs('data' in volumes ? [volumes] : volumes, mask, choice);
    const [[features]] = await this.encodeChannels([inputs], { modality, regionName });
    const [input] = inputs;
    return { features: [features], input, channels: inputs, warnings: input.warnings };
  }

  /** The channels of one region on one grid. */
  inputs(
    volumes: readonly Volume[],
    mask: Mask | undefined,
    choice: PreprocessingChoice,
  ): DeepInput[] {
    const settings = this.preprocessing(choice);
    const first = deepInput(volumes[0], mask, settings, { smallest: 0 });
    if (volumes.length === 1) return [first];
    return volumes.map((volume, c) => {
      if (c === 0) return first;
      const { geometry: grid, region } = first;
      return deepInput(volume, undefined, settings, { grid, region, smallest: 0 });
    });
  }

  /** Features of inputs that are ready, of one scan each, as `ResNetEncoder.encodeInputs`. */
  encodeInputs(
    inputs: readonly DeepInput[],
    options: Pick<EncodeOptions, 'modality' | 'regionName'> & { batchSize?: number } = {},
  ): Promise<DeepFeatures[][]> {
    return this.encodeChannels(
      inputs.map((input) => [input]),
      options,
    );
  }

  /** For each region the features of its channels; one scan fills all channels where the network has several. */
  async encodeChannels(
    regions: readonly (readonly DeepInput[])[],
    { modality, regionName }: Pick<EncodeOptions, 'modality' | 'regionName'> = {},
  ): Promise<DeepFeatures[][]> {
    const prefix = [modality, regionName].flatMap((part) => (part === undefined ? [] : `${part}.`));
    const out: DeepFeatures[][] = [];
    for (const channels of regions) {
      const values = await this.run(channels);
      const names = Array.from(values, (_, f) => `${prefix.join('')}${this.block}_${f}`);
      out.push([{ block: this.block, names, values }]);
    }
    return out;
  }

  /** Frees the network's memory; the encoder cannot be used afterwards. */
  async dispose(): Promise<void> {
    await this.session.release();
  }

  private async run(channels: readonly DeepInput[]): Promise<Float32Array> {
    const { layout, settings } = this;
    const outputs: { data: Float32Array; dims: readonly number[] }[] = [];
    for (const { data, dims } of tensorsOf(channels, layout)) {
      outputs.push(await runOnce(this.session, layout, data, dims, this.contents.file));
    }
    const values = pooledOutput(outputs, layout, settings.pool);
    for (let f = 0; f < values.length; f++) {
      if (values[f] - values[f] === 0) continue;
      throw new NacreError('model-output', `${this.block} gives features that are not numbers`, {
        found: `${values[f]} at feature ${f}`,
        expected: 'finite features',
        todo: 'check the intensities that the network expects, and its weights',
      });
    }
    if (values.length === this.features) return values;
    throw new NacreError('model-output', `${this.block} gives another number of features`, {
      found: String(values.length),
      expected: String(this.features),
      todo: 'fix the size of the input, or pool over space',
    });
  }
}

async function runOnce(
  session: InferenceSession,
  { input, output }: OnnxLayout,
  data: Float32Array,
  dims: readonly number[],
  file: string,
): Promise<{ data: Float32Array; dims: readonly number[] }> {
  const { Tensor } = await loadOnnxruntime();
  let result: Tensor;
  try {
    const results = await session.run({ [input]: new Tensor('float32', data, [...dims]) }, [
      output,
    ]);
    result = results[output] as Tensor;
  } catch (cause) {
    throw new NacreError('bad-option', 'the network cannot take this input', {
      file,
      found: `${dims.join('×')}: ${firstLine(cause)}`,
      expected: 'a shape that all its layers take',
      todo: 'set input.size as the network was trained (nacre models inspect FILE)',
      cause,
    });
  }
  if (result.type !== 'float32') {
    throw new NacreError('bad-option', 'the output of the network is not float32', {
      file,
      found: `${output} of ${result.type}`,
      expected: 'float32',
      todo: 'name another output, or export it in float32',
    });
  }
  return { data: result.data as Float32Array, dims: result.dims };
}

/** Number of features where the file declares it; undefined where only a run shows it. */
function declaredFeatures(
  { outputs }: OnnxContents,
  { output, slices }: OnnxLayout,
  { pool }: OnnxSettings,
): number | undefined {
  const shape = outputs.find(({ name }) => name === output)?.shape ?? [];
  if (pool === 'none' && slices === undefined) {
    const rest = shape.slice(1);
    return rest.length > 0 && rest.every((dim) => typeof dim === 'number')
      ? rest.reduce<number>((product, dim) => product * Number(dim), 1)
      : undefined;
  }
  return shape.length === 2 && typeof shape[1] === 'number' ? shape[1] : undefined;
}

/** The same from a run on an empty image. */
async function probedFeatures(
  session: InferenceSession,
  layout: OnnxLayout,
  { pool }: OnnxSettings,
  file: string,
): Promise<number> {
  const dims = layout.shape.map((dim, i) =>
    layout.axes[i] === 'N' ? 1 : typeof dim === 'number' ? dim : 64,
  );
  const data = new Float32Array(dims.reduce((product, size) => product * size, 1));
  return pooledOutput([await runOnce(session, layout, data, dims, file)], layout, pool).length;
}
