import { NacreError } from '../runtime/errors.ts';

/** The four networks whose weights MedicalNet's authors publish for 23 data sets. */
export const publishedNetworks = ['resnet10', 'resnet18', 'resnet34', 'resnet50'] as const;

/** All depths that checkpoints are recognised as; the three deepest are trained by others (MONAI builds them too). */
export const networkNames = [...publishedNetworks, 'resnet101', 'resnet152', 'resnet200'] as const;
export type NetworkName = (typeof networkNames)[number];

/** As MedicalNet's authors run the weights, or as MONAI's `ResNet` loads the same weights. */
export const networkVariants = ['medicalnet', 'monai'] as const;
export type NetworkVariant = (typeof networkVariants)[number];

/** One of the four stages of residual blocks, `layer1` to `layer4` in the checkpoint. */
export interface ResNetLayer {
  name: 'layer1' | 'layer2' | 'layer3' | 'layer4';
  /** Width of the 3×3×3 convolutions. */
  planes: number;
  blocks: number;
  /** Stride of the first block; all others have 1. */
  stride: 1 | 2;
  /** Dilation of every 3×3×3 convolution; the padding equals it. */
  dilation: 1 | 2 | 4;
}

/** A three-dimensional residual network (He 2016; Chen 2019, arXiv:1904.00625) as data. */
export interface ResNetArchitecture {
  name: NetworkName;
  variant: NetworkVariant;
  /** Two 3×3×3 convolutions, or 1×1×1, 3×3×3, 1×1×1 that widens. */
  block: 'basic' | 'bottleneck';
  /** Output channels of a block by planes: 1 for basic, 4 for bottleneck. */
  expansion: 1 | 4;
  /**
   * Type of the shortcut where the shape changes. A: every `stride`-th voxel, further channels zero.
   * B: 1×1×1 convolution with that stride, and batch normalisation.
   */
  shortcut: 'A' | 'B';
  /** Whether the convolutions of shortcut B have a bias, as MONAI's have by default. */
  shortcutBias: boolean;
  /**
   * Convolution of `channels` to `planes`, no bias, `kernel` voxels along each axis, padded by half of it; max pooling 3,
   * stride 2, padding 1 follows.
   */
  stem: { channels: number; planes: number; kernel: number; stride: 1 | 2 };
  layers: readonly ResNetLayer[];
  /** ε of every batch normalisation. */
  epsilon: number;
  /** Features that global average pooling of layer 4 gives: 512, or 2,048; times `widenFactor`. */
  features: number;
}

/** Properties that keys and shapes of a checkpoint show besides the depth. Defaults: those of the published network. */
export interface ArchitectureTraits {
  /** Default: what MedicalNet published at this depth (A for 18 and 34, B for the others). */
  shortcut?: 'A' | 'B' | undefined;
  /** Default false. */
  shortcutBias?: boolean | undefined;
  /** Width of the four layers, 1 or more each. Default 64, 128, 256, 512; FMCIB's ResNet50 has twice as many. */
  planes?: readonly [number, number, number, number] | undefined;
  /** Channels of the input. Default 1. */
  channels?: number | undefined;
  /** Edge of the stem's kernel, voxels, odd. Default 7. */
  stemKernel?: number | undefined;
}

export interface ArchitectureOptions extends ArchitectureTraits {
  /**
   * `medicalnet` (default): layers 3 and 4 keep the resolution of layer 2 and are dilated by 2 and 4 instead (output
   * stride 8). `monai`: they have stride 2 and no dilation, and the stem has stride 1 (output stride 16), as
   * `monai.networks.nets.resnet34(shortcut_type='A', bias_downsample=False)` builds it by default.
   */
  variant?: NetworkVariant | undefined;
  /** Stride of the stem. Default: 2 for `medicalnet`, 1 for `monai` (its `conv1_t_stride`). */
  stemStride?: 1 | 2 | undefined;
}

/** Blocks per layer, kind of block and of shortcut, as MedicalNet's release and its training scripts set them. */
export const networkDepths = {
  resnet10: { block: 'basic', shortcut: 'B', blocks: [1, 1, 1, 1] },
  resnet18: { block: 'basic', shortcut: 'A', blocks: [2, 2, 2, 2] },
  resnet34: { block: 'basic', shortcut: 'A', blocks: [3, 4, 6, 3] },
  resnet50: { block: 'bottleneck', shortcut: 'B', blocks: [3, 4, 6, 3] },
  resnet101: { block: 'bottleneck', shortcut: 'B', blocks: [3, 4, 23, 3] },
  resnet152: { block: 'bottleneck', shortcut: 'B', blocks: [3, 8, 36, 3] },
  resnet200: { block: 'bottleneck', shortcut: 'B', blocks: [3, 24, 36, 3] },
} as const satisfies Record<NetworkName, object>;

/** Width of the four layers, unless a checkpoint has others. */
export const publishedPlanes = [64, 128, 256, 512] as const;

const strides = { medicalnet: [1, 2, 1, 1], monai: [1, 2, 2, 2] } as const;
const dilations = { medicalnet: [1, 1, 2, 4], monai: [1, 1, 1, 1] } as const;

/**
 * One of the networks, as MedicalNet published it or with the traits given.
 *
 * @throws NacreError `unknown-name`
 * @example
 * architecture('resnet34').layers[3]; // { name: 'layer4', planes: 512, blocks: 3, stride: 1, dilation: 4 }
 */
