import { modelBytes, type OnnxModel } from './model-bytes.ts';
import { type NetworkGraphOptions, networkGraph } from './network-graph.ts';
import { invalid, type ReadModel, readModel } from './read-model.ts';

export { type ModelFacts, readModel } from './read-model.ts';

/**
 * Rewrites a plain model for inputs of one size: the dilated layers 3 and 4 fall apart into small independent grids,
 * each of which is computed with the fewest products, and from crops of 48³ on the others run as convolutions of two
 * dimensions. The same in real arithmetic; in float32 features differ by less than 1e-5 of their scale. Batches stay
 * free for the smaller crops; from 48³ on (`runsInPlanes`) a pass takes one crop.
 *
 * @param bytes of a plain `.onnx` file
 * @param size depth, height, width, voxels
 */
export function specialise(
  bytes: Uint8Array,
  size: readonly [number, number, number],
  options: Pick<NetworkGraphOptions, 'plan' | 'pool'> & { file?: string } = {},
): Uint8Array {
  const { file = 'model', ...how } = options;
  return modelBytes(modelFor(readPlain(bytes, file), { size, ...how }));
}

/**
 * The bytes of a plain model, written anew from the weights of a file: of what the file holds only weights and labels
 * are used, never its graph.
 *
 * @throws NacreError of `readModel`
 */
export function rebuilt(
  bytes: Uint8Array,
  file: string,
  options: Pick<NetworkGraphOptions, 'pool' | 'map'> = {},
): Uint8Array {
  return modelBytes(modelFor(readPlain(bytes, file), options));
}

/** The model of a network, plain or for one size. */
export function modelFor(
  { arch, facts, metadata, weights }: ReadModel,
  options: NetworkGraphOptions = {},
): OnnxModel {
  const { size } = options;
  return {
    graph: networkGraph(arch, weights, options),
    producerVersion: facts.version,
    metadata: size === undefined ? metadata : { ...metadata, 'nacre.size': size.join('x') },
  };
}

/** Reads a plain model. @throws NacreError of `readModel`; `bad-model` for one that was rewritten for a size */
export function readPlain(bytes: Uint8Array, file: string): ReadModel {
  const model = readModel(bytes, file);
  const { size } = model.facts;
  if (size === undefined) return model;
  throw invalid(file, `a model already rewritten for ${size.join('×')}`);
}
