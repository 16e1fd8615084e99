import { type DeepInput, deepInput } from '../deep/deep-input.ts';
import { ResNetEncoder } from '../deep/encoder.ts';
import { OnnxEncoder } from '../deep/onnx-file/onnx-encoder.ts';
import type { PreprocessingChoice } from '../deep/preprocessing.ts';
import type { Mask, Volume } from '../imaging/volume.ts';
import type { ExtractorName } from './extraction.ts';
import type { ExtractionNetwork } from './extraction-networks.ts';
import type { UnitRow } from './unit-cache.ts';

/** A region that the networks of a worker encode one after the other. */
export interface NetworkRegion {
  /** The scan, and the further channels of its input. */
  volumes: readonly Volume[];
  mask: Mask;
  deep: PreprocessingChoice;
}

/** The networks of one worker, each on one thread: the workers share the cores. */
export class NetworkUnits {
  private readonly networks: readonly ExtractionNetwork[];
  private readonly encoders: ReadonlyMap<ExtractorName, ResNetEncoder | OnnxEncoder>;
  /** One crop for all networks of a region. */
  private readonly crops = new WeakMap<NetworkRegion, DeepInput>();

  private constructor(
    networks: readonly ExtractionNetwork[],
    encoders: ReadonlyMap<ExtractorName, ResNetEncoder | OnnxEncoder>,
  ) {
    this.networks = networks;
    this.encoders = encoders;
  }

  static async open(networks: readonly ExtractionNetwork[]): Promise<NetworkUnits> {
    const encoders = new Map<ExtractorName, ResNetEncoder | OnnxEncoder>();
    for (const { extractor, path, sha256, checkpoint, onnx } of networks) {
      if (onnx === undefined) {
        encoders.set(
          extractor,
          await ResNetEncoder.load(path, { threads: 1, ...checkpoint, sha256 }),
        );
      } else {
        const { deep: _, ...settings } = onnx;
        const options = { name: extractor, sha256 };
        encoders.set(extractor, await OnnxEncoder.load(path, settings, options));
      }
    }
    return new NetworkUnits(networks, encoders);
  }

  async encode(
    extractor: ExtractorName,
    region: NetworkRegion,
  ): Promise<Pick<UnitRow, 'values' | 'warnings'>> {
    const { volumes, mask, deep } = region;
    const encoder = this.encoders.get(extractor);
    if (encoder instanceof OnnxEncoder) {
      const onnx = this.networks.find((one) => one.extractor === extractor)?.onnx;
      const inputs = encoder.inputs(volumes, mask, { ...deep, ...onnx?.deep });
      const [[{ values }]] = await encoder.encodeChannels([inputs]);
      return { values: Float64Array.from(values), warnings: inputs[0].warnings };
    }
    const input = this.crops.get(region) ?? deepInput(volumes[0], mask, deep);
    this.crops.set(region, input);
    const [[features]] = await (encoder as ResNetEncoder).encodeInputs([input]);
    return { values: Float64Array.from(features.values), warnings: input.warnings };
  }

  /** Frees the networks' memory. */
  async dispose(): Promise<void> {
    for (const encoder of this.encoders.values()) await encoder.dispose();
  }
}
