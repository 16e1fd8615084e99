import type { ResNetArchitecture, ResNetBlock } from '../architecture.ts';
import type { GraphBuilder } from './graph.ts';

/** The parts of a residual block in one layout of the map. Names are those of the weights: `layer1.0.conv1`. */
export interface BlockOperations {
  /** The 3×3×3 convolution. */
  spatial(x: string, name: string, stride: number): string;
  /** A 1×1×1 convolution. */
  pointwise(x: string, name: string, stride: number): string;
  /** Shortcut A. */
  subsample(x: string, output: string): string;
}

/** A residual block on the tensor `x`: both branches, their sum, ReLU. */
export function residualBlock(
  build: GraphBuilder,
  arch: ResNetArchitecture,
  { key, stride, reshapes }: ResNetBlock,
  x: string,
  { spatial, pointwise, subsample }: BlockOperations,
): string {
  const relu = (name: string) => build.node('Relu', `${name}/relu`, [name]);
  let y: string;
  if (arch.block === 'basic') {
    y = relu(spatial(x, `${key}.conv1`, stride));
    y = spatial(y, `${key}.conv2`, 1);
  } else {
    y = relu(pointwise(x, `${key}.conv1`, 1));
    y = relu(spatial(y, `${key}.conv2`, stride));
  }
  let shortcut = x;
  if (reshapes) {
    shortcut =
      arch.shortcut === 'B'
        ? pointwise(x, `${key}.downsample.0`, stride)
        : subsample(x, `${key}/shortcut`);
  }
  if (arch.block === 'bottleneck') y = pointwise(y, `${key}.conv3`, 1);
  return relu(build.node('Add', `${key}/sum`, [y, shortcut]));
}
