import { blocksOf, type ResNetArchitecture } from '../architecture.ts';
import type { FoldedWeights } from './folded-weights.ts';
import type { GraphBuilder } from './graph.ts';
import { planePointwise, sliceConvolution, tiledPoints, tiledSlices } from './plane-convolution.ts';
import {
  type PlaneLayout,
  planeArea,
  planeCount,
  planeShape,
  relayout,
  slices,
} from './plane-layout.ts';
import type { PlanePlan } from './plane-plan.ts';
import { residualBlock } from './residual-block.ts';
import { strided, subsample } from './subsample.ts';

/** Axes of slices as [batch, z, channels, y, x]. */
const sliceAxes = { channels: 2, space: [1, 3, 4] };

/** Axes of planes of any layout; their voxels lie in several axes. */
const planeAxes = { channels: 1, space: [] };

/**
 * Nodes of the whole network in planes. onnxruntime's convolutions of two dimensions keep channels in blocks of a
 * vector's width and skip padding; those of three dimensions copy every input 27 times and multiply padding.
 *
 * @param input name of the volume
 * @returns names of the pooled outputs, in the order of the layers
 */
export function planeNetwork(
  build: GraphBuilder,
  { arch, weights }: { arch: ResNetArchitecture; weights: FoldedWeights },
  input: string,
  size: readonly number[],
  plan: PlanePlan,
  how: 'mean' | 'max',
): { name: string; channels: number }[] {
  const outputs: { name: string; channels: number }[] = [];
  let { x, layout } = stem(build, arch, weights, input, size);
  const blocks = blocksOf(arch);
  blocks.forEach((block, i) => {
    const { layer, key, inputs, stride, dilation } = block;
    const { layout: wanted, axes } = plan[layer];
    if (stride === 1) {
      x = relayout(build, x, inputs, layout, wanted, `${key}/planes`);
      layout = wanted;
    }
    const from = layout;
    // Only slices are strided: [batch, z, channels, y, x].
    const stack = (name: string, output: string) =>
      build.reshape(name, `${output}/stack`, [-1, from.size[0], inputs, ...planeShape(from)]);
    x = residualBlock(build, arch, block, x, {
      spatial: (name, conv, step) => {
        const folded = weights.get(conv)!;
        if (axes.length === 3) {
          const points: PlaneLayout = { ...wanted, form: 'points' };
          const apart = relayout(build, name, folded.shape[1], wanted, points, `${conv}/points`);
          return tiledPoints(build, apart, folded, { from: points, to: wanted, axes });
        }
        if (step === 1 && axes.length > 0) return tiledSlices(build, name, folded, wanted, axes[0]);
        const { size } = step === 1 ? wanted : from;
        return sliceConvolution(build, name, folded, size, { stride: step, dilation });
      },
      pointwise: (name, conv, step) => {
        const folded = weights.get(conv)!;
        if (step === 1) return planePointwise(build, name, folded);
        const some = strided(build, stack(name, conv), step, sliceAxes, `${conv}/strided`);
        const flat = build.reshape(some, `${conv}/planes`, [-1, inputs, ...planeShape(wanted)]);
        return planePointwise(build, flat, folded);
      },
      subsample: (name, output) => {
        if (stride === 1) return subsample(build, name, block, planeAxes, output);
        const some = subsample(build, stack(name, output), block, sliceAxes, output);
        return build.reshape(some, `${output}/planes`, [-1, block.outputs, ...planeShape(wanted)]);
      },
    });
    layout = wanted;
    if (blocks[i + 1]?.layer !== layer) {
      outputs.push({
        name: pool(build, x, block.outputs, layout, layer, how),
        channels: block.outputs,
      });
    }
  });
  return outputs;
}

function stem(
  build: GraphBuilder,
  { stem: { channels, planes, stride } }: ResNetArchitecture,
  weights: FoldedWeights,
  input: string,
  size: readonly number[],
): { x: string; layout: PlaneLayout } {
  const first = relayout(build, input, channels, 'map', slices(size), 'volume/planes');
  const conv = sliceConvolution(build, first, weights.get('conv1')!, size, { stride });
  const active = build.node('Relu', 'conv1/relu', [conv]);
  const inSlice = build.node('MaxPool', 'maxpool/slices', [active], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  });
  const [depth, ...plane] = size.map((voxels) => Math.ceil(voxels / stride));
  const half = plane.map((voxels) => Math.ceil(voxels / 2));
  // Along z the largest of whole slices, on all threads; a slice beyond an end is that end, which takes nothing from the maximum.
  const rows = build.reshape(inSlice, 'maxpool/rows', [-1, depth, planes * half[0] * half[1]]);
  const thirds = [-1, 0, 1].map((tap) => {
    const met = Array.from({ length: Math.ceil(depth / 2) }, (_, i) =>
      Math.min(Math.max(2 * i + tap, 0), depth - 1),
    );
    return build.node('Gather', `maxpool/met${tap}`, [rows, build.integers(met)], { axis: 1 });
  });
  const pooled = build.node('Max', 'maxpool/pooled', thirds);
  const x = build.reshape(pooled, 'maxpool', [-1, planes, ...half]);
  return { x, layout: slices([Math.ceil(depth / 2), ...half]) };
}

/** Global pooling to [batch, channels]. */
function pool(
  build: GraphBuilder,
  x: string,
  channels: number,
  layout: PlaneLayout,
  output: string,
  how: 'mean' | 'max',
): string {
  const planes = build.reshape(x, `${output}/planes`, [
    -1,
    planeCount(layout),
    channels,
    planeArea(layout),
  ]);
  const reduce = how === 'mean' ? 'ReduceMean' : 'ReduceMax';
  return build.node(reduce, output, [planes, build.integers([1, 3])], { keepdims: 0 });
}
