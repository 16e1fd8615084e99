import { blocksOf, type ResNetArchitecture, type ResNetBlock } from '../architecture.ts';
import type { FoldedConvolution, FoldedWeights } from './folded-weights.ts';
import { GraphBuilder, type GraphPort, type OnnxGraph } from './graph.ts';
import {
  fromGrids,
  type Grids,
  gridConvolution,
  gridPoints,
  gridPointwise,
  toGrids,
} from './grid-convolution.ts';
import { type GridPlan, planGrids } from './grid-plan.ts';
import { planeNetwork } from './plane-network.ts';
import { planPlanes } from './plane-plan.ts';
import { residualBlock } from './residual-block.ts';
import { subsample } from './subsample.ts';

/** Names of the input and of the outputs: pooled features of each layer, [batch, channels]; `layer4` is the usual one. */
export const inputName = 'volume';

export interface NetworkGraphOptions {
  /**
   * Depth, height and width of every input, voxels: the graph is rewritten for it. Default: any size, plain convolutions.
   */
  size?: readonly [number, number, number] | undefined;
  /** How dilated convolutions are rewritten for `size`. Default: `planGrids`. */
  plan?: GridPlan | undefined;
  /** Pooling of each layer's map into its outputs: the mean (default) or the maximum. */
  pool?: 'mean' | 'max' | undefined;
  /** Give this layer's map as a further output, `mapName`. */
  map?: ResNetBlock['layer'] | undefined;
}

/** Axes of a whole map. */
const mapAxes = { channels: 1, space: [2, 3, 4] };

/** Name of the output that `NetworkGraphOptions.map` adds: [batch, channels, z, y, x]. */
export const mapName = 'map';

/** A tensor on its way: as a map [batch, channels, z, y, x], or taken apart into grids. */
interface Flow {
  name: string;
  channels: number;
  grids: Grids | undefined;
}

/** The network as an ONNX graph, batch normalisation folded, all four layers pooled. */
export function networkGraph(
  arch: ResNetArchitecture,
  weights: FoldedWeights,
  options: NetworkGraphOptions = {},
): OnnxGraph {
  const { size } = options;
  const build = new GraphBuilder();
  const named = (outputs: readonly GraphPort[], batch: string | number = 'batch') => ({
    name: `${arch.name}_${arch.variant}${size === undefined ? '' : `_${size.join('x')}`}`,
    nodes: build.nodes,
    initializers: build.initializers,
    inputs: [
      {
        name: inputName,
        shape: [batch, arch.stem.channels, ...(size ?? ['depth', 'height', 'width'])],
      },
    ],
    outputs,
  });
  if (size !== undefined && options.plan === undefined && options.map === undefined) {
    const planes = planPlanes(arch, size);
    if (planes !== undefined) {
      const pooled = planeNetwork(
        build,
        { arch, weights },
        inputName,
        size,
        planes,
        options.pool ?? 'mean',
      );
      // With all shapes known the runtime adds in the convolution that ends a bottleneck. Basic blocks end with matrix
      // products: nothing would be gained, and a session of ResNet34 would hold 2% more.
      const batch = arch.block === 'bottleneck' ? 1 : 'batch';
      return named(
        pooled.map(({ name, channels }) => ({ name, shape: [batch, channels] })),
        batch,
      );
    }
  }
  const plan = size === undefined ? {} : (options.plan ?? planGrids(arch, size));
  const outputs: GraphPort[] = [];
  let flow = stem(build, arch, weights);
  const blocks = blocksOf(arch);
  blocks.forEach((block, i) => {
    flow = mapBlock({ build, arch, weights }, block, flow, plan[block.layer]);
    if (blocks[i + 1]?.layer === block.layer) return;
    outputs.push({
      name: pool(build, flow, block.layer, options.pool),
      shape: ['batch', flow.channels],
    });
    if (options.map !== block.layer) return;
    const { name } = asMap(build, flow, `${block.layer}/whole`);
    outputs.push({
      name: build.node('Identity', mapName, [name]),
      shape: ['batch', flow.channels, 'map_depth', 'map_height', 'map_width'],
    });
  });
  return named(outputs);
}

