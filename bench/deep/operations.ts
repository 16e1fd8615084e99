import { blocksOf, type ResNetArchitecture } from '../../src/deep/architecture.ts';
import { type GridPlan, mapSize } from '../../src/deep/onnx/grid-plan.ts';

/** Multiplications of one pass over one crop. */
export interface Operations {
  /** What a plain convolution does, padding included. */
  nominal: number;
  /** Those that meet a voxel of the map and not its padding. */
  useful: number;
  /** What the rewritten graph does in its convolutions (transforms of tiles left out). */
  rewritten: number;
}

/** Counts the multiplications of all convolutions for a cubic input. */
export function operations(arch: ResNetArchitecture, size: number, plan: GridPlan): Operations {
  const total: Operations = { nominal: 0, useful: 0, rewritten: 0 };
  const add = (
    inputs: number,
    outputs: number,
    width: number,
    from: number,
    stride: number,
    dilation: number,
    grids: GridPlan[keyof GridPlan],
  ) => {
    const pad = ((width - 1) / 2) * dilation;
    const to = Math.floor((from - 1) / stride) + 1;
    let inside = 0;
    for (let o = 0; o < to; o++) {
      for (let t = 0; t < width; t++) {
        const at = o * stride - pad + t * dilation;
        if (at >= 0 && at < from) inside++;
      }
    }
    const nominal = inputs * outputs * (width * to) ** 3;
    total.nominal += nominal;
    total.useful += inputs * outputs * inside ** 3;
    total.rewritten +=
      grids === undefined || width !== 3
        ? nominal
        : grids.axes.reduce((n, axis) => n * axis.products * axis.tiles, inputs * outputs) *
          dilation ** 3;
  };
  const { planes, kernel, stride } = arch.stem;
  add(1, planes, kernel, size, stride, 1, undefined);
  let from = Math.floor((Math.floor((size - 1) / stride) + 1 - 1) / 2) + 1;
  for (const block of blocksOf(arch)) {
    const [to] = mapSize(arch, [size], block.layer);
    const grids = plan[block.layer];
    const { inputs, planes: width, outputs, stride: step, dilation } = block;
    if (arch.block === 'basic') {
      add(inputs, width, 3, from, step, dilation, grids);
      add(width, outputs, 3, to, 1, dilation, grids);
    } else {
      add(inputs, width, 1, from, 1, 1, undefined);
      add(width, width, 3, from, step, dilation, grids);
      add(width, outputs, 1, to, 1, 1, undefined);
    }
    if (block.reshapes && arch.shortcut === 'B') {
      add(inputs, outputs, 1, from, step, 1, undefined);
    }
    from = to;
  }
  return total;
}
