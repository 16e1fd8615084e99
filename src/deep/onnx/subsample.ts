import type { ResNetBlock } from '../architecture.ts';
import type { GraphBuilder } from './graph.ts';

/** Where a tensor has its axes. */
export interface AxisPlaces {
  channels: number;
  /** z, y, x. */
  space: readonly number[];
}

/** Every `stride`-th voxel. */
export function strided(
  build: GraphBuilder,
  x: string,
  stride: number,
  { space }: AxisPlaces,
  output: string,
): string {
  if (stride === 1) return x;
  const end = 2 ** 31 - 1;
  return build.node('Slice', output, [
    x,
    build.integers(space.map(() => 0)),
    build.integers(space.map(() => end)),
    build.integers(space),
    build.integers(space.map(() => stride)),
  ]);
}

/** Shortcut A: every `stride`-th voxel, and zeros for the further channels. */
export function subsample(
  build: GraphBuilder,
  name: string,
  { inputs, outputs, stride }: Pick<ResNetBlock, 'inputs' | 'outputs' | 'stride'>,
  places: AxisPlaces,
  output: string,
): string {
  const x = strided(build, name, stride, places, `${output}/strided`);
  if (outputs === inputs) return x;
  const zero = build.sharedWeight('zero', [], () => new Float32Array(1));
  return build.node('Pad', output, [
    x,
    build.integers([0, outputs - inputs]),
    zero,
    build.integers([places.channels]),
  ]);
}