function stem(build: GraphBuilder, { stem }: ResNetArchitecture, weights: FoldedWeights): Flow {
  const out = convolution(build, inputName, weights.get('conv1')!, { stride: stem.stride });
  const active = build.node('Relu', 'conv1/relu', [out]);
  const name = build.node('MaxPool', 'maxpool', [active], {
    kernel_shape: [3, 3, 3],
    strides: [2, 2, 2],
    pads: [1, 1, 1, 1, 1, 1],
  });
  return { name, channels: stem.planes, grids: undefined };
}

function mapBlock(
  {
    build,
    arch,
    weights,
  }: { build: GraphBuilder; arch: ResNetArchitecture; weights: FoldedWeights },
  block: ResNetBlock,
  entry: Flow,
  grids: Grids | undefined,
): Flow {
  const { key, planes, dilation } = block;
  // A bottleneck is mostly 1×1×1 convolutions: those want the map whole where its grids are few columns wide.
  const inGrids = grids !== undefined && (arch.block === 'basic' || grids.dilation === 4);
  const x = inGrids
    ? regrid(build, entry, grids, `${key}/grids`)
    : asMap(build, entry, `${key}/map`);
  const name = residualBlock(build, arch, block, x.name, {
    pointwise: (from, conv, stride) =>
      inGrids
        ? gridPointwise(build, from, weights.get(conv)!)
        : convolution(build, from, weights.get(conv)!, { stride }),
    spatial: (from, conv, stride) => {
      const folded = weights.get(conv)!;
      if (grids === undefined) return convolution(build, from, folded, { stride, dilation });
      if (inGrids) return gridConvolution(build, from, folded, grids);
      const [to, inputs] = folded.shape;
      const apart = toGrids(build, from, inputs, grids, `${conv}/grids`);
      const done = gridConvolution(build, apart, folded, grids);
      return fromGrids(build, done, to, grids, `${conv}/map`);
    },
    subsample: (from, output) => subsample(build, from, block, mapAxes, output),
  });
  return { name, channels: planes * arch.expansion, grids: inGrids ? grids : undefined };
}

function convolution(
  build: GraphBuilder,
  x: string,
  { key, shape, kernel, bias }: FoldedConvolution,
  { stride, dilation = 1 }: { stride: number; dilation?: number },
): string {
  const width = shape[2];
  const padding = ((width - 1) / 2) * dilation;
  const inputs = [
    x,
    build.weight(`${key}.weight`, shape, kernel),
    build.weight(`${key}.bias`, [shape[0]], bias),
  ];
  return build.node('Conv', key, inputs, {
    kernel_shape: [width, width, width],
    strides: [stride, stride, stride],
    dilations: [dilation, dilation, dilation],
    pads: new Array<number>(6).fill(padding),
  });
}

/** Puts grids together again for a block that works on the map. */
function asMap(build: GraphBuilder, flow: Flow, output: string): Flow {
  if (flow.grids === undefined) return flow;
  const name = fromGrids(build, flow.name, flow.channels, flow.grids, output);
  return { ...flow, name, grids: undefined };
}

/** Brings what flows into the layout that the next block wants: its grids, or a whole map. */
function regrid(build: GraphBuilder, flow: Flow, grids: Grids | undefined, output: string): Flow {
  if (flow.grids === grids) return flow;
  const { channels } = flow;
  let { name } = flow;
  if (flow.grids !== undefined) {
    name = fromGrids(build, name, channels, flow.grids, `${output}/map`);
  }
  if (grids !== undefined) name = toGrids(build, name, channels, grids, `${output}/grids`);
  return { name, channels, grids };
}

/** Global pooling to [batch, channels]. */
function pool(
  build: GraphBuilder,
  { name, channels, grids }: Flow,
  output: string,
  how: 'mean' | 'max' = 'mean',
): string {
  const reduce = how === 'mean' ? 'ReduceMean' : 'ReduceMax';
  if (grids === undefined) {
    return build.node(reduce, output, [name, build.integers([2, 3, 4])], { keepdims: 0 });
  }
  const d = grids.dilation;
  const split = build.reshape(name, `${output}/split`, [
    gridPoints(grids),
    channels,
    -1,
    d * d * d,
  ]);
  const mean = build.node(reduce, `${output}/mean`, [split, build.integers([0, 3])], {
    keepdims: 0,
  });
  return build.node('Transpose', output, [mean], { perm: [1, 0] });
}
