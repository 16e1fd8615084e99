import { withDisplay } from '../runtime/jupyter-display.ts';
import { blocksOf, type ResNetArchitecture } from './architecture.ts';

/** Multiplications of one part of a network for one cubic input. */
export interface LayerMultiplications {
  layer: 'stem' | 'layer1' | 'layer2' | 'layer3' | 'layer4';
  /** Edge of the layer's output, voxels. */
  edge: number;
  /** Multiplications of the convolutions, those with padding included. */
  nominal: number;
  /** Those of the nominal multiplications that meet a voxel instead of padding. */
  useful: number;
  /** Useful share of the nominal, 0 to 1. */
  usefulShare: number;
}

/**
 * Compute of a network: multiplications of its convolutions, layer by layer, for one channel of
 * `size`³ voxels. Counted from the architecture, not measured.
 *
 * @param size edge of the input, voxels, 8 or more
 */
export function layerMultiplications(
  arch: ResNetArchitecture,
  size: number,
): LayerMultiplications[] {
  const halved = (edge: number, stride: number) => Math.floor((edge - 1) / stride) + 1;
  let edge = halved(size, arch.stem.stride);
  const stem = convolution(size, arch.stem.kernel, arch.stem.stride, 1, 1, arch.stem.planes);
  const out: LayerMultiplications[] = [{ layer: 'stem', edge, ...stem, usefulShare: 0 }];
  edge = halved(edge, 2);
  for (const block of blocksOf(arch)) {
    const { layer, inputs, planes, outputs, stride, dilation } = block;
    const after = halved(edge, stride);
    const parts =
      arch.block === 'basic'
        ? [
            convolution(edge, 3, stride, dilation, inputs, planes),
            convolution(after, 3, 1, dilation, planes, outputs),
          ]
        : [
            convolution(edge, 1, 1, 1, inputs, planes),
            convolution(edge, 3, stride, dilation, planes, planes),
            convolution(after, 1, 1, 1, planes, outputs),
          ];
    if (block.reshapes && arch.shortcut === 'B') {
      parts.push(convolution(edge, 1, stride, 1, inputs, outputs));
    }
    if (out[out.length - 1].layer !== layer)
      out.push({ layer, edge: after, nominal: 0, useful: 0, usefulShare: 0 });
    const total = out[out.length - 1];
    for (const { nominal, useful } of parts) {
      total.nominal += nominal;
      total.useful += useful;
    }
    edge = after;
  }
  return withDisplay(out.map((part) => ({ ...part, usefulShare: part.useful / part.nominal })));
}

/** All axes are equal, so the count of one axis is cubed. Padding keeps the size: dilation × (width − 1) / 2. */
function convolution(
  edge: number,
  width: number,
  stride: number,
  dilation: number,
  inputs: number,
  outputs: number,
): { nominal: number; useful: number } {
  const padding = (dilation * (width - 1)) / 2;
  const points = Math.floor((edge - 1) / stride) + 1;
  let inside = 0;
  for (let to = 0; to < points; to++) {
    for (let tap = 0; tap < width; tap++) {
      const from = to * stride + tap * dilation - padding;
      if (from >= 0 && from < edge) inside++;
    }
  }
  const channels = inputs * outputs;
  const cube = (edge: number) => edge * edge * edge;
  return { nominal: channels * cube(points * width), useful: channels * cube(inside) };
}
