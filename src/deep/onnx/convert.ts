import {
  type ArchitectureOptions,
  type ArchitectureTraits,
  architecture,
  type NetworkName,
} from '../architecture.ts';
import type { StateDict } from '../state-dict.ts';
import { foldWeights } from './folded-weights.ts';
import { modelBytes } from './model-bytes.ts';
import { networkGraph } from './network-graph.ts';

export interface ConvertOptions extends ArchitectureOptions {
  /** Version of nacre, kept in the file. */
  version: string;
}

/**
 * Turns a MedicalNet checkpoint into an ONNX model: batch normalisation folded, any batch and spatial size, input
 * `volume` [batch, channels, depth, height, width], outputs `layer1` to `layer4` [batch, channels] by global average pooling.
 * Peak memory is that of the weights twice.
 *
 * @returns the bytes of the `.onnx` file; the same checkpoint gives the same bytes
 * @throws NacreError `weights-mismatch`, `checkpoint-type`, `checkpoint-weights`, `unknown-name`
 */
export function convertMedicalNet(
  state: StateDict,
  name: NetworkName,
  options: ConvertOptions,
): Uint8Array {
  const arch = architecture(name, options);
  const { file, sha256, form, randomSeed } = state.source;
  const traits = traitsOf(options);
  return modelBytes({
    graph: networkGraph(arch, foldWeights(state, arch)),
    producerVersion: options.version,
    metadata: {
      'nacre.network': arch.name,
      'nacre.variant': arch.variant,
      'nacre.stem_stride': String(arch.stem.stride),
      ...(traits === undefined ? {} : { 'nacre.traits': JSON.stringify(traits) }),
      'nacre.version': options.version,
      'nacre.source_file': file,
      'nacre.source_sha256': sha256,
      'nacre.source_form': form,
      'nacre.random_weights': String(randomSeed !== undefined),
      ...(randomSeed === undefined ? {} : { 'nacre.random_seed': String(randomSeed) }),
    },
  });
}

/** The traits that were given, in one order; undefined where the network is as published. */
function traitsOf(options: ConvertOptions): ArchitectureTraits | undefined {
  const { shortcut, shortcutBias, planes, channels, stemKernel } = options;
  const given = Object.entries({ shortcut, shortcutBias, planes, channels, stemKernel }).filter(
    ([, value]) => value !== undefined,
  );
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
