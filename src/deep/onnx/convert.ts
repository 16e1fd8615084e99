import {
  type ArchitectureOptions,
  type ArchitectureTraits,
  architecture,
  type NetworkName,
} from '../architecture.ts';
import type { StateDict } from '../state-dict.ts';
import { foldWeights } from './folded-weights.ts';
import { modelBytes } from './model-bytes.ts';
import { factsFrom, type ReadModel } from './read-model.ts';
import { modelFor } from './specialise.ts';

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
  return modelBytes(modelFor(networkOfState(state, name, options)));
}

/** The network of a checkpoint with its weights folded, ready for a graph; they are folded each time they are asked for. */
export function networkOfState(
  state: StateDict,
  name: NetworkName,
  options: ConvertOptions,
): ReadModel {
  const arch = architecture(name, options);
  const { file, sha256, form, randomSeed } = state.source;
  const traits = traitsOf(options);
  const metadata = {
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
  };
  const weights = foldWeights(state, arch);
  return { arch, facts: factsFrom(metadata, file), metadata, weights };
}

/** The traits that were given, in one order; undefined where the network is as published. */
function traitsOf(options: ConvertOptions): ArchitectureTraits | undefined {
  const { shortcut, shortcutBias, planes, channels, stemKernel } = options;
  const given = Object.entries({ shortcut, shortcutBias, planes, channels, stemKernel }).filter(
    ([, value]) => value !== undefined,
  );
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
