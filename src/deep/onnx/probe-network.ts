import { GraphBuilder } from './graph.ts';
import { modelBytes } from './model-bytes.ts';

/** Bytes of a network that gives its input, one number: what a device must be able to run. */
export function probeNetwork(): Uint8Array {
  const build = new GraphBuilder();
  const output = build.node('Identity', 'y', ['x']);
  const { nodes, initializers } = build;
  const inputs = [{ name: 'x', shape: [1] }];
  const outputs = [{ name: output, shape: [1] }];
  const graph = { name: 'probe', nodes, initializers, inputs, outputs };
  return modelBytes({ graph, producerVersion: '', metadata: {} });
}