export function architecture(
  name: NetworkName,
  options: ArchitectureOptions = {},
): ResNetArchitecture {
  const { variant = 'medicalnet' } = options;
  if (!networkNames.includes(name) || !networkVariants.includes(variant)) {
    throw new NacreError('unknown-name', 'no such network', {
      found: `${name}, variant ${variant}`,
      expected: `${networkNames.join(', ')}; variant ${networkVariants.join(' or ')}`,
    });
  }
  const { block, blocks, ...published } = networkDepths[name];
  const { shortcut = published.shortcut, shortcutBias = false, channels = 1 } = options;
  const { planes = publishedPlanes, stemKernel: kernel = 7 } = options;
  const expansion = block === 'basic' ? 1 : 4;
  const layers = planes.map((width, i) => ({
    name: `layer${i + 1}` as ResNetLayer['name'],
    planes: width,
    blocks: blocks[i],
    stride: strides[variant][i],
    dilation: dilations[variant][i],
  }));
  const stemStride = options.stemStride ?? (variant === 'medicalnet' ? 2 : 1);
  return {
    name,
    variant,
    block,
    expansion,
    shortcut,
    shortcutBias: shortcut === 'B' && shortcutBias,
    stem: { channels, planes: planes[0], kernel, stride: stemStride },
    layers,
    epsilon: 1e-5,
    features: planes[3] * expansion,
  };
}

/** MONAI's `widen_factor`: width of layer 1 as a multiple of 64. */
export function widenFactor({ layers }: Pick<ResNetArchitecture, 'layers'>): number {
  return layers[0].planes / publishedPlanes[0];
}

/** One residual block: where its weights stand, what goes in and out. */
export interface ResNetBlock {
  /** Key prefix, `layer3.0`. */
  key: string;
  layer: ResNetLayer['name'];
  inputs: number;
  planes: number;
  outputs: number;
  stride: 1 | 2;
  dilation: 1 | 2 | 4;
  /** Whether the shortcut is more than the identity. */
  reshapes: boolean;
}

/** The residual blocks in the order in which data walks through them. */
export function blocksOf(arch: ResNetArchitecture): ResNetBlock[] {
  let inputs: number = arch.stem.planes;
  return arch.layers.flatMap(({ name, planes, blocks, stride: first, dilation }) =>
    Array.from({ length: blocks }, (_, i) => {
      const stride = i === 0 ? first : 1;
      const outputs = planes * arch.expansion;
      const reshapes = stride !== 1 || inputs !== outputs;
      const key = `${name}.${i}`;
      const block = { key, layer: name, inputs, planes, outputs, stride, dilation, reshapes };
      inputs = outputs;
      return block;
    }),
  );
}

/** A tensor that a state dict of the network holds. */
export interface ExpectedTensor {
  key: string;
  /** Slowest axis first: [out, in, depth, height, width] for convolutions, [channels] for batch norm, [] for counts. */
  shape: readonly number[];
  dtype: 'float32' | 'int64';
  /** `kernel` and `bias` of a convolution; the rest belong to batch normalisation. */
  role: 'kernel' | 'bias' | 'scale' | 'shift' | 'mean' | 'variance' | 'count';
}

/** Keys and shapes of the network's state dict, in PyTorch's order. */
export function expectedTensors(arch: ResNetArchitecture): ExpectedTensor[] {
  const out: ExpectedTensor[] = [];
  const convolution = (key: string, outputs: number, inputs: number, width: number) => {
    const shape = [outputs, inputs, width, width, width];
    out.push({ key: `${key}.weight`, shape, dtype: 'float32', role: 'kernel' });
  };
  const batchNorm = (key: string, channels: number) => {
    const vector = { shape: [channels], dtype: 'float32' } as const;
    out.push({ key: `${key}.weight`, role: 'scale', ...vector });
    out.push({ key: `${key}.bias`, role: 'shift', ...vector });
    out.push({ key: `${key}.running_mean`, role: 'mean', ...vector });
    out.push({ key: `${key}.running_var`, role: 'variance', ...vector });
    out.push({ key: `${key}.num_batches_tracked`, role: 'count', shape: [], dtype: 'int64' });
  };
  convolution('conv1', arch.stem.planes, arch.stem.channels, arch.stem.kernel);
  batchNorm('bn1', arch.stem.planes);
  for (const { key, inputs, planes, outputs, reshapes } of blocksOf(arch)) {
    const widths = arch.block === 'basic' ? [3, 3] : [1, 3, 1];
    let from = inputs;
    widths.forEach((width, i) => {
      const to = i === widths.length - 1 ? outputs : planes;
      convolution(`${key}.conv${i + 1}`, to, from, width);
      batchNorm(`${key}.bn${i + 1}`, to);
      from = to;
    });
    if (reshapes && arch.shortcut === 'B') {
      convolution(`${key}.downsample.0`, outputs, inputs, 1);
      if (arch.shortcutBias) {
        const name = `${key}.downsample.0.bias`;
        out.push({ key: name, shape: [outputs], dtype: 'float32', role: 'bias' });
      }
      batchNorm(`${key}.downsample.1`, outputs);
    }
  }
  return out;
}

/** Trained values: kernels, biases, scales and shifts, as `sum(p.numel() for p in net.parameters())`. */
export function parameterCount(arch: ResNetArchitecture): number {
  const trained = expectedTensors(arch).filter(({ role }) =>
    ['kernel', 'bias', 'scale', 'shift'].includes(role),
  );
  return trained.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

/** Means and variances that batch normalisation holds. */
export function statisticsCount(arch: ResNetArchitecture): number {
  const held = expectedTensors(arch).filter(({ role }) => role === 'mean' || role === 'variance');
  return held.reduce((sum, { shape }) => sum + shape[0], 0);
}
