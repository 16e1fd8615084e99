import { modelBytes } from './model-bytes.ts';
import { type NetworkGraphOptions, networkGraph } from './network-graph.ts';
import { invalid, type ReadModel, readModel } from './read-model.ts';

export { type ModelFacts, readModel } from './read-model.ts';

/**
 * Rewrites a plain model for inputs of one size, so that nothing multiplies padding: the dilated layers 3 and 4 fall
 * apart into small independent grids, each of which is computed with the fewest products. The same in real arithmetic;
 * in float32 features differ by some 1e-6 of their scale. Batches stay free.
 *
 * @param bytes of a plain `.onnx` file
 * @param size depth, height, width, voxels
 */
export function specialise(
  bytes: Uint8Array,
  size: readonly [number, number, number],
  options: Pick<NetworkGraphOptions, 'plan' | 'pool'> & { file?: string } = {},
): Uint8Array {
  const model = plainOnly(readModel(bytes, options.file ?? 'model'), options.file ?? 'model');
  const { arch, facts, metadata, weights } = model;
  return modelBytes({
    graph: networkGraph(arch, weights, { size, plan: options.plan, pool: options.pool }),
    producerVersion: facts.version,
    metadata: { ...metadata, 'nacre.size': size.join('x') },
  });
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
  const { arch, facts, metadata, weights } = plainOnly(readModel(bytes, file), file);
  return modelBytes({
    graph: networkGraph(arch, weights, options),
    producerVersion: facts.version,
    metadata,
  });
}

function plainOnly(model: ReadModel, file: string): ReadModel {
  const { size } = model.facts;
  if (size === undefined) return model;
  throw invalid(file, `a model already rewritten for ${size.join('×')}`);
}
