import { writeFileSync } from 'node:fs';
import { GraphBuilder } from '../../../src/deep/onnx/graph.ts';
import { modelBytes } from '../../../src/deep/onnx/model-bytes.ts';

export interface MadeOnnx {
  /** [batch, channels, …]; words for free axes. */
  shape: readonly (number | string)[];
  /** Output channels. Default 3. */
  features?: number;
  /** Give the map instead of its mean. Default false. */
  map?: boolean;
  weights?: readonly number[];
}

/**
 * An ONNX file of another maker: one 1×1(×1) convolution, output channel f being Σ_c (f + 1 + c / 2) · input channel c, and
 * its mean over space. By hand one can tell what it must give.
 */
export function madeOnnx({ shape, features = 3, map = false, weights }: MadeOnnx): Uint8Array {
  const build = new GraphBuilder();
  const channels = Number(shape[1]);
  const spatial = shape.length - 2;
  const kernel = Float32Array.from(
    weights ??
      Array.from(
        { length: features * channels },
        (_, i) => Math.floor(i / channels) + 1 + (i % channels) / 2,
      ),
  );
  const ones = new Array<number>(spatial).fill(1);
  const weight = build.weight('w', [features, channels, ...ones], () => kernel);
  const out = build.node('Conv', map ? 'features' : 'map', ['image', weight], {
    kernel_shape: ones,
  });
  const axes = ones.map((_, a) => a + 2);
  const output = map
    ? out
    : build.node('ReduceMean', 'features', [out, build.integers(axes)], { keepdims: 0 });
  return modelBytes({
    graph: {
      name: 'made',
      nodes: build.nodes,
      initializers: build.initializers,
      inputs: [{ name: 'image', shape }],
      outputs: [
        {
          name: output,
          shape: map ? [shape[0], features, ...shape.slice(2)] : [shape[0], features],
        },
      ],
    },
    producerVersion: 'test',
    metadata: {},
  });
}

export function writeMadeOnnx(path: string, made: MadeOnnx): string {
  writeFileSync(path, madeOnnx(made));
  return path;
}
