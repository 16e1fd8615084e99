import type { Mask, Volume } from '../imaging/volume.ts';
import type { DeepInput } from './deep-input.ts';
import {
  type EncodeOptions,
  type EncoderOptions,
  type Encoding,
  ResNetEncoder,
} from './encoder.ts';
import { resolveModel } from './models/model-store.ts';
import type { OnnxSettingsChoice } from './onnx-file/onnx-choice.ts';
import { readOnnxContents } from './onnx-file/onnx-contents.ts';
import { OnnxEncoder } from './onnx-file/onnx-encoder.ts';
import { chosenDevice } from './session.ts';

/** Turns a region into features. */
export interface RegionEncoder {
  encode(volume: Volume, mask?: Mask | undefined, options?: EncodeOptions): Promise<Encoding>;
}

export interface GroupEncoding extends Encoding {
  seen: readonly { block: string; channels: readonly DeepInput[] }[];
}

/**
 * Networks that nacre builds and ONNX files of any maker, side by side: those it builds share one crop, each ONNX file has
 * a crop of its own.
 */
export class EncoderGroup implements RegionEncoder {
  /** MedicalNet's networks and their kin; undefined where none was requested. */
  readonly built: ResNetEncoder | undefined;
  readonly onnx: readonly OnnxEncoder[];

  private constructor(built: ResNetEncoder | undefined, onnx: readonly OnnxEncoder[]) {
    this.built = built;
    this.onnx = onnx;
  }

  /**
   * Opens networks by id or path; an `.onnx` file that nacre did not convert is taken as it is.
   *
   * @param settings of the ONNX files of other makers
   * @throws NacreError of `ResNetEncoder.load` and `OnnxEncoder.load`
   */
  static async load(
    models: readonly string[],
    given: EncoderOptions = {},
    settings: OnnxSettingsChoice = {},
  ): Promise<EncoderGroup> {
    const options = { ...given, device: await chosenDevice(given) };
    const paths = models.map((named) => ({ named, path: resolveModel(named, options) }));
    const foreign = paths.filter(
      ({ path }) => /\.onnx$/i.test(path) && !readOnnxContents(path).madeByNacre,
    );
    const checkpoints = paths.filter((one) => !foreign.includes(one)).map(({ named }) => named);
    const built =
      checkpoints.length === 0 ? undefined : await ResNetEncoder.load(checkpoints, options);
    const onnx: OnnxEncoder[] = [];
    for (const { path } of foreign) onnx.push(await OnnxEncoder.load(path, settings, options));
    return new EncoderGroup(built, onnx);
  }

  /** Features of all networks; `input` is that of the first, `seen` has those of all that differ, by the name of the network. */
  async encode(
    volume: Volume,
    mask?: Mask | undefined,
    options: EncodeOptions = {},
    further: readonly Volume[] = [],
  ): Promise<GroupEncoding> {
    const all: Encoding[] = [];
    if (this.built !== undefined) all.push(await this.built.encode(volume, mask, options));
    for (const encoder of this.onnx) {
      all.push(await encoder.encode([volume, ...further], mask, options));
    }
    return {
      features: all.flatMap(({ features }) => features),
      input: all[0].input,
      seen: all.map(({ features: [{ block }], input, channels = [input] }) => ({
        block,
        channels,
      })),
      warnings: [...new Set(all.flatMap(({ warnings }) => warnings))],
    };
  }

  /** Frees the networks' memory. */
  async dispose(): Promise<void> {
    await this.built?.dispose();
    for (const encoder of this.onnx) await encoder.dispose();
  }
}
